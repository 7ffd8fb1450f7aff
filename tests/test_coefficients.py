"""Every closed form of a learning coefficient agrees with a computation that does not use it, and the table says how far."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from inspect import getmembers, isfunction
from itertools import combinations, combinations_with_replacement, pairwise, product
from pathlib import Path

import numpy as np
import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent

from _figures import checks
from _figures import coefficients as known
from _figures.coefficients import Bounds, Coefficient

ROWS = yaml.safe_load((PROJECT / "coefficients.yaml").read_text(encoding="utf-8"))
KEYS = ["id", "kind", "model", "formula", "function", "lam", "m", "conditions", "convention", "source", "locator", "check", "how"]
LOG_N = (20, 30, 40, 50, 60)


def exactly(lam: str, m: int) -> Coefficient:
    return Coefficient(Fraction(lam), m)


def fits(found: tuple[float, float], expected: Coefficient) -> bool:
    """Whether a fit in double precision is within what its range of n can show."""
    return abs(found[0] - float(expected.lam)) < 1e-3 and abs(found[1] - expected.m) < 0.1


def networks(layers: Sequence[int], widest: int) -> Iterator[tuple[int, ...]]:
    for count in layers:
        yield from product(range(1, widest + 1), repeat=count + 1)


# -- Values that readers know --------------------------------------------------------------------

NAMED = {
    "w1²w2² with its double pole": (known.normal_crossing([1, 1]), exactly("1/2", 2)),
    "w2² with prior |w2|, in two parameters": (known.normal_crossing([0, 1], [0, 1]), exactly("1", 1)),
    "squared cusp": (known.cusp(), exactly("5/12", 1)),
    "w1² + w2⁴": (known.sum_of_powers([1, 2]), exactly("3/4", 1)),
    "w1⁴ + w2⁴": (known.sum_of_powers([2, 2]), exactly("1/2", 1)),
    "(w1w2)² + (w1w3)²": (known.product_of_norms([1, 2]), exactly("1/2", 1)),
    "all products of three": (known.pairwise_products(3), exactly("3/4", 1)),
    "three lines": (known.lines_through_a_point(3), exactly("1/3", 1)),
    "ideal (xy)": (known.from_ideal(1, 2), exactly("1/2", 2)),
    "one tanh unit": (known.tanh_units(1), exactly("1/2", 2)),
    "two tanh units": (known.tanh_units(2), exactly("2/3", 1)),
    "three tanh units": (known.tanh_units(3), exactly("5/6", 1)),
    "2-2-2 with rank 0": (known.reduced_rank_regression(2, 2, 2, 0), exactly("3/2", 1)),
    "3-2-2 with rank 0": (known.reduced_rank_regression(3, 2, 2, 0), exactly("2", 2)),
    "four 2×2 matrices": (known.deep_linear_network([2] * 5, 0), exactly("3/2", 5)),
    "ten layers of width 10, zero map": (known.deep_linear_network([10] * 11, 0), exactly("55/2", 1)),
    "five scalar weights": (known.deep_linear_network([1] * 6, 0), exactly("1/2", 5)),
    "normal mixture, one mean": (known.normal_mixture_one_mean(), exactly("1/2", 2)),
    "normal mixture, two means": (known.normal_mixture_two_means(), exactly("3/4", 1)),
    "two coins tossed twice": (known.multinomial_mixture_two(2, 2), exactly("3/4", 1)),
    "two coins tossed once": (known.multinomial_mixture_two(2, 1), exactly("1/2", 1)),
    "naive Bayes, two dependent features": (known.naive_bayes(2, 2), exactly("3/2", 1)),
    "naive Bayes, two independent features": (known.naive_bayes(2, 0), exactly("3/2", 3)),
    "one factor, three uncorrelated variables": (known.one_factor(3, 0), exactly("9/4", 1)),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_value_that_readers_know_is_exact(name: str) -> None:
    found, expected = NAMED[name]
    assert found == expected
    assert isinstance(found.lam, Fraction)


def test_tanh_values_are_those_of_the_table_in_the_sources() -> None:
    listed = "1/2 2/3 5/6 1 11/10 6/5 13/10 7/5 3/2 11/7".split()
    assert [known.tanh_units(units).lam for units in range(1, 11)] == list(map(Fraction, listed))


# -- Polynomials ---------------------------------------------------------------------------------


def test_normal_crossing_agrees_with_newton_polyhedra_and_priors() -> None:
    pairs = list(product(range(4), range(2)))
    cases = [case for size in (1, 2, 3) for case in combinations_with_replacement(pairs, size) if any(k for k, _ in case)]
    assert len(cases) == 155
    for case in cases:
        k, h = zip(*case)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert known.normal_crossing(k, h) == checks.newton_polyhedron([k], h), case


@pytest.mark.parametrize(
    "k, h",
    [([1, 1], [0, 0]), ([1, 2], [0, 0]), ([1, 1], [1, 0]), ([1, 1, 1], [0, 0, 0]), ([1] * 5, [0] * 5), ([2, 3, 1], [1, 2, 0])],
)
def test_normal_crossing_agrees_with_exact_volumes(k: list[int], h: list[int]) -> None:
    volumes = [checks.volume_of_normal_crossing(k, h, -x) for x in LOG_N]
    assert fits(checks.fit(LOG_N, volumes), known.normal_crossing(k, h))


def test_the_volume_below_a_crossing_has_its_closed_form() -> None:
    for eps in (0.5, 1e-3, 1e-9):
        assert np.exp(checks.volume_of_normal_crossing([1, 1], [0, 0], np.log(eps))) == pytest.approx(np.sqrt(eps) * (1 - np.log(eps) / 2))


def test_sums_of_powers_agree_with_exact_volumes_and_newton_polyhedra() -> None:
    for k in [case for size in (1, 2, 3) for case in combinations_with_replacement(range(1, 5), size)]:
        volumes = [checks.volume_of_sum_of_powers(k, -x) for x in LOG_N]
        assert checks.fit(LOG_N, volumes) == pytest.approx((float(known.sum_of_powers(k).lam), 1), abs=1e-8)
        assert known.sum_of_powers(k) == checks.newton_polyhedron(np.diag(k))


def test_regular_models_agree_with_volumes_of_balls() -> None:
    assert np.exp(checks.volume_of_sum_of_powers([1, 1, 1], np.log(4))) == pytest.approx(4 / 3 * np.pi * 8)
    for d in range(1, 7):
        volumes = [checks.volume_of_sum_of_powers([1] * d, -x) for x in LOG_N]
        assert fits(checks.fit(LOG_N, volumes), known.regular(d))
        assert known.regular(d) == known.minimally_singular(d) == known.sum_of_powers([1] * d)


def test_products_of_norms_agree_with_newton_polyhedra() -> None:
    for size in (1, 2, 3):
        for case in combinations_with_replacement(list(product(range(1, 4), (1, 2))), size):
            dimensions, k = zip(*case)
            ends = np.cumsum((0, *dimensions))
            blocks = [range(low, high) for low, high in pairwise(ends)]
            monomials = [[sum(order for entry, order in zip(chosen, k) if entry == i) for i in range(ends[-1])] for chosen in product(*blocks)]
            assert known.product_of_norms(dimensions, k) == checks.newton_polyhedron(monomials), case


def test_pairwise_products_agree_with_newton_polyhedra() -> None:
    for d in range(2, 8):
        assert known.pairwise_products(d) == checks.newton_polyhedron(pairs_of(d))


def pairs_of(d: int) -> list[list[int]]:
    return [[int(i in pair) for i in range(d)] for pair in combinations(range(d), 2)]


@pytest.mark.parametrize("p, q", [(2, 2), (2, 3), (2, 4), (2, 5), (2, 7), (3, 3), (3, 4), (3, 5), (4, 6), (5, 6), (7, 2)])
def test_cusps_agree_with_exact_areas(p: int, q: int) -> None:
    scales = (200, 250, 300, 350, 400)
    assert fits(checks.fit(scales, [checks.volume_of_cusp(p, q, -x) for x in scales]), known.cusp(p, q))


@pytest.mark.parametrize("lines", range(1, 7))
def test_lines_through_a_point_agree_with_exact_areas(lines: int) -> None:
    scales = (80, 100, 120, 140, 160)
    assert fits(checks.fit(scales, [checks.volume_of_lines(lines, -x) for x in scales]), known.lines_through_a_point(lines))


def tanh_loss(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Excess loss of a tanh(bx) with unit Gaussian noise, x uniform on [-1, 1], truth zero."""
    x, weights = np.polynomial.legendre.leggauss(20)
    return a**2 * (np.tanh(b[..., None] * x) ** 2 * weights).sum(axis=-1) / 4


