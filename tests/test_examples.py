"""Every number of a worked example agrees with a computation that does not use its function, and each function is used."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from inspect import getmembers, isfunction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT
from scipy import special, stats
from scipy.integrate import dblquad, quad, solve_ivp
from scipy.optimize import brentq, minimize, minimize_scalar

import computed
from _figures import examples

PUBLIC = {name for name, function in getmembers(examples, isfunction) if function.__module__ == examples.__name__ and not name.startswith("_")}
PAGES = [path for folder in ("faq", "glossary") for path in (PROJECT / folder).rglob("*.md")]


def integral(function: Callable[[float], float], *ends: float) -> float:
    """Between the first and the last end, in pieces: to ten digits."""
    return sum(quad(function, low, high, limit=200, epsabs=0, epsrel=1e-11)[0] for low, high in pairwise(ends))


def mean(function: Callable[[float], float], density: Callable[[float], float], *ends: float) -> float:
    return integral(lambda x: function(x) * density(x), *ends) / integral(density, *ends)


# -- What holds for every function -----------------------------------------------------------------


def test_every_function_is_called_by_a_formula() -> None:
    called = set()
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for command in computed.COMMAND.finditer(text):
            if command[1] == "computed":
                called |= set(re.findall(r"\b([a-z]\w*)\(", text[command.end() : computed.closing_brace(text, command.end())]))
    assert PUBLIC - called == set(), "what no formula calls is to be deleted"


def test_every_function_is_checked_here() -> None:
    checked = set(re.findall(r"(?<!lambda: )\bexamples\.([a-z]\w*)", Path(__file__).read_text(encoding="utf-8")))
    assert PUBLIC - checked == set()


NONSENSE = [
    (lambda: examples.level_sample_size(0, 1), "both gaps must be above 0, not 0 and 1: otherwise one phase wins throughout"),
    (lambda: examples.level_sample_size(0.1, -1), "both gaps must be above 0, not 0.1 and -1"),
    (lambda: examples.level_sample_size(1, 1), "log_odds must be larger than 0: the phases never stand at these odds"),
    (lambda: examples.end_point(0), "order must be a whole number of at least 1, not 0: it is the order of a zero"),
    (lambda: examples.end_point(2.5), "order must be a whole number of at least 1, not 2.5"),
    (lambda: examples.end_point(2, -1), "prior must be above -1, not -1: w^h cannot be integrated near 0 otherwise"),
    (lambda: examples.digamma(0), "x must be above 0, not 0: the recurrence starts there"),
    (lambda: examples.coin_test_power(10, 2, 0.5), "level must be from 0 to 1 and tosses at most 1000, not 2 and 10: it is a probability"),
    (lambda: examples.coin_test_power(1001, 0.05, 0.5), "not 0.05 and 1001: it is a probability, and 2^n must fit a float"),
    (lambda: examples.entropy_bits(1.2), "probability must be from 0 to 1, not 1.2"),
    (lambda: examples.normal_quantile(0), "p must be in the range 0.0 < p < 1.0"),
    (lambda: examples.euler_integral(0.5), "n must be at least 1, not 0.5: below, the continued fraction converges too slowly"),
    (lambda: examples.kgon_loss(2, 6), "corners must be from 3 to 6, not 2: fewer are no polygon"),
    (lambda: examples.kgon_loss(7, 6), "corners must be from 3 to 6, not 7: fewer are no polygon, and each takes an input"),
    (lambda: examples.stationary_point((0, 1, 0, 1 / 3), 0.5), "near 0.5 no stationary point was found: start closer to one"),
    (lambda: examples.stationary_point((0, 0, 0, 1), 1), "near 1 the second derivative must not be 0"),
    (lambda: examples.stationary_value((0, 1), 0), "near 0 the second derivative must not be 0, as at 0: Newton's method divides by it"),
    (lambda: examples.cusp_area_exponent(4, 80, 100), "q must be odd, not 4: with an even one the curve has a second half"),
    (lambda: examples.cusp_area_exponent(1, 80, 100), "q must be a whole number of at least 3, not 1: with a smaller one there is no cusp"),
    (lambda: examples.cusp_area_exponent(3, 100, 80), "near must be above 0 and below far, not 100 and 80"),
    (lambda: examples.energy_at(29, 0.5, 1), "n_beta must be at least 30, lam above 0, m at least 1, not 29, 0.5, 1: the end t = 1 has weight"),
    (lambda: examples.energy_at(100, 0, 1), "not 100, 0, 1: the end t = 1 has weight, or there is no density"),
    (lambda: examples.escape_time(2, 0), "start must be above 0 and at most 0.7071, not 0: the flow never gets from there to the end"),
    (lambda: examples.escape_time(3, 0.8), "start must be above 0 and at most 0.7937, not 0.8"),
    (lambda: examples.mean_field_magnetisation(1), "coupling must be at least 0 and away from the transition, not 1 at field 0.0"),
    (lambda: examples.mean_field_magnetisation(-0.5), "not -0.5 at field 0.0: the map does not settle in 1000 steps"),
    (lambda: examples.log_beta(0, 1), "a and b must be above 0, not 0 and 1: the integral diverges otherwise"),
    (lambda: examples.swap_acceptance(0, 2), "lam must be a whole number of at least 1, not 0"),
    (lambda: examples.swap_acceptance(0.5, 2), "lam must be a whole number of at least 1, not 0.5: a Gamma law of another shape has no binomial tail"),
    (lambda: examples.swap_acceptance(5, 1), "ratio must be above 1, not 1"),
    (lambda: examples.llc_of_shifted_square(100, 0, 0, -1), "n_beta * curvature + gamma must be above 0, not -100: there is no such density"),
    (lambda: examples.free_energy_of_product(9), "n must be at least 10, not 9"),
    (lambda: examples.mean_field_of_product(0), "n must be above 0, not 0"),
    (lambda: examples.mean_of_square(-1, 1), "n and beta must be at least 0, not -1 and 1"),
    (lambda: examples.mean_of_square(1, -1), "n and beta must be at least 0, not 1 and -1"),
    (lambda: examples.free_energy_of_square(-1), "n must be at least 0, not -1"),
    (lambda: examples.leaves_free_energy(0, 10), "leaves must be a whole number of at least 1, not 0: f would have no zero"),
    (lambda: examples.leaves_free_energy(3, 0.5), "n must be at least 1, not 0.5"),
]


@pytest.mark.parametrize("call, message", NONSENSE)
def test_nonsense_is_refused_with_what_is_wrong_and_why(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


# -- Phases ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("log_odds", [-0.5, 0, np.log(20), -np.log(20)])
@pytest.mark.parametrize("loss_gap, coefficient_gap", [(0.1, 1), (0.01, 10), (0.001, 0.5), (0.3, 2)])
def test_level_sample_size_agrees_with_lambert(loss_gap: float, coefficient_gap: float, log_odds: float) -> None:
    """n = -(Δλ/ΔL) W(-(ΔL/Δλ) e^(-odds/Δλ)), on the lower branch of W, which is not real where there is no solution."""
    ratio = loss_gap / coefficient_gap
    expected = -special.lambertw(-ratio * np.exp(-log_odds / coefficient_gap), -1) / ratio
    if expected.imag:
        with pytest.raises(ValueError, match="never stand at these odds"):
            examples.level_sample_size(loss_gap, coefficient_gap, log_odds)
    else:
        assert examples.level_sample_size(loss_gap, coefficient_gap, log_odds) == pytest.approx(expected.real, rel=1e-9)


@pytest.mark.parametrize("prior", [0, 1, 3, Fraction(-1, 2)])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_end_point_agrees_with_the_partition_function(order: int, prior: Fraction | int) -> None:
    """On [0, 1], with w = exp(-s): a power of n to eight digits, so that there is no logarithm either."""

    def log_partition_function(n: float) -> float:
        return np.log(integral(lambda s: np.exp(-(float(prior) + 1) * s - n * np.exp(-order * s)), 0, np.log(n) / order, np.log(n) / order + 10, 200))

    found = examples.end_point(order, prior)
    assert found.m == 1
    for n in (1e3, 1e6):
        assert (log_partition_function(n) - log_partition_function(10 * n)) / np.log(10) == pytest.approx(float(found.lam), abs=1e-8)


def test_end_point_agrees_with_the_area_inside_a_cusp() -> None:
    """w_1² + w_2² < ε over 0 <= w_2 <= w_1³, at ε = 10⁻⁶."""

    def area(eps: float) -> float:
        radius = np.sqrt(eps)
        return radius * integral(lambda t: min((radius * t) ** 3, radius * np.sqrt(1 - t * t)), 0, 0.9, 1 - eps, 1)

    assert np.log(area(2e-6) / area(1e-6)) / np.log(2) == pytest.approx(float(examples.end_point(2, prior=3).lam), abs=1e-4)


# -- Tosses of a coin, uniform prior ---------------------------------------------------------------


@pytest.mark.parametrize("x", [1e-3, 0.5, 1, 7.3, 10, 1e4])
def test_digamma_agrees_with_scipy(x: float) -> None:
    assert examples.digamma(x) == pytest.approx(special.psi(x), rel=1e-11)


COINS = [(7, 10), (0, 5), (5, 5), (1, 3), (30, 100)]


def coin_loss(heads: int, tosses: int) -> Callable[[float], float]:
    """n L_n(w): so that exp(-β n L_n) is the posterior density, up to a factor."""
    return lambda w: -special.xlogy(heads, w) - special.xlog1py(tosses - heads, -w)


@pytest.mark.parametrize("heads, tosses", COINS)
@pytest.mark.parametrize("beta", [0.2, 1, 2])
def test_coin_gibbs_loss_is_a_posterior_mean(heads: int, tosses: int, beta: float) -> None:
    loss = coin_loss(heads, tosses)
    expected = mean(loss, lambda w: np.exp(-beta * loss(w)), 0, heads / tosses / 2 + 0.25, 1) / tosses
    assert examples.coin_gibbs_loss(heads, tosses, beta) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("heads, tosses", COINS)
def test_coin_functional_variance_agrees_with_draws_from_the_posterior(heads: int, tosses: int) -> None:
    """The variance of log w is an integral, that of a million draws is within one in a hundred."""
    posterior = stats.beta(heads + 1, tosses - heads + 1)
    expected = 0.0
    for count, log_likelihood in ((heads, np.log), (tosses - heads, lambda w: np.log1p(-w))):
        moments = [integral(lambda w, k=k, f=log_likelihood: f(w) ** k * posterior.pdf(w), 0, 0.5, 1) for k in (1, 2)] if count else (0, 0)
        expected += count * (moments[1] - moments[0] ** 2)
    assert examples.coin_functional_variance(heads, tosses) == pytest.approx(expected, rel=1e-7)
    w = posterior.rvs(10**6, random_state=0)
    assert expected == pytest.approx(heads * np.log(w).var() + (tosses - heads) * np.log1p(-w).var(), rel=0.01)


@pytest.mark.parametrize("heads, tosses", [(7, 10), (0, 5), (5, 5), (30, 100)])
def test_coin_wbic_temperature_solves_its_equation(heads: int, tosses: int) -> None:
    """With the free energy and the mean as integrals, and another root finder."""
    loss = coin_loss(heads, tosses)
    middle = heads / tosses / 2 + 0.25
    free_energy = -np.log(integral(lambda w: np.exp(-loss(w)), 0, middle, 1))
    expected = brentq(lambda beta: mean(loss, lambda w: np.exp(-beta * loss(w)), 0, middle, 1) - free_energy, 1e-3, 1)
    assert examples.coin_wbic_temperature(heads, tosses) == pytest.approx(expected, rel=1e-7)


# -- Tests and probabilities -----------------------------------------------------------------------


@pytest.mark.parametrize("bias", [0.5, 0.6, 0.9])
@pytest.mark.parametrize("level", [0.01, 0.05, 0.5])
@pytest.mark.parametrize("tosses", [1, 7, 10, 100, 1000])
def test_coin_test_power_agrees_with_the_least_threshold(tosses: int, level: float, bias: float) -> None:
    """Every threshold is tried, from the smallest on."""
    distance = np.abs(np.arange(tosses + 1) - tosses / 2)
    fair, biased = (stats.binom.pmf(np.arange(tosses + 1), tosses, p) for p in (0.5, bias))
    least = next(c for c in sorted(distance) if fair[distance > c].sum() <= level)
    assert examples.coin_test_power(tosses, level, bias) == pytest.approx(biased[distance > least].sum(), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("point", [1, 3.84, 6.63])
@pytest.mark.parametrize("tosses", [1, 10, 100, 1000])
def test_coin_likelihood_ratio_level_agrees_with_log_densities(tosses: int, point: float) -> None:
    heads = np.arange(tosses + 1)
    ratio = stats.binom.logpmf(heads, tosses, heads / tosses) - stats.binom.logpmf(heads, tosses, 0.5)
    expected = stats.binom.pmf(heads, tosses, 0.5)[2 * ratio > point].sum()
    assert examples.coin_likelihood_ratio_level(tosses, point) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("probability", [1e-6, 0.025, 0.5, 0.95, 0.99])
def test_normal_quantile_is_where_the_integral_reaches_the_probability(probability: float) -> None:
    z = examples.normal_quantile(probability)
    assert integral(stats.norm.pdf, -40, -6, z) == pytest.approx(probability, rel=1e-9)


@pytest.mark.parametrize("probability", [0, 0.01, 0.1, 0.5, 0.99, 1])
def test_entropy_bits_agrees_with_scipy(probability: float) -> None:
    assert examples.entropy_bits(probability) == pytest.approx(stats.entropy([probability, 1 - probability], base=2), abs=1e-12)


# -- Integrals and minima --------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 1.5, 10, 1000])
def test_euler_integral_agrees_with_quadrature(n: float) -> None:
    assert examples.euler_integral(n) == pytest.approx(integral(lambda t: np.exp(-t) / (1 + t / n), 0, 10, 100), rel=1e-9)


@pytest.mark.parametrize("corners", range(3, 11))
def test_kgon_loss_agrees_with_a_network_on_a_grid_of_inputs(corners: int) -> None:
    """The forward pass of the model, 2000 sizes of the input, and simplices from the best of many starts: within 10⁻⁶."""
    inputs = corners + 2
    x = (np.arange(2000) + 0.5) / 2000
    angles = 2 * np.pi * np.arange(corners) / corners
    polygon = np.zeros((2, inputs))
    polygon[:, :corners] = np.cos(angles), np.sin(angles)

    def loss(radius_and_bias: np.ndarray) -> float:
        W, bias = polygon * radius_and_bias[0], np.where(np.arange(inputs) < corners, radius_and_bias[1], 0)
        total = 0.0
        for active in (0, corners):  # corners are alike, and so are inputs without one
            shown = np.eye(inputs)[active][:, None] * x
            errors = shown - np.maximum(W.T @ (W @ shown) + bias[:, None], 0)
            total += (corners if active == 0 else 2) * (errors**2).sum(axis=0).mean()
        return total / inputs

    starts = sorted(product(np.linspace(0.7, 2, 8), np.linspace(-2, 0.2, 8)), key=loss)[:3]
    expected = min(minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-10}).fun for start in starts)
    assert examples.kgon_loss(corners, inputs) == pytest.approx(expected, abs=1e-6)


# -- Polynomials of one variable -------------------------------------------------------------------


@pytest.mark.parametrize(
    "coefficients, near",
    [*(((0, 0.1, -0.5, 0, 0.25), near) for near in (-1, 0, 1)), ((0, -8, 2, 0, 0.25), 1), ((1, 0.3, -2, 0, 1), -1), ((5, -3, 2), 40)],
)
def test_stationary_points_are_roots_of_the_derivative(coefficients: tuple[float, ...], near: float) -> None:
    polynomial = np.polynomial.Polynomial(coefficients)
    roots = polynomial.deriv().roots()
    expected = min((root.real for root in roots if abs(root.imag) < 1e-9), key=lambda x: abs(x - near))
    assert examples.stationary_point(coefficients, near) == pytest.approx(expected, rel=1e-9)
    assert examples.stationary_value(coefficients, near) == pytest.approx(polynomial(expected), rel=1e-9)


# -- Volumes and exponents -------------------------------------------------------------------------


@pytest.mark.parametrize("near, far, tolerance", [(16, 18, 2e-4), (30, 32, 1e-6)])
@pytest.mark.parametrize("q", [3, 5])
def test_cusp_area_exponent_agrees_with_areas_in_the_square(q: int, near: float, far: float, tolerance: float) -> None:
    """The length in w_1 is integrated over w_2, with the end at w_1 = 1 that the function leaves out."""

    def area(minus_log: float) -> float:
        delta = np.exp(-minus_log / 2)

        def length(y: float) -> float:
            high, low = max(y**q + delta, 0), max(y**q - delta, 0)
            return 2 * (min(np.sqrt(high), 1) - min(np.sqrt(low), 1))

        turn, corner = delta ** (1 / q), (1 - delta) ** (1 / q)
        return integral(length, -turn, 0, turn, min(2 * turn, corner), min(8 * turn, corner), corner, 1)

    expected = np.log(area(near) / area(far)) / (far - near)
    assert examples.cusp_area_exponent(q, near, far) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("q", [3, 5, 7])
def test_cusp_area_exponent_tends_to_the_coefficient(q: int) -> None:
    assert examples.cusp_area_exponent(q, 800, 1000) == pytest.approx((1 / 2 + 1 / q) / 2, abs=1e-6)


@pytest.mark.parametrize("n_beta", [100, 1e4, 1e6])
@pytest.mark.parametrize("lam, m", [(0.5, 1), (0.5, 2), (0.25, 3), (1.5, 1), (5, 2)])
def test_energy_agrees_with_quadrature(n_beta: float, lam: float, m: int) -> None:
    def part(power: float) -> float:
        """∫ t^power (-log t)^(m-1) exp(-nβ t), with t = v⁴, which takes the edge off."""
        points = [0, *(min(1, edge / n_beta) ** 0.25 for edge in (1e-3, 1, 10, 80))]
        return integral(lambda v: 4 * v ** (4 * power + 3) * (-4 * np.log(v)) ** (m - 1) * np.exp(-n_beta * v**4), *points)

    assert examples.energy_at(n_beta, lam, m) == pytest.approx(n_beta * part(lam) / part(lam - 1), rel=1e-8)


@pytest.mark.parametrize("n_beta", [50, 400])
def test_energy_of_a_crossing_agrees_with_an_integral_over_the_square(n_beta: float) -> None:
    moments = [dblquad(lambda x, y, k=k: (x * y) ** (2 * k) * np.exp(-n_beta * (x * y) ** 2), 0, 1, 0, 1)[0] for k in (0, 1)]
    assert examples.energy_at(n_beta, lam=0.5, m=2) == pytest.approx(n_beta * moments[1] / moments[0], rel=1e-5)


@pytest.mark.parametrize("beta", [0.072, 1, 3])
@pytest.mark.parametrize("lam", [0.25, 0.5, 1])
def test_mean_heat_capacity_agrees_with_variances_over_data(lam: float, beta: float) -> None:
    """The variance of β (u²/2 - uξ) on a fine grid of v with u = v^(1/2λ), averaged over a hundred ξ by Gauss's rule."""
    noise, weights = np.polynomial.hermite_e.hermegauss(100)
    furthest = (14 / np.sqrt(beta) + 8) ** (2 * lam)
    u = ((np.arange(20000) + 0.5) / 20000 * furthest) ** (1 / (2 * lam))
    u = np.concatenate([-u, u])
    total = 0.0
    for xi, weight in zip(noise, weights, strict=True):
        if weight > 1e-14:
            energy = beta * (u * u / 2 - u * xi)
            mass = np.exp(energy.min() - energy)
            total += weight * np.average((energy - np.average(energy, weights=mass)) ** 2, weights=mass)
    assert examples.mean_heat_capacity(lam, beta) == pytest.approx(total / weights.sum(), rel=1e-4)


