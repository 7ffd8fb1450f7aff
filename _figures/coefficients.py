"""Known learning coefficients λ and multiplicities m, as exact numbers.

Every function here speaks Watanabe's convention: λ belongs to the excess loss K(w) = L(w) - L(w_0), so that
∫ exp(-nK) φ dw ~ C n^(-λ) (log n)^(m-1). A source that writes the threshold of an ideal quotes 2λ: see ``from_ideal``.

Unless a function says otherwise, samples are independent, the truth is inside the model, and the prior φ is smooth and positive on
a compact set W that holds the most degenerate optimal parameter inside. "Derived" as a source means: the docstring holds the argument.

A closed form that is known to be exact gives a ``Coefficient``. What is only a bound gives ``Bounds``, so that nobody mistakes one for
the other. A call that makes no sense raises ``ValueError``, with what is wrong and why.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import isqrt
from numbers import Integral, Rational


@dataclass(frozen=True)
class Coefficient:
    """A learning coefficient λ and its multiplicity m."""

    lam: Fraction
    m: int


@dataclass(frozen=True)
class Bounds:
    """Bounds low <= λ <= high; low is 0 where only an upper bound is known, and λ itself is always above 0."""

    low: Fraction
    high: Fraction


# -- What can be asked ---------------------------------------------------------------------------


def _whole(name: str, value: object, least: int, why: str) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, not {value!r}: {why}")
    return int(value)


def _wholes(name: str, values: Sequence[object], least: int, why: str) -> list[int]:
    if len(values) == 0:
        raise ValueError(f"{name} must name at least one number, not {values!r}: there is no λ without parameters")
    return [_whole(f"each of {name}", value, least, why) for value in values]


def _rank(name: str, value: object, greatest: int, why: str) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or not 0 <= int(value) <= greatest:
        raise ValueError(f"{name} must be a whole number from 0 to {greatest}, not {value!r}: {why}")
    return int(value)


def _fraction(name: str, value: object, why: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, Rational):
        raise ValueError(f"{name} must be a whole number or a fraction, not {value!r}: {why}")
    return Fraction(value)


def _prior_exponents(h: Sequence[object] | None, parameters: int) -> list[Fraction]:
    if h is None:
        return [Fraction(0)] * parameters
    if len(h) != parameters:
        raise ValueError(f"h must hold {parameters} numbers, not {len(h)}: one for each parameter")
    why = "a prior like |w|^h can be integrated near 0 only if h > -1"
    exponents = [_fraction("each of h", value, why) for value in h]
    if min(exponents) <= -1:
        raise ValueError(f"each of h must be above -1, not {min(exponents)}: {why}")
    return exponents


# -- How coefficients combine --------------------------------------------------------------------


def in_sum(*parts: Coefficient) -> Coefficient:
    """K = K_1(u) + K_2(v) + ..., each in parameters of its own.

    λ is the sum of the λ_i, and m - 1 the sum of the m_i - 1, because Z(n) is the product of the Z_i(n).

    Conditions: the prior is a product too, up to a positive factor. Convention: Watanabe's. Source: derived.
    """
    return Coefficient(sum((part.lam for part in parts), Fraction(0)), 1 + sum(part.m - 1 for part in parts))


def in_product(*parts: Coefficient) -> Coefficient:
    """K = K_1(u) K_2(v) ..., each in parameters of its own.

    λ is the least λ_i, and m the sum of the m_i that go with it, because ζ(z) is the product of the ζ_i(z), whose largest poles
    -λ_i have order m_i.

    Conditions: the prior is a product too, up to a positive factor. Convention: Watanabe's. Source: derived.
    """
    lam = min(part.lam for part in parts)
    return Coefficient(lam, sum(part.m for part in parts if part.lam == lam))


def from_ideal(threshold: Fraction | int, m: int) -> Coefficient:
    """K = f_1² + ... + f_r², from the real threshold of the ideal (f_1, ..., f_r).

    λ = threshold / 2, with the same m.

    Convention: the argument is in Lin's, the result in Watanabe's. Source: lin2017ideal.
    Raises ``ValueError`` unless the threshold is a positive whole number or fraction, and m a positive whole number.
    """
    value = _fraction("threshold", threshold, "real thresholds of analytic functions are rational")
    if value <= 0:
        raise ValueError(f"threshold must be above 0, not {value}: near a zero the threshold is positive")
    return Coefficient(value / 2, _whole("m", m, 1, "it is the order of a pole"))


# -- Regular and minimally singular --------------------------------------------------------------


def regular(parameters: int) -> Coefficient:
    """A model with one optimal parameter that is regular there: λ = d/2, m = 1, for d ``parameters``.

    Conditions: the optimal parameter is in the interior of W, the Hessian of K is positive definite at it, and φ is positive there.
    Convention: Watanabe's. Source: watanabe2001algebraic.
    Raises ``ValueError`` unless d is a whole number of at least 1.
    """
    return Coefficient(Fraction(_whole("parameters", parameters, 1, "it is the dimension of W"), 2), 1)


def minimally_singular(codimension: int) -> Coefficient:
    """A zero set of K that is smooth, of ``codimension`` c, with a nondegenerate Hessian across it: λ = c/2, m = 1.

    Conditions: the zero set lies in the interior of W; if its components differ in codimension, c is the smallest.
    Convention: Watanabe's. Source: derived (coordinates in which K is a sum of c squares).
    Raises ``ValueError`` unless c is a whole number of at least 1.
    """
    return Coefficient(Fraction(_whole("codimension", codimension, 1, "K is zero on no open set"), 2), 1)


# -- Polynomials ---------------------------------------------------------------------------------


def normal_crossing(k: Sequence[int], h: Sequence[Fraction | int] | None = None) -> Coefficient:
    """K = Π w_i^(2 k_i) near w = 0, with a prior proportional to Π |w_i|^(h_i); h is all zeros if not given.

    λ = min over k_i > 0 of (h_i + 1) / (2 k_i), and m is the number of i that attain it.

    Conditions: one chart, at the origin; further factors of K and φ are analytic and positive. Over several charts λ is the
    smallest, and m the largest that goes with it. Convention: Watanabe's. Source: watanabe2001algebraic.
    Raises ``ValueError`` unless the k_i are whole numbers of at least 0, one of them above 0, and the h_i rational and above -1.
    Warns where λ > d/2, which takes a prior that vanishes on the zero set.
    """
    orders = _wholes("k", k, 0, "K is analytic and not negative, so its exponents 2k are even")
    if not any(orders):
        raise ValueError(f"k must hold a number above 0, not {list(k)!r}: K would have no zero")
    exponents = _prior_exponents(h, len(orders))
    poles = [(exponent + 1) / (2 * order) for order, exponent in zip(orders, exponents) if order]
    lam = min(poles)
    if lam > Fraction(len(orders), 2):
        message = f"λ = {lam} exceeds d/2 = {Fraction(len(orders), 2)}: the prior vanishes on the optimal set, where the bound does not hold"
        warnings.warn(message, stacklevel=2)
    return Coefficient(lam, poles.count(lam))


def sum_of_powers(k: Sequence[int]) -> Coefficient:
    """K = w_1^(2 k_1) + ... + w_d^(2 k_d): λ = Σ 1 / (2 k_i), m = 1.

    Conditions: φ positive at the origin. Convention: Watanabe's. Source: derived (``in_sum`` of powers of one parameter).
    Raises ``ValueError`` unless the k_i are whole numbers of at least 1.
    """
    orders = _wholes("k", k, 1, "a power below 2 is no isolated minimum of an analytic function")
    return in_sum(*(normal_crossing([order]) for order in orders))


def product_of_norms(dimensions: Sequence[int], k: Sequence[int] | None = None) -> Coefficient:
    """K = Π |u_i|^(2 k_i), where u_i is a vector of its own with d_i = ``dimensions[i]`` entries; k is all ones if not given.

    λ = min d_i / (2 k_i), and m is the number of i that attain it.

    Conditions: φ positive where all u_i are 0. Convention: Watanabe's. Source: derived (blow up each u_i = 0: the exponent of the
    prior there becomes d_i - 1, and K is in normal crossings).
    Raises ``ValueError`` unless all are whole numbers of at least 1, as many k_i as d_i.
    """
    sizes = _wholes("dimensions", dimensions, 1, "each counts the entries of a vector")
    orders = _wholes("k", [1] * len(sizes) if k is None else k, 1, "K is a product of even powers of norms")
    if len(orders) != len(sizes):
        raise ValueError(f"k must hold {len(sizes)} numbers, not {len(orders)}: one for each vector")
    return in_product(*(Coefficient(Fraction(size, 2 * order), 1) for size, order in zip(sizes, orders)))


def pairwise_products(parameters: int) -> Coefficient:
    """K = sum over i < j of (w_i w_j)²: λ = d/4 and m = 1 for d >= 3 ``parameters``; λ = 1/2 and m = 2 for d = 2.

    Conditions: φ positive at the origin. Convention: Watanabe's. Source: varchenko1976newton for the method: the diagonal meets the
    Newton polyhedron inside the facet of total degree 2, for d = 2 at a vertex.
    Raises ``ValueError`` unless d is a whole number of at least 2.
    """
    d = _whole("parameters", parameters, 2, "a pair takes two")
    return Coefficient(Fraction(d, 4), 2 if d == 2 else 1)


def cusp(p: int = 2, q: int = 3) -> Coefficient:
    """K = (w_1^p - w_2^q)²: λ = (1/p + 1/q) / 2 and m = 1, except for p = q = 2, two lines that cross: λ = 1/2, m = 2.

    Conditions: φ positive at the origin. Convention: Watanabe's (the threshold of w_1^p - w_2^q is twice λ). Source: derived
    (weighted blow-up with weights q and p, whose divisor has (p + q) / (2pq); elsewhere on the curve λ = 1/2).
    Raises ``ValueError`` unless p and q are whole numbers of at least 2.
    """
    why = "with an exponent below 2 the curve is smooth and no cusp: see minimally_singular"
    p, q = _whole("p", p, 2, why), _whole("q", q, 2, why)
    return Coefficient((Fraction(1, p) + Fraction(1, q)) / 2, 2 if p == q == 2 else 1)


def lines_through_a_point(lines: int) -> Coefficient:
    """K = (l_1 ... l_k)², with l_i = 0 different lines through the origin of the plane: λ = 1/k, m = 1 for k >= 3; 1/2, m = 2 for k = 2.

    Conditions: two parameters, φ positive at the origin. Convention: Watanabe's. Source: derived (one blow-up: its divisor has
    2 / (2k), each line 1/2); kosta2024classification treats hyperplanes in general.
    Raises ``ValueError`` unless k is a whole number of at least 1.
    """
    k = _whole("lines", lines, 1, "K would have no zero")
    return Coefficient(min(Fraction(1, k), Fraction(1, 2)), 2 if k == 2 else 1)


# -- Linear networks -----------------------------------------------------------------------------


def reduced_rank_regression(inputs: int, hidden: int, outputs: int, rank: int) -> Coefficient:
    """y = BAx + noise, with A of shape H × M and B of shape N × H, where the true map has rank r.

    With M ``inputs``, H ``hidden`` units, N ``outputs``:
    balanced (N+r <= M+H, M+r <= N+H, H+r <= M+N): λ = [2(H+r)(M+N) - (M-N)² - (H+r)²] / 8, m = 1 if M+H+N+r is even; 1/8 more and
    m = 2 if odd. Otherwise m = 1 and λ = (HM - Hr + Nr)/2 if M+H < N+r, (HN - Hr + Mr)/2 if N+H < M+r, MN/2 if M+N < H+r.

    Conditions: Gaussian noise, inputs with a nondegenerate covariance. Convention: Watanabe's. Source: aoyagi2005reduced.
    Raises ``ValueError`` unless the sizes are whole numbers of at least 1 and the rank one from 0 to the smallest.
    """
    M, H, N = (_whole(name, size, 1, "it counts the units of a layer")
               for name, size in (("inputs", inputs), ("hidden", hidden), ("outputs", outputs)))
    r = _rank("rank", rank, min(M, H, N), "a map through these layers has no greater rank")
    if M + H < N + r:
        return Coefficient(Fraction(H * M - H * r + N * r, 2), 1)
    if N + H < M + r:
        return Coefficient(Fraction(H * N - H * r + M * r, 2), 1)
    if M + N < H + r:
        return Coefficient(Fraction(M * N, 2), 1)
    odd = (M + H + N + r) % 2
    return Coefficient(Fraction(2 * (H + r) * (M + N) - (M - N) ** 2 - (H + r) ** 2 + odd, 8), 1 + odd)


def deep_linear_network(widths: Sequence[int], rank: int) -> Coefficient:
    """y = A_L ... A_1 x + noise, with layers of ``widths`` H_1 (inputs), ..., H_(L+1) (outputs), where the true map has rank r.

    Let M_i = H_i - r, and S the l+1 >= 2 smallest of them for which max S < min outside, s >= l max S and s < l min outside, where
    s is the sum over S. With c the smallest whole number not below s/l and a = s - (c-1) l,
    λ = [r (H_1 + H_(L+1)) - r²] / 2 + a (l-a) / (4l) - (l-1) s² / (4l) + (1/2) Σ_(i<j in S) M_i M_j, and m = a (l-a) + 1.

    Conditions: no biases, Gaussian noise, inputs with a nondegenerate covariance. Convention: Watanabe's.
    Source: aoyagi2024dln, as restated in furman2024scale; λ is half the codimension of the exact solutions, pepinlehalleur2024geometry.
    Raises ``ValueError`` unless there are two widths or more, whole numbers of at least 1, and the rank is one from 0 to the smallest.
    """
    layers = _wholes("widths", widths, 1, "each counts the units of a layer")
    if len(layers) < 2:
        raise ValueError(f"widths must name two layers or more, not {list(widths)!r}: inputs and outputs at least")
    r = _rank("rank", rank, min(layers), "a map through these layers has no greater rank")
    chosen = _active_layers([width - r for width in layers])
    l, s = len(chosen) - 1, sum(chosen)
    a = s - (-(-s // l) - 1) * l
    pairs = sum(x * y for x, y in combinations(chosen, 2))
    exact_part = Fraction(r * (layers[0] + layers[-1]) - r * r, 2)
    return Coefficient(exact_part + Fraction(a * (l - a) - (l - 1) * s * s, 4 * l) + Fraction(pairs, 2), a * (l - a) + 1)


def _active_layers(shifted: list[int]) -> list[int]:
    """The set S of ``deep_linear_network``; that there is exactly one is tested."""
    ordered = sorted(shifted)
    for size in range(2, len(ordered) + 1):
        inside, outside = ordered[:size], ordered[size:]
        l, s = size - 1, sum(inside)
        if s >= l * inside[-1] and (not outside or (inside[-1] < outside[0] and s < l * outside[0])):
            return inside
    raise AssertionError(f"no set of active layers for {shifted}")


def nonnegative_factorisation_of_zero(rows: int, inner: int, columns: int) -> Coefficient:
    """Non-negative matrix factorisation AB of a zero matrix, with A of shape M × H and B of shape H × N.

    λ = H min(M, N) / 2, and m = H + 1 if M = N, else 1.

    Conditions: entries of A and B in [0, c], Gaussian noise, φ positive at 0. Convention: Watanabe's. Source: derived: nothing
    cancels, so K is comparable to the sum over h of |a_h|² |b_h|²; λ agrees with the bound of hayashi2016nmf, which is exact here.
    Raises ``ValueError`` unless all are whole numbers of at least 1.
    """
    M, H, N = (_whole(name, size, 1, "it is a side of a matrix") for name, size in (("rows", rows), ("inner", inner), ("columns", columns)))
    return in_sum(*[product_of_norms([M, N])] * H)


# -- Networks with one hidden layer --------------------------------------------------------------


def vandermonde(outputs: int, units: int, step: int) -> Coefficient:
    """f(x) = Σ_h a_h σ(b_h x), true function zero: H ``units``, M ``outputs``, scalar input, σ with Taylor exponents 1, 1+Q, 1+2Q, ...

    With k the greatest i for which 2H >= M (i (i-1) Q + 2i): λ = [M Q k (k+1) + 2H] / [4 (1 + kQ)], and m = 2 where k attains
    equality, else 1. Q is the ``step``: 1 if all powers occur, 2 for odd σ such as tanh.

    Conditions: no biases; none of these Taylor coefficients is 0. Convention: Watanabe's.
    Source: aoyagi2009vandermonde, as transcribed from section 4 of aoyagi2019vandermonde (the original was not seen).
    Raises ``ValueError`` unless all are whole numbers of at least 1.
    """
    M = _whole("outputs", outputs, 1, "it counts the outputs")
    H = _whole("units", units, 1, "it counts the hidden units")
    Q = _whole("step", step, 1, "it is the gap between Taylor exponents")
    k = 0
    while 2 * H >= M * ((k + 1) * k * Q + 2 * (k + 1)):
        k += 1
    return Coefficient(Fraction(M * Q * k * (k + 1) + 2 * H, 4 * (1 + k * Q)), 2 if k and 2 * H == M * (k * (k - 1) * Q + 2 * k) else 1)


def tanh_units(units: int) -> Coefficient:
    """f(x) = Σ a_h tanh(b_h x) with H ``units``, scalar input and output, true function zero.

    With i the whole part of √H: λ = (H + i² + i) / (4i + 2), and m = 2 if H = i², else 1.

    Conditions: no biases. Convention: Watanabe's. Source: aoyagi2009vandermonde (``vandermonde`` with M = 1, Q = 2).
    Raises ``ValueError`` unless H is a whole number of at least 1.
    """
    H = _whole("units", units, 1, "it counts the hidden units")
    i = isqrt(H)
    return Coefficient(Fraction(H + i * i + i, 4 * i + 2), 2 if H == i * i else 1)


# -- Mixtures and models with hidden variables ---------------------------------------------------


def normal_mixture_one_mean(dimension: int = 1) -> Coefficient:
    """(1-a) N(0, I) + a N(b, I) in D dimensions, truth N(0, I): λ = 1/2, and m = 2 if D = 1, else 1.

    Conditions: a in [0, 1], b bounded. Convention: Watanabe's. Source: derived: K is comparable to a² |b|².
    Raises ``ValueError`` unless D is a whole number of at least 1.
    """
    return product_of_norms([1, _whole("dimension", dimension, 1, "it is the dimension of a sample")])


def normal_mixture_two_means(dimension: int = 1) -> Coefficient:
    """(1-a) N(b_1, I) + a N(b_2, I) in D dimensions, truth N(0, I), as ``_two_components``: λ = 3/4, m = 1 if D = 1.

    Conditions: a in [0, 1], means bounded, variance known. Convention: Watanabe's. Source: derived.
    Raises ``ValueError`` unless D is a whole number of at least 1.
    """
    return _two_components(_whole("dimension", dimension, 1, "it is the dimension of a sample"))


def multinomial_mixture_two(categories: int, trials: int) -> Coefficient:
    """Two dice with D+1 ``categories`` and weights 1-a, a, one of them rolled ``trials`` times for a sample; the truth is one die.

    As ``_two_components`` from two trials on; with one trial only the mean is seen, so that λ = D/2, m = 1. Two categories are the
    binomial mixture: λ = 3/4, m = 1.

    Conditions: every category of the true die has positive probability. Convention: Watanabe's. Source: derived;
    twatanabe2022multinomial has more components (formulas not seen).
    Raises ``ValueError`` unless there are two categories and one trial at least.
    """
    D = _whole("categories", categories, 2, "a die with one side is no random variable") - 1
    return regular(D) if _whole("trials", trials, 1, "a sample is a roll at least") == 1 else _two_components(D)


def _two_components(dimension: int) -> Coefficient:
    """Two components with free weights and places, true distribution a single one.

    With mean μ and difference δ of the places, K is comparable to |μ|² + (a (1-a))² |δ|⁴, because moments of order three and more
    about the mean are multiples of a (1-a) δ_i δ_j. Hence λ = D/2 + min(1/2, D/4), and m = 2 if D = 2, else 1.
    """
    return in_sum(regular(dimension), product_of_norms([1, dimension], [1, 2]))


def naive_bayes(features: int, dependent: int) -> Coefficient:
    """A binary hidden class and n binary ``features``, independent given the class; in truth ``dependent`` of them depend on it.

    With d_i the effect of the class on feature i and t its probability, K is comparable to the squares of n means and of the
    t (1-t) d_i d_j. dependent >= 3: λ = (2n+1)/2, m = 1, regular. dependent = 2: λ = (2n-1)/2, m = 1. dependent = 0 (a single
    one cannot be told from none): λ = (n+1)/2, and m = 3 if n = 2, else 1.

    Conditions: the truth inside the probability simplex; dependent >= 3 also means two classes of positive probability.
    Convention: Watanabe's. Source: rusakov2005asymptotic for n = 2 (Theorem 4, claims d and e), else derived.
    Raises ``ValueError`` unless there are two features or more, of which 0, 2 or more depend on the class.
    """
    n = _whole("features", features, 2, "a single feature sees nothing of the class")
    found = _dependent("dependent", dependent, n)
    if found:
        return regular(2 * n + 1) if found >= 3 else minimally_singular(2 * n - 1)
    return in_sum(regular(n), in_product(regular(1), pairwise_products(n)))


def one_factor(variables: int, loadings: int) -> Coefficient:
    """Gaussian factor analysis with one factor, Σ = Ψ + ββᵀ, in p ``variables``; in truth ``loadings`` of the β_i are not 0.

    loadings >= 3: λ = p. loadings = 2: λ = (2p-1)/2. loadings = 0 (a single one cannot be told from none): λ = 3p/4 for p >= 3,
    3/2 for p = 2. m = 1 except for p = 2, loadings = 0, where m = 2.

    Conditions: Ψ diagonal with positive entries, known means. Convention: Watanabe's.
    Source: saravanan2026hyvarinen for λ (abstract); that the three values go with these strata, and m, derived: K is comparable to
    the squares of p variances and of the β_i β_j, less their true values.
    Raises ``ValueError`` unless there are two variables or more, and 0, 2 or more loadings.
    """
    p = _whole("variables", variables, 2, "a single variable sees nothing of the factor")
    found = _dependent("loadings", loadings, p)
    if found:
        return regular(2 * p) if found >= 3 else minimally_singular(2 * p - 1)
    return in_sum(regular(p), pairwise_products(p))


def _dependent(name: str, value: object, all_of_them: int) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or value not in (0, *range(2, all_of_them + 1)):
        why = f"there are {all_of_them}, and a single one cannot be told from none"
        raise ValueError(f"{name} must be 0 or a whole number from 2 to {all_of_them}, not {value!r}: {why}")
    return int(value)


# -- Bounds --------------------------------------------------------------------------------------


def general_bounds(parameters: int) -> Bounds:
    """0 < λ <= d/2 for any analytic K in d ``parameters``; also 1 <= m <= d.

    Conditions: φ positive at an optimal parameter in the interior of W. Fails if φ vanishes on the optimal set (``normal_crossing``
    warns), and at cusps of the boundary of W. Convention: Watanabe's. Source: watanabe1999nonregular (abstract).
    Raises ``ValueError`` unless d is a whole number of at least 1.
    """
    return Bounds(Fraction(0), regular(parameters).lam)


def hessian_bounds(rank: int, codimension: int) -> Bounds:
    """rank/2 <= λ <= codimension/2: of the Hessian of K at a zero, and of the zero set of K near it.

    Conditions: an interior zero, φ positive. Convention: Watanabe's. Source: derived: below, split off the nondegenerate squares;
    above, go to nearby smooth points of the zero set, where K is at most a multiple of the squared distance to it.
    Raises ``ValueError`` unless the codimension is a whole number of at least 1, and the rank one from 0 to it.
    """
    c = _whole("codimension", codimension, 1, "K is zero on no open set")
    return Bounds(Fraction(_rank("rank", rank, c, "along the zero set the Hessian vanishes"), 2), Fraction(c, 2))


def sbic_mixture_bound(components: int, true_components: int, parameters: int, phi: Fraction | int | None = None) -> Bounds:
    """What the R package sBIC takes for λ of mixtures: min{j r + j - 1 + φ (i - j), r i + j - 1} / 2.

    i ``components`` are fitted, j are true, each has r ``parameters``; φ is the user's choice, (r + 1)/2 if not given.

    Conditions: an upper bound at best, which a smaller φ can break. Convention: Watanabe's.
    Source: weihs2016sbicpkg (R/MixtureModels.R, function learnCoef, there with m = 1).
    Raises ``ValueError`` unless the first three are whole numbers of at least 1, the second at most the first, and φ a positive fraction.
    """
    i = _whole("components", components, 1, "the model has one at least")
    j = _whole("true_components", true_components, 1, "the truth has one at least")
    r = _whole("parameters", parameters, 1, "it counts the parameters of a component")
    if j > i:
        raise ValueError(f"true_components must be at most components = {i}, not {j}: otherwise the truth is outside the model")
    chosen = Fraction(r + 1, 2) if phi is None else _fraction("phi", phi, "the result is exact")
    if chosen <= 0:
        raise ValueError(f"phi must be above 0, not {chosen}: more components do not cost less")
    return Bounds(Fraction(0), min(j * r + j - 1 + chosen * (i - j), Fraction(r * i + j - 1)) / 2)


def factor_analysis_bound(variables: int, factors: int, rank: int) -> Bounds:
    """Gaussian factor analysis with k ``factors`` in p ``variables``, truth with r = ``rank``: λ <= [p (k+2) + r (p-k+1)] / 4.

    Conditions: generic loadings of rank r, and further rank conditions of the source. Convention: Watanabe's.
    Source: drton2025factor (summary of its first version), and weihs2016sbicpkg (R/FactorAnalyses.R, there as λ itself, with m = 1).
    Raises ``ValueError`` unless k is a whole number from 1 to p - 1, and r one from 0 to k.
    """
    p = _whole("variables", variables, 2, "a single variable sees nothing of the factors")
    k = _whole("factors", factors, 1, "without factors the model is regular")
    if k >= p:
        raise ValueError(f"factors must be fewer than variables = {p}, not {k}: with as many, every covariance fits")
    r = _rank("rank", rank, k, "the truth has no more factors than the model")
    return Bounds(Fraction(0), Fraction(p * (k + 2) + r * (p - k + 1), 4))


def nonnegative_factorisation_bound(rows: int, inner: int, columns: int, true_inner: int) -> Bounds:
    """Non-negative factorisation AB, inner dimension H, of a matrix of non-negative rank H_0: λ <= [(H-H_0) min(M,N) + H_0 (M+N-1)] / 2.

    Conditions: entries of A and B not negative, Gaussian noise. Exact for H_0 = 0 and for H = H_0 = 1. Convention: Watanabe's.
    Source: hayashi2016nmf, as written in a program by its first author (github.com/chijan-nh/LearningCoefficient-RLCT-ofNMF).
    Raises ``ValueError`` unless the sizes are whole numbers of at least 1, and H_0 one from 0 to the smallest.
    """
    M, H, N = (_whole(name, size, 1, "it is a side of a matrix") for name, size in (("rows", rows), ("inner", inner), ("columns", columns)))
    H0 = _rank("true_inner", true_inner, min(M, H, N), "the truth is inside the model, and a matrix has no greater rank than sides")
    return Bounds(Fraction(0), Fraction((H - H0) * min(M, N) + H0 * (M + N - 1), 2))