@pytest.mark.parametrize(
    "loss, parameters, h, expected",
    [
        (lambda u, v: u**2 * v**2, 2, None, known.normal_crossing([1, 1])),
        (lambda u, v: u**2 + v**4, 2, None, known.sum_of_powers([1, 2])),
        (lambda u: u**4, 1, None, known.sum_of_powers([2])),
        (lambda u: u**2, 1, [2], exactly("3/2", 1)),
        (tanh_loss, 2, None, known.tanh_units(1)),
    ],
    ids=["crossing", "square and fourth power", "fourth power", "prior that vanishes", "one tanh unit"],
)
def test_the_partition_function_itself_has_these_exponents(
    loss: Callable[..., np.ndarray], parameters: int, h: list[int] | None, expected: Coefficient
) -> None:
    integrals = [checks.log_partition_function(loss, parameters, x, h, tolerance=1e-5) for x in LOG_N]
    assert fits(checks.fit(LOG_N, integrals), expected)


def test_independent_parts_combine_as_their_polynomials_do() -> None:
    crossing, fourth = known.normal_crossing([1, 1]), known.sum_of_powers([2])
    assert known.in_sum(crossing, fourth) == checks.newton_polyhedron([[1, 1, 0], [0, 0, 2]])
    assert known.in_product(crossing, fourth) == checks.newton_polyhedron([[1, 1, 2]])
    assert known.in_product(crossing, crossing) == checks.newton_polyhedron([[1, 1, 1, 1]])