def test_mean_heat_capacity_of_a_regular_direction_is_one_half() -> None:
    """λ = 1/2: the posterior is N(ξ, 1/β), under which β (u - ξ)²/2 has variance 1/2 for every ξ."""
    assert examples.mean_heat_capacity(0.5, 2) == pytest.approx(0.5, rel=1e-9)


# -- Descent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("a, b, radius", [(1, 1, 0.1), (10, 0.1, 0.1), (2, -1, 0.5), (0, 0, 1)])
def test_worst_product_loss_agrees_with_a_search(a: float, b: float, radius: float) -> None:
    """Over the angle, from eight starts: the 3600 directions miss less than one part in a hundred thousand."""

    def gain(angle: float) -> float:
        return -(((a + radius * np.cos(angle)) * (b + radius * np.sin(angle)) - 1) ** 2)

    best = min(minimize_scalar(gain, bounds=(k * np.pi / 4, (k + 1) * np.pi / 4), method="bounded", options={"xatol": 1e-9}).fun for k in range(8))
    assert examples.worst_product_loss(a, b, radius) == pytest.approx(-best, rel=1e-5)


@pytest.mark.parametrize("start", [0.001, 0.01, 0.4])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_escape_time_agrees_with_the_flow(order: int, start: float) -> None:
    """The differential equation, solved until a^k = 1/2."""

    def flow(_: float, a: np.ndarray) -> np.ndarray:
        return -(a**order - 1) * order * a ** (order - 1)

    def arrived(_: float, a: np.ndarray) -> float:
        return a[0] ** order - 0.5

    arrived.terminal = True
    solved = solve_ivp(flow, (0, 1e7), [start], events=arrived, method="LSODA", rtol=1e-9, atol=1e-12)
    assert examples.escape_time(order, start) == pytest.approx(solved.t_events[0][0], rel=1e-5)


@pytest.mark.parametrize("start, rate, steps", [(0.5, 0.01, 0), (0.5, 0.01, 200), (0.5, 0.01, 2000), (1.2, 0.02, 30), (0.3, 0.1, 5)])
def test_sharpness_agrees_with_descent_on_four_weights(start: float, rate: float, steps: int) -> None:
    """Gradients and the Hessian by differences, the eigenvalue by LAPACK: within 10⁻⁵."""

    def loss(w: np.ndarray) -> np.ndarray:
        return (w.prod(axis=-1) - 1) ** 2 / 2

    w, h = np.full(4, start), 1e-4 * np.eye(4)
    for _ in range(steps):
        w = w - rate * (loss(w + h) - loss(w - h)) / 2e-4
    hessian = [[(loss(w + h[i] + h[j]) - loss(w + h[i] - h[j]) - loss(w - h[i] + h[j]) + loss(w - h[i] - h[j])) / 4e-8 for j in range(4)] for i in range(4)]
    assert examples.equal_weights_sharpness(start, rate, steps) == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-5, abs=1e-5)


# -- Magnets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [-0.3, -0.05, 0, 0.2, 1.5 * np.sqrt(1 / 3) - np.arctanh(np.sqrt(1 / 3))])
@pytest.mark.parametrize("coupling", [0, 0.5, 1.1, 1.5, 3])
def test_magnetisation_is_the_greatest_solution(coupling: float, field: float) -> None:
    """The last change of sign on a grid of a million points, by Brent's method."""

    def excess(m: np.ndarray | float) -> np.ndarray | float:
        return np.tanh(coupling * m + field) - m

    grid = np.linspace(-1.0000003, 1.0000005, 10**6)
    last = np.flatnonzero(np.diff(np.sign(excess(grid))))[-1]
    expected = brentq(excess, grid[last], grid[last + 1])
    assert examples.mean_field_magnetisation(coupling, field) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("coupling, field", [(0.75, 0.01), (0.3, 0.5), (2, 0), (-0.5, 0.2)])