# -- Linear networks -----------------------------------------------------------------------------


def test_reduced_rank_regression_agrees_with_rank_profiles_in_4025_cases() -> None:
    cases = [(*sizes, rank) for sizes in product(range(1, 11), repeat=3) for rank in range(min(sizes) + 1)]
    assert len(cases) == 4025
    for M, H, N, rank in cases:
        equations, profiles = checks.fewest_equations([M, H, N], rank)
        found = known.reduced_rank_regression(M, H, N, rank)
        assert found == Coefficient(Fraction(equations, 2), profiles) == known.deep_linear_network([M, H, N], rank), (M, H, N, rank)
        assert found.lam <= known.general_bounds(M * H + H * N).high


def test_deep_linear_networks_agree_with_rank_profiles_in_12084_cases() -> None:
    cases = [(widths, rank) for widths in networks((2, 3, 4, 5), 4) for rank in range(min(widths) + 1)]
    assert len(cases) == 12084
    for widths, rank in cases:
        equations, _ = checks.fewest_equations(widths, rank)
        assert 2 * known.deep_linear_network(widths, rank).lam == equations, (widths, rank)


def active_sets(shifted: Sequence[int], slack: int = 0) -> int:
    """How many sets S meet the conditions of ``deep_linear_network``, the last with l - ``slack`` in place of l."""
    found = 0
    for size in range(2, len(shifted) + 1):
        for chosen in combinations(range(len(shifted)), size):
            inside, outside = [shifted[i] for i in chosen], [M for i, M in enumerate(shifted) if i not in chosen]
            l, s = size - 1, sum(inside)
            found += s >= l * max(inside) and (not outside or (max(inside) < min(outside) and s < (l - slack) * min(outside)))
    return found


def test_exactly_one_set_of_layers_is_active_with_l_but_not_with_l_minus_1() -> None:
    cases = [[width - rank for width in widths] for widths in networks((2, 3, 4), 3) for rank in range(min(widths) + 1)]
    assert all(active_sets(case) == 1 for case in cases)
    assert not all(active_sets(case, slack=1) == 1 for case in cases)


def test_linear_networks_of_rank_0_agree_with_scales_of_singular_values() -> None:
    cases = [*networks((1, 2), 4), *networks((3,), 3), *networks((4,), 2)]
    assert len(cases) == 193
    for widths in cases:
        assert known.deep_linear_network(widths, 0) == checks.linear_network_by_scales(widths), widths