@pytest.mark.parametrize("spins", [1, 4, 10])
def test_mean_spin_is_a_sum_over_all_states(spins: int, coupling: float, field: float) -> None:
    states = np.array(list(product((-1, 1), repeat=spins)))
    total = states.sum(axis=1)
    expected = np.average(states[:, 0], weights=np.exp(coupling / spins * total**2 + field * total))
    assert examples.mean_spin(spins, coupling, field) == pytest.approx(expected, abs=1e-12)


def test_mean_spin_of_a_thousand_agrees_with_an_integral() -> None:
    """Hubbard and Stratonovich: weight exp(-N x²/4c) (2 cosh(x + h))^N, under which s_1 has mean tanh(x + h)."""
    coupling, field, spins = 0.75, 0.01, 1000

    def log_weight(x: float) -> float:
        return spins * (np.log(2 * np.cosh(x + field)) - x * x / (4 * coupling))

    top = max(map(log_weight, np.linspace(-3, 3, 1001)))
    expected = mean(lambda x: np.tanh(x + field), lambda x: np.exp(log_weight(x) - top), -3, -1.2, 0, 1.2, 3)
    assert examples.mean_spin(spins, coupling, field) == pytest.approx(expected, abs=1e-8)


def test_bond_moving_fixed_point_is_the_only_one() -> None:
    couplings = np.linspace(0.01, 3, 10000)
    change = np.log(np.cosh(4 * couplings)) / 2 - couplings
    assert (np.diff(np.sign(change)) != 0).sum() == 1
    expected = brentq(lambda J: np.tanh(2 * J) ** 2 - np.tanh(J), 0.1, 1)  # the same map, in tanh J
    assert examples.bond_moving_fixed_point() == pytest.approx(expected, abs=1e-10)


# -- Posteriors of a square and of a product -------------------------------------------------------


@pytest.mark.parametrize("a, b", [(0.5, 0.5), (1, 1), (7.5, 3.5), (2, 40)])
def test_log_beta_is_an_integral(a: float, b: float) -> None:
    """With w = sin² x, so that the ends are harmless."""
    expected = np.log(integral(lambda x: 2 * np.sin(x) ** (2 * a - 1) * np.cos(x) ** (2 * b - 1), 0, 0.5, np.pi / 2))
    assert examples.log_beta(a, b) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("ratio", [1.1, 1.5, 4])
@pytest.mark.parametrize("lam", [1, 5, 50])
def test_swap_acceptance_is_a_mean_over_both_energies(lam: int, ratio: float) -> None:
    """Over the energy of the hotter chain it is a sum of incomplete Gamma functions, over that of the colder one it is done here."""

    def given(cold: float) -> float:
        always = special.gammainc(lam, cold) * stats.gamma.pdf(cold, lam, scale=1 / ratio)
        return always + special.gammaincc(lam, ratio * cold) * stats.gamma.pdf(cold, lam)  # the second density holds exp((r - 1) cold)

    assert examples.swap_acceptance(lam, ratio) == pytest.approx(integral(given, 0, lam / ratio, 2 * lam, 100 + 4 * lam), rel=1e-8, abs=0)