def test_deep_linear_networks_of_width_two_have_growing_multiplicity() -> None:
    for layers in range(2, 9):
        widths = [2] * (layers + 1)
        assert known.deep_linear_network(widths, 0) == checks.linear_network_by_scales(widths) == exactly("3/2", 2 * layers - 3)


def test_deep_linear_networks_of_equal_width_do_not_grow_with_depth() -> None:
    for n in range(1, 11):
        for layers in range(n, 13):
            found = known.deep_linear_network([n] * (layers + 1), 0)
            assert found == Coefficient(Fraction(n * (n + 1), 4), n * (layers - n) + 1)
            assert 2 * found.lam == checks.fewest_equations([n] * (layers + 1), 0)[0]
            if n <= 3 and layers <= 6:
                assert found == checks.linear_network_by_scales([n] * (layers + 1))


def test_two_layers_of_equal_width_follow_their_short_formula() -> None:
    for n in range(1, 11):
        assert known.reduced_rank_regression(n, n, n, 0) == Coefficient(Fraction(3 * n * n + n % 2, 8), 1 + n % 2)


def test_products_of_scalars_are_normal_crossings() -> None:
    for layers in range(1, 10):
        assert known.deep_linear_network([1] * (layers + 1), 0) == known.normal_crossing([1] * layers)


def test_factorisations_of_zero_agree_with_newton_polyhedra_and_with_their_bound() -> None:
    for M, H, N in product(range(1, 4), repeat=3):
        columns = range(H * (M + N))
        monomials = [[int(w in (h * M + i, H * M + h * N + j)) for w in columns] for h in range(H) for i in range(M) for j in range(N)]
        found = known.nonnegative_factorisation_of_zero(M, H, N)
        assert found == checks.newton_polyhedron(monomials)
        assert found.lam == known.nonnegative_factorisation_bound(M, H, N, 0).high


# -- One hidden layer ----------------------------------------------------------------------------


def test_vandermonde_singularities_agree_with_scales_of_input_weights() -> None:
    for units, outputs, step in product(range(1, 5), range(1, 4), range(1, 4)):
        assert known.vandermonde(outputs, units, step) == checks.vandermonde_by_scales(outputs, units, step), (outputs, units, step)


def test_tanh_units_are_vandermonde_singularities() -> None:
    assert known.tanh_units(5) == checks.vandermonde_by_scales(1, 5, 2)
    assert all(known.tanh_units(units) == known.vandermonde(1, units, 2) for units in range(1, 401))


# -- Mixtures and hidden variables ---------------------------------------------------------------


def scales(shape: Sequence[int], largest: float) -> np.ndarray:
    """Numbers of both signs, from 10^-4 to ``largest``, even on the scale of logarithms."""
    random = np.random.default_rng(20261125)
    return random.choice([-1.0, 1.0], shape) * 10 ** random.uniform(-4, np.log10(largest), shape)


def within(divergence: np.ndarray, polynomial: np.ndarray, low: float, high: float) -> bool:
    ratios = divergence / polynomial
    return bool(low <= ratios.min() and ratios.max() <= high)