@pytest.mark.parametrize("lam, ratio", [(1, 1.5), (1, 4), (5, 1.5), (50, 1.1), (50, 1.5)])
def test_swap_acceptance_agrees_with_simulated_swaps(lam: int, ratio: float) -> None:
    """A million pairs of energies, each swap accepted with the probability of Metropolis: within five standard errors."""
    cold, hot = np.random.default_rng(0).gamma(lam, size=(2, 10**6)) / [[ratio], [1]]
    accepted = np.exp(np.minimum(0, (ratio - 1) * (cold - hot)))
    assert examples.swap_acceptance(lam, ratio) == pytest.approx(accepted.mean(), abs=5 * accepted.std() / 1000)


@pytest.mark.parametrize("gamma", [0, 100, 1000])
@pytest.mark.parametrize("shift, curvature", [(0, 1), (0.02, 1), (0.05, 3), (-0.3, 0.5)])
def test_llc_of_shifted_square_agrees_with_quadrature(gamma: float, shift: float, curvature: float) -> None:
    n_beta = 1086

    def excess(w: float) -> float:
        return n_beta * curvature * ((w - shift) ** 2 - shift**2) / 2

    lowest = minimize_scalar(lambda w: excess(w) + gamma * w * w / 2, bracket=(-1, 1))
    ends = [lowest.x + step for step in (-1, -0.1, 0, 0.1, 1)]
    expected = mean(excess, lambda w: np.exp(lowest.fun - excess(w) - gamma * w * w / 2), *ends)
    assert examples.llc_of_shifted_square(n_beta, gamma, shift, curvature) == pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("n", [10, 1000, 1e6])
def test_free_energy_of_product_agrees_with_an_integral_over_the_square(n: float) -> None:
    """Over w_2 it is an error function; over w_1 = exp(-s) it is done here."""

    def inner(w: float) -> float:
        z = np.sqrt(n) * w
        return np.sqrt(np.pi) / 2 * special.erf(z) / z

    expected = -np.log(integral(lambda s: np.exp(-s) * inner(np.exp(-s)), 0, np.log(n) / 2, np.log(n) / 2 + 5, 60))
    assert examples.free_energy_of_product(n) == pytest.approx(expected, abs=1e-7)
    if n == 10:
        over_square = dblquad(lambda x, y: np.exp(-n * (x * y) ** 2), 0, 1, 0, 1)[0]
        assert examples.free_energy_of_product(n) == pytest.approx(-np.log(over_square), abs=1e-7)


@pytest.mark.parametrize("n", [1e-6, 0.1, 10, 1000, 1e6])
def test_mean_field_of_product_agrees_with_coordinate_ascent(n: float) -> None:
    """Laws on 20 000 cells of [0, 1], each in turn the best for the other, from four starts."""
    x = ((np.arange(20000) + 0.5) / 20000) ** 2  # denser near 0: the prior weight of a cell is 2 √x
    prior = np.sqrt(x) / np.sqrt(x).sum()
    found = []
    for start in (0, 1, np.sqrt(n), n):
        first = prior * np.exp(-start * x * x)
        first /= first.sum()
        for _ in range(200):
            second = prior * np.exp(-n * (first @ x**2) * x**2)
            second /= second.sum()
            first = prior * np.exp(-n * (second @ x**2) * x**2)
            first /= first.sum()
        divergence = sum(special.rel_entr(law, prior).sum() for law in (first, second))
        found.append(divergence + n * (first @ x**2) * (second @ x**2))
    assert examples.mean_field_of_product(n) == pytest.approx(min(found), rel=1e-5)


@pytest.mark.parametrize("n", [10, 1000, 1e6])
def test_mean_field_bound_is_above_the_free_energy(n: float) -> None:
    assert examples.mean_field_of_product(n) > examples.free_energy_of_product(n)