def two_components(mean: np.ndarray, difference: np.ndarray, a: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights (cases, 2), places (cases, 2, D) and the polynomial |μ|² + (a (1-a))² |δ|⁴ (cases,)."""
    places = np.stack([mean - a[:, None] * difference, mean + (1 - a)[:, None] * difference], axis=1)
    polynomial = (mean**2).sum(axis=1) + (a * (1 - a)) ** 2 * (difference**2).sum(axis=1) ** 2
    return np.stack([1 - a, a], axis=1), places, polynomial


def test_normal_mixture_with_one_mean_is_comparable_to_a_crossing() -> None:
    a, b = np.abs(scales((5000,), 1)), scales((2, 5000), 1)[1]
    divergence = checks.normal_mixture_divergence(np.stack([1 - a, a], axis=1), np.stack([0 * b, b], axis=1))
    assert within(divergence, (a * b) ** 2, 0.4, 1)
    assert known.normal_mixture_one_mean() == checks.newton_polyhedron([[1, 1]])


def test_normal_mixture_with_two_means_is_comparable_to_its_polynomial() -> None:
    mean, difference, a = scales((3, 5000), 0.9)
    weights, places, polynomial = two_components(mean[:, None], difference[:, None], np.abs(a))
    assert within(checks.normal_mixture_divergence(weights, places[..., 0]), polynomial, 0.2, 0.5)
    assert known.normal_mixture_two_means() == known.vandermonde(1, 2, 1)


@pytest.mark.parametrize("trials", [2, 3])
@pytest.mark.parametrize("true_die", [[0.4, 0.6], [0.3, 0.3, 0.4]], ids=["coins", "three-sided dice"])
def test_multinomial_mixtures_are_comparable_to_their_polynomial(true_die: list[float], trials: int) -> None:
    D = len(true_die) - 1
    drawn = scales((2 * D + 1, 5000), 0.12)
    weights, places, polynomial = two_components(drawn[:D].T, drawn[D : 2 * D].T, np.abs(drawn[-1]) * 4)
    dice = np.array(true_die) + np.concatenate([places, -places.sum(axis=2, keepdims=True)], axis=2)
    assert within(checks.multinomial_mixture_divergence(weights, dice, np.array(true_die), trials), polynomial, 3, 100)


def test_two_components_agree_with_newton_polyhedra() -> None:
    for D in range(1, 5):
        mean = np.hstack([np.eye(D), np.zeros((D, D + 1))])
        fourth = [[0] * D + [1] + [int(i == x) + int(j == x) for x in range(D)] for i in range(D) for j in range(D)]
        expected = checks.newton_polyhedron([*mean.tolist(), *fourth])
        assert known.normal_mixture_two_means(D) == known.multinomial_mixture_two(D + 1, 2) == expected


def test_boltzmann_machine_with_one_hidden_unit_is_comparable_to_a_crossing() -> None:
    w = scales((2, 5000), 1)
    correlation = np.tanh(w).prod(axis=0)
    excess = correlation[:, None] * np.array([1, -1, -1, 1])
    assert within(checks.divergence_from_mixture(excess, np.full(4, 0.25)), w.prod(axis=0) ** 2, 0.2, 0.5)


def table(w: np.ndarray) -> np.ndarray:
    """Naive Bayes: probabilities of all outcomes, from t and two rows of probabilities of the features."""
    classes = w[1:].reshape(2, -1)
    outcomes = np.array(list(product((0, 1), repeat=classes.shape[1])))
    likelihoods = np.where(outcomes, classes[:, None], 1 - classes[:, None]).prod(axis=2)
    return (1 - w[0]) * likelihoods[0] + w[0] * likelihoods[1]


def covariance(w: np.ndarray) -> np.ndarray:
    """One factor: the entries of Σ = Ψ + ββᵀ on and above the diagonal."""
    p = len(w) // 2
    return (np.diag(w[:p]) + np.outer(w[p:], w[p:]))[np.triu_indices(p)]


def test_dependent_features_are_minimally_singular() -> None:
    for n in range(2, 6):
        for dependent in range(2, n + 1):
            effects = np.where(np.arange(n) < dependent, np.linspace(0.2, 0.35, n), 0)
            w = np.concatenate([[0.3], np.full(n, 0.4), 0.4 + effects])
            assert known.naive_bayes(n, dependent) == Coefficient(Fraction(checks.jacobian_rank(table, w), 2), 1), (n, dependent)


def test_correlated_variables_are_minimally_singular() -> None:
    for p in range(2, 7):
        for loadings in range(2, p + 1):
            w = np.concatenate([np.ones(p), np.where(np.arange(p) < loadings, np.linspace(0.5, 0.9, p), 0)])
            assert known.one_factor(p, loadings) == Coefficient(Fraction(checks.jacobian_rank(covariance, w), 2), 1), (p, loadings)


def test_independent_features_are_comparable_to_their_polynomial() -> None:
    drawn = scales((7, 5000), 0.12)
    mean, effect, t = drawn[:3].T, drawn[3:6].T, np.abs(drawn[6]) * 4
    truth = np.array([0.4, 0.5, 0.3])
    classes = truth + np.stack([mean - t[:, None] * effect, mean + (1 - t)[:, None] * effect], axis=1)
    outcomes = np.array(list(product((0, 1), repeat=3)))
    ratios = np.where(outcomes, classes[:, :, None] / truth, (1 - classes[:, :, None]) / (1 - truth)).prod(axis=3)
    excess = (1 - t)[:, None] * ratios[:, 0] + t[:, None] * ratios[:, 1] - 1
    divergence = checks.divergence_from_mixture(excess, np.where(outcomes, truth, 1 - truth).prod(axis=1))
    covariances = sum((effect[:, i] * effect[:, j]) ** 2 for i, j in combinations(range(3), 2))
    assert within(divergence, (mean**2).sum(axis=1) + (t * (1 - t)) ** 2 * covariances, 2, 5)


def test_independent_features_and_variables_agree_with_newton_polyhedra() -> None:
    for d in range(2, 7):
        means = np.hstack([np.eye(d), np.zeros((d, d + 1))]).tolist()
        assert known.one_factor(d, 0) == checks.newton_polyhedron([row[:-1] for row in means] + [[0] * d + pair for pair in pairs_of(d)])
        if d <= 5:
            assert known.naive_bayes(d, 0) == checks.newton_polyhedron(means + [[0] * d + [1, *pair] for pair in pairs_of(d)])


# -- Bounds --------------------------------------------------------------------------------------


def test_bounds_hold_where_the_value_is_known() -> None:
    for rank, codimension, found in [(1, 2, known.sum_of_powers([1, 2])), (0, 1, known.normal_crossing([1, 1])), (0, 1, known.cusp())]:
        bounds = known.hessian_bounds(rank, codimension)
        assert bounds.low <= found.lam <= bounds.high
        assert found.lam <= known.general_bounds(2).high


def test_the_mixture_penalty_of_sbic_is_no_learning_coefficient() -> None:
    exact = known.normal_mixture_two_means().lam
    assert known.sbic_mixture_bound(2, 1, 1) == Bounds(Fraction(0), Fraction(1))
    assert known.sbic_mixture_bound(2, 1, 1).high > exact
    assert known.sbic_mixture_bound(2, 1, 1, phi=Fraction(1, 4)).high < exact


def test_the_factor_analysis_bound_is_tight_at_both_ends() -> None:
    for p in range(3, 9):
        assert known.factor_analysis_bound(p, 1, 0).high == known.one_factor(p, 0).lam
        assert known.factor_analysis_bound(p, 1, 1).high == known.one_factor(p, 3).lam
        for k in range(1, p):
            assert 2 * known.factor_analysis_bound(p, k, k).high == p + p * k - k * (k - 1) // 2
    assert known.factor_analysis_bound(2, 1, 1).high > known.one_factor(2, 2).lam


def test_the_factorisation_bound_is_tight_for_one_positive_factor() -> None:
    for M, N in product(range(1, 7), repeat=2):
        assert 2 * known.nonnegative_factorisation_bound(M, 1, N, 1).high == checks.fewest_equations([M, 1, N], 1)[0]


# -- What makes no sense -------------------------------------------------------------------------

NAN = float("nan")
NONSENSE: list[tuple[Callable[[], object], str]] = [
    (lambda: known.regular(0), "parameters must be a whole number of at least 1, not 0: it is the dimension of W"),
    (lambda: known.regular(2.5), "parameters must be a whole number of at least 1, not 2.5: it is the dimension of W"),
    (lambda: known.regular(NAN), "parameters must be a whole number of at least 1, not nan: it is the dimension of W"),
    (lambda: known.regular(True), "parameters must be a whole number of at least 1, not True: it is the dimension of W"),
    (lambda: known.minimally_singular(0), "codimension must be a whole number of at least 1, not 0: K is zero on no open set"),
    (lambda: known.normal_crossing([]), "k must name at least one number, not []: there is no λ without parameters"),
    (lambda: known.normal_crossing([0, 0]), "k must hold a number above 0, not [0, 0]: K would have no zero"),
    (lambda: known.normal_crossing([1, -1]), "each of k must be a whole number of at least 0, not -1: K is analytic"),
    (lambda: known.normal_crossing([0.5]), "each of k must be a whole number of at least 0, not 0.5: K is analytic"),
    (lambda: known.normal_crossing([NAN]), "each of k must be a whole number of at least 0, not nan: K is analytic"),
    (lambda: known.normal_crossing([1], [0, 0]), "h must hold 1 numbers, not 2: one for each parameter"),
    (lambda: known.normal_crossing([1], [-1]), "each of h must be above -1, not -1: a prior like |w|^h can be integrated near 0 only if h > -1"),
    (lambda: known.normal_crossing([1], [NAN]), "each of h must be a whole number or a fraction, not nan: a prior like |w|^h"),
    (lambda: known.sum_of_powers([1, 0]), "each of k must be a whole number of at least 1, not 0: a power below 2 is no isolated minimum"),
    (lambda: known.product_of_norms([0]), "each of dimensions must be a whole number of at least 1, not 0: each counts the entries of a vector"),
    (lambda: known.product_of_norms([1, 1], [1]), "k must hold 2 numbers, not 1: one for each vector"),
    (lambda: known.pairwise_products(1), "parameters must be a whole number of at least 2, not 1: a pair takes two"),
    (lambda: known.cusp(1, 3), "p must be a whole number of at least 2, not 1: with an exponent below 2 the curve is smooth and no cusp"),
    (lambda: known.lines_through_a_point(0), "lines must be a whole number of at least 1, not 0: K would have no zero"),
    (lambda: known.from_ideal(0, 1), "threshold must be above 0, not 0: near a zero the threshold is positive"),
    (lambda: known.from_ideal(0.5, 1), "threshold must be a whole number or a fraction, not 0.5: real thresholds of analytic functions are rational"),
    (lambda: known.from_ideal(1, 0), "m must be a whole number of at least 1, not 0: it is the order of a pole"),
    (lambda: known.reduced_rank_regression(3, 2, 4, 3), "rank must be a whole number from 0 to 2, not 3: a map through these layers has no greater"),
    (lambda: known.reduced_rank_regression(3, 2, 4, -1), "rank must be a whole number from 0 to 2, not -1: a map through these layers"),
    (lambda: known.reduced_rank_regression(3, 0, 4, 0), "hidden must be a whole number of at least 1, not 0: it counts the units of a layer"),
    (lambda: known.deep_linear_network([3], 0), "widths must name two layers or more, not [3]: inputs and outputs at least"),
    (lambda: known.deep_linear_network([3, 0, 3], 0), "each of widths must be a whole number of at least 1, not 0: each counts the units of a layer"),
    (lambda: known.deep_linear_network([3, 2, 3], 3), "rank must be a whole number from 0 to 2, not 3: a map through these layers has no greater"),
    (lambda: known.deep_linear_network([3, 2, 3], NAN), "rank must be a whole number from 0 to 2, not nan: a map through these layers"),
    (lambda: known.nonnegative_factorisation_of_zero(1, 0, 1), "inner must be a whole number of at least 1, not 0: it is a side of a matrix"),
    (lambda: known.vandermonde(1, 1, 0), "step must be a whole number of at least 1, not 0: it is the gap between Taylor exponents"),
    (lambda: known.tanh_units(0), "units must be a whole number of at least 1, not 0: it counts the hidden units"),
    (lambda: known.normal_mixture_one_mean(0), "dimension must be a whole number of at least 1, not 0: it is the dimension of a sample"),
    (lambda: known.normal_mixture_two_means(0), "dimension must be a whole number of at least 1, not 0: it is the dimension of a sample"),
    (lambda: known.multinomial_mixture_two(1, 2), "categories must be a whole number of at least 2, not 1: a die with one side is no random"),
    (lambda: known.multinomial_mixture_two(2, 0), "trials must be a whole number of at least 1, not 0: a sample is a roll at least"),
    (lambda: known.naive_bayes(1, 0), "features must be a whole number of at least 2, not 1: a single feature sees nothing of the class"),
    (lambda: known.naive_bayes(3, 1), "dependent must be 0 or a whole number from 2 to 3, not 1: there are 3, and a single one"),
    (lambda: known.one_factor(1, 0), "variables must be a whole number of at least 2, not 1: a single variable sees nothing of the factor"),
    (lambda: known.one_factor(3, 4), "loadings must be 0 or a whole number from 2 to 3, not 4: there are 3, and a single one"),
    (lambda: known.general_bounds(0), "parameters must be a whole number of at least 1, not 0: it is the dimension of W"),
    (lambda: known.hessian_bounds(3, 2), "rank must be a whole number from 0 to 2, not 3: along the zero set the Hessian vanishes"),
    (lambda: known.sbic_mixture_bound(1, 2, 1), "true_components must be at most components = 1, not 2: otherwise the truth is outside the model"),
    (lambda: known.sbic_mixture_bound(2, 1, 1, 0), "phi must be above 0, not 0: more components do not cost less"),
    (lambda: known.factor_analysis_bound(3, 3, 0), "factors must be fewer than variables = 3, not 3: with as many, every covariance fits"),
    (lambda: known.factor_analysis_bound(3, 1, 2), "rank must be a whole number from 0 to 1, not 2: the truth has no more factors than the model"),
    (lambda: known.nonnegative_factorisation_bound(2, 3, 4, 3), "true_inner must be a whole number from 0 to 2, not 3: the truth is inside"),
    (lambda: checks.fit([1, 2, 3], [1, 2, 3]), "four values are needed to fit four unknowns, not 3"),
    (lambda: checks.log_partition_function(np.exp, 3, 1), "parameters must be 1 or 2, not 3: a grid in more is too slow"),
]


@pytest.mark.parametrize("call, message", NONSENSE)
def test_nonsense_is_refused_with_what_is_wrong_and_why(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_a_prior_that_vanishes_on_the_optimal_set_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="λ = 3/2 exceeds d/2 = 1/2: the prior vanishes on the optimal set"):
        assert known.normal_crossing([1], [2]) == exactly("3/2", 1)


def test_a_prior_that_vanishes_harmlessly_is_not_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        known.normal_crossing([1, 1], [1, 0])


def test_checks_say_when_they_have_no_answer() -> None:
    with pytest.raises(ArithmeticError, match="no least cost"):
        checks.Program(np.ones(1), np.array([[-1.0]]), np.array([1.0])).value()
    with pytest.raises(ArithmeticError, match="at the last refinement"):
        checks.log_partition_function(lambda w: w**2, 1, 20, tolerance=0)


# -- The table -----------------------------------------------------------------------------------


def values(row: dict) -> list[Coefficient | Bounds]:
    return [getattr(known, row["function"]["name"])(**call) for call in row["function"]["calls"]]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
@pytest.mark.filterwarnings("ignore:λ = 3/2 exceeds")
def test_a_row_is_computed_or_says_that_it_is_quoted(row: dict) -> None:
    if row["check"] == "quoted":
        assert row["function"] is None
        assert row["lam"] and row["m"] and row["how"].startswith("Not checked, because ")
    else:
        assert not {"lam", "m"} & row.keys()
        assert row["function"]["calls"]
        assert all(isinstance(value, Bounds if row["kind"] == "bound" else Coefficient) for value in values(row))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_row_has_the_same_keys_in_the_same_order(row: dict) -> None:
    assert list(row) == [key for key in KEYS if key in row]
    assert row.keys() >= set(KEYS) - {"formula", "lam", "m"}
    assert row["kind"] in ("value", "bound", "convention")
    assert row["convention"] in ("watanabe", "ideal")
    assert row["check"] in ("computed", "checked", "quoted", "disagrees")


def test_ids_are_slugs_and_unique() -> None:
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in ids)


def test_every_closed_form_is_in_the_table() -> None:
    forms = {name for name, function in getmembers(known, isfunction) if function.__module__ == known.__name__ and not name.startswith("_")}
    assert forms - {"in_sum", "in_product"} == {row["function"]["name"] for row in ROWS if row["function"]}


def test_every_source_is_in_the_bibliography() -> None:
    keys = set(re.findall(r"^@\w+\{([^,]+),", (PROJECT / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    cited = {key for row in ROWS for key in row["source"]}
    programs = "".join((PROJECT / "_figures" / name).read_text(encoding="utf-8") for name in ("coefficients.py", "checks.py"))
    assert cited | set(re.findall(r"\b[a-z]+(?:19|20)\d\d[a-z]+\b", programs)) <= keys


def test_only_the_row_on_a_prior_that_vanishes_warns() -> None:
    warned = []
    for row in ROWS:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            if row["function"]:
                values(row)
        warned += [row["id"]] if caught else []
    assert warned == ["square-with-prior-that-vanishes"]