SAMPLE_SIZES = [0, 1e-3, 1, 30, 1000, 1e6]


def square_mean(n: float, beta: float) -> float:
    ends = [0, *(min(1, edge / np.sqrt(max(1, beta * n))) for edge in (1, 12))]
    return mean(lambda w: n * w * w / 2, lambda w: np.exp(-beta * n * w * w / 2), *ends)


def square_free_energy(n: float) -> float:
    return -np.log(integral(lambda w: np.exp(-n * w * w / 2), 0, *(min(1, edge / np.sqrt(max(1, n))) for edge in (1, 12))))


@pytest.mark.parametrize("beta", [0, 1e-5, 0.14, 1])
@pytest.mark.parametrize("n", SAMPLE_SIZES)
def test_mean_of_square_agrees_with_quadrature(n: float, beta: float) -> None:
    assert examples.mean_of_square(n, beta) == pytest.approx(square_mean(n, beta), rel=1e-7)


@pytest.mark.parametrize("n", SAMPLE_SIZES)
def test_free_energy_of_square_agrees_with_quadrature(n: float) -> None:
    assert examples.free_energy_of_square(n) == pytest.approx(square_free_energy(n), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("n, points, power", [(1000, 11, 1), (1000, 11, 5), (1000, 21, 5), (1, 2, 1), (30, 5, 2.5)])
def test_thermodynamic_trapezium_agrees_with_numpy(n: float, points: int, power: float) -> None:
    betas = np.linspace(0, 1, points) ** power
    expected = np.trapezoid([square_mean(n, beta) for beta in betas], betas)
    assert examples.thermodynamic_trapezium(n, points, power) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("n", [1, 1000])
def test_many_temperatures_integrate_to_the_free_energy(n: float) -> None:
    assert examples.thermodynamic_trapezium(n, 2000, power=4) == pytest.approx(examples.free_energy_of_square(n), rel=1e-5)


@pytest.mark.parametrize("n", [1, 30, 1000, 1e6])
def test_best_wbic_temperature_solves_its_equation(n: float) -> None:
    target = square_free_energy(n)
    assert examples.best_wbic_temperature(n) == pytest.approx(brentq(lambda beta: square_mean(n, beta) - target, 1e-6, 1), rel=1e-6)


# -- Curves that meet in a point -------------------------------------------------------------------


LEAVES = {1: lambda x, y: x, 2: lambda x, y: 2 * x * y, 3: lambda x, y: x**3 - 3 * x * y**2, 4: lambda x, y: x**4 - 6 * x**2 * y**2 + y**4}


@pytest.mark.parametrize("n, scale", [(1, 1), (20, 0.5), (200, 1)])
@pytest.mark.parametrize("leaves", LEAVES)
def test_leaves_free_energy_agrees_with_an_integral_over_the_disc(leaves: int, n: float, scale: float) -> None:
    """Polynomials in x and y, Gauss's rule over the radius and equal steps over the angle."""
    nodes, weights = np.polynomial.legendre.leggauss(300)
    radius, angle = (nodes[:, None] + 1) / 2, 2 * np.pi * np.arange(600) / 600
    values = np.exp(-n * (scale * LEAVES[leaves](radius * np.cos(angle), radius * np.sin(angle))) ** 2)
    expected = -np.log(2 * np.pi * (weights / 2 * radius[:, 0]) @ values.mean(axis=1))
    assert examples.leaves_free_energy(leaves, n, scale) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("leaves, scale", [(2, 0.5), (3, 1), (5, 2)])
def test_leaves_free_energy_agrees_at_a_million(leaves: int, scale: float) -> None:
    """Over the radius first, which is an incomplete Gamma function; then over the angle."""
    n = 10**6

    def at_angle(angle: float) -> float:
        a = n * (scale * np.cos(angle)) ** 2
        shape = 1 / leaves  # ∫_0^1 exp(-a r^2k) r dr
        return special.gamma(shape) * special.gammainc(shape, a) / (2 * leaves * a**shape)

    edges = np.pi / 2 - np.array([np.pi / 2, 0.5, 0.1, 1e-2, 1e-3, 1e-4, 1e-6])
    expected = -np.log(4 * (integral(at_angle, *edges) + 1e-6 / 2))
    assert examples.leaves_free_energy(leaves, n, scale) == pytest.approx(expected, abs=1e-6)
