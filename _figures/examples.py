"""Numbers of worked examples that no line of arithmetic gives: each function says its formula, its conditions and where it is used.

Standard library only, deterministic, milliseconds a call: formulas of the site call them as ``\\computed{…}``. tests/test_examples.py
computes each a second time, in another way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb, cos, cosh, erf, exp, isclose, lgamma, log, log2, pi, sin, sqrt, tanh
from statistics import NormalDist

from _figures.coefficients import Coefficient, _whole

# -- Phases --------------------------------------------------------------------------------------


def level_sample_size(loss_gap: float, coefficient_gap: float, log_odds: float = 0) -> float:
    """The sample size n at which two phases stand at given odds: n ΔL - Δλ log n = ``log_odds``; 0, if not given, is where they are level.

    ΔL, the ``loss_gap``, is by how much the more complex phase is better, Δλ, the ``coefficient_gap``, by how much its λ is larger.
    Positive log odds favour it. Of two solutions this is the larger, past the minimum of the left side at n = Δλ/ΔL.

    Conditions: leading terms only; constants and fluctuations are left out. Serves the entries accuracy-complexity trade-off, Bayesian
    phase transition and singular learning process. Raises ``ValueError`` unless both gaps are positive and a solution exists.
    """
    if loss_gap <= 0 or coefficient_gap <= 0:
        raise ValueError(f"both gaps must be above 0, not {loss_gap} and {coefficient_gap}: otherwise one phase wins throughout")
    low = coefficient_gap / loss_gap
    if low * loss_gap - coefficient_gap * log(low) > log_odds:
        raise ValueError(f"log_odds must be larger than {log_odds}: the phases never stand at these odds")
    high = 2 * low
    while high * loss_gap - coefficient_gap * log(high) < log_odds:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * loss_gap - coefficient_gap * log(middle) < log_odds else (low, middle)
    return high


def end_point(order: int, prior: Fraction | int = 0) -> Coefficient:
    """K = w^p times a positive function, p = ``order``, at the end w = 0 of an interval, prior like w^h: λ = (h + 1) / p, m = 1.

    The volume of K < ε is that of w < ε^(1/p), of order ε^((h+1)/p). A cusp 0 <= v <= w^h on which K is comparable to w^p comes to the
    same: what is left of the prior, with v integrated out, is w^h. The bound λ <= d/2 need not hold here.

    Conditions: h > -1. Convention: Watanabe's. Source: derived. Serves the entry boundary of the parameter space.
    Raises ``ValueError`` unless p is a whole number of at least 1 and h > -1.
    """
    if prior <= -1:
        raise ValueError(f"prior must be above -1, not {prior}: w^h cannot be integrated near 0 otherwise")
    return Coefficient((Fraction(prior) + 1) / _whole("order", order, 1, "it is the order of a zero"), 1)


# -- Tosses of a coin, uniform prior ---------------------------------------------------------------


def digamma(x: float) -> float:
    """ψ(x), the derivative of log Γ at x > 0: recurrence up to 10, then the asymptotic series. -ψ(1) is Euler's constant.

    Serves the entry free energy formula (Euler's constant), and the functions of the coin below.
    """
    if x <= 0:
        raise ValueError(f"x must be above 0, not {x}: the recurrence starts there")
    total = 0.0
    while x < 10:
        total -= 1 / x
        x += 1
    return total + log(x) - 1 / (2 * x) - 1 / (12 * x**2) + 1 / (120 * x**4) - 1 / (252 * x**6) + 1 / (240 * x**8)


def coin_gibbs_loss(heads: int, tosses: int, beta: float = 1) -> float:
    """The posterior mean of the empirical loss per toss, E[L_n(w)], for a coin with uniform prior at inverse temperature β.

    The posterior is Beta(βh + 1, βt + 1) for h heads and t tails, so the mean of -log w is ψ(βn + 2) - ψ(βh + 1), and of -log(1 - w) with
    t in place of h. Serves DIC, Gibbs training loss and WBIC.
    """
    tails = tosses - heads
    whole = digamma(beta * tosses + 2)
    return (heads * (whole - digamma(beta * heads + 1)) + tails * (whole - digamma(beta * tails + 1))) / tosses


def coin_functional_variance(heads: int, tosses: int) -> float:
    """V_n = Σ V[log p(X_i|w)] for a coin with uniform prior at β = 1.

    The posterior is Beta(h + 1, t + 1), under which log w has variance ψ'(h + 1) - ψ'(n + 2) = Σ 1/k² over h < k < n + 2, and log(1 - w) with
    t in place of h. Serves functional variance, WAIC and Gibbs training loss.
    """
    return sum(count * sum(1 / k**2 for k in range(count + 1, tosses + 2)) for count in (heads, tosses - heads))


def coin_wbic_temperature(heads: int, tosses: int) -> float:
    """The β at which the posterior mean of n L_n equals the free energy F_n, for a coin with uniform prior: what 1/log n stands in for.

    F_n = log((n + 1) binomial(n, h)); the mean decreases in β, so the equation is solved by bisection. Serves WBIC.
    """
    free_energy = log((tosses + 1) * comb(tosses, heads))
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if tosses * coin_gibbs_loss(heads, tosses, middle) > free_energy else (low, middle)
    return high


# -- Tests and probabilities ---------------------------------------------------------------------


def coin_test_power(tosses: int, level: float, bias: float) -> float:
    """The power, at heads of probability ``bias``, of the two-sided test that a coin is fair, by its number X of heads.

    Rejected if |X - n/2| is above c, the least c for which this has a probability of at most ``level`` under a fair coin. Not randomised, so
    that the level is not used up. Conditions: n up to 1000. Serves consistent test. Raises ``ValueError`` otherwise.
    """
    if not 0 <= level <= 1 or tosses > 1000:
        raise ValueError(f"level must be from 0 to 1 and tosses at most 1000, not {level} and {tosses}: it is a probability, and 2^n must fit a float")
    tail, reached = 0, -1
    while 2 * (tail + comb(tosses, reached + 1)) <= level * 2**tosses:
        reached += 1
        tail += comb(tosses, reached)
    rejected = [heads for heads in range(tosses + 1) if min(heads, tosses - heads) <= reached]
    return sum(comb(tosses, heads) * bias**heads * (1 - bias) ** (tosses - heads) for heads in rejected)


def coin_likelihood_ratio_level(tosses: int, point: float) -> float:
    """How often the likelihood ratio test rejects a fair coin that is fair: P(2n [log 2 - H(X/n)] > ``point``), H the entropy in nats.

    Serves Wilks's theorem.
    """
    def statistic(heads: int) -> float:
        shares = (heads / tosses, 1 - heads / tosses)
        return 2 * tosses * (log(2) + sum(share * log(share) for share in shares if share > 0))

    return sum(comb(tosses, heads) for heads in range(tosses + 1) if statistic(heads) > point) / 2**tosses


def normal_quantile(probability: float) -> float:
    """The z that a standard normal variable stays below with the given probability. Serves likelihood ratio test, misspecified model, Goodhart's law."""
    return NormalDist().inv_cdf(probability)


def entropy_bits(probability: float) -> float:
    """The entropy of a bit that is 1 with the given probability p: -p log p - (1 - p) log(1 - p), in bits. Serves redundancy, Telephone theorem."""
    if not 0 <= probability <= 1:
        raise ValueError(f"probability must be from 0 to 1, not {probability}: the bit is 1 so often")
    return -sum(p * log2(p) for p in (probability, 1 - probability) if p > 0)


# -- Integrals and minima ------------------------------------------------------------------------


def euler_integral(n: float) -> float:
    """∫ e^(-t) / (1 + t/n) dt over t > 0, which is n e^n E_1(n), by the continued fraction of the exponential integral.

    Conditions: n of 1 or more (200 steps are then plenty). Serves asymptotic expansion. Raises ``ValueError`` otherwise.
    """
    if not n >= 1:
        raise ValueError(f"n must be at least 1, not {n}: below, the continued fraction converges too slowly")
    value = n
    for k in range(200, 0, -1):
        value = n + k / (1 + k / value)
    return n / value


def kgon_loss(corners: int, inputs: int) -> float:
    """The least loss of a k-gon in the toy model of superposition with two hidden dimensions, E|x - ReLU(W'Wx + b)|².

    One of the ``inputs`` is active at a time, each as often, with uniform size in [0, 1]. k = ``corners`` columns of W form a regular polygon of
    radius √a with a common bias b; the others are zero, with a bias that is not positive, and lose E x² = 1/3 each. The loss of a corner,
    ∫ (x - r(ax + b))² + Σ_j r(a cos(2πj/k) x + b)² dx with r = ReLU, is integrated exactly and made least over a and b by golden sections.

    Conditions: k of at least 3 and at most the number of inputs. Serves k-gon and opposing staircase.
    """
    if not 3 <= corners <= inputs:
        raise ValueError(f"corners must be from 3 to {inputs}, not {corners}: fewer are no polygon, and each takes an input")
    cosines = [cos(2 * pi * j / corners) for j in range(1, corners)]

    def least(function: Callable[[float], float], low: float, high: float) -> float:
        golden = (sqrt(5) - 1) / 2
        left, right = high - golden * (high - low), low + golden * (high - low)
        at_left, at_right = function(left), function(right)
        for _ in range(30):
            if at_left < at_right:
                high, right, at_right = right, left, at_left
                left = high - golden * (high - low)
                at_left = function(left)
            else:
                low, left, at_left = left, right, at_right
                right = low + golden * (high - low)
                at_right = function(right)
        return min(at_left, at_right)

    def of_corner(a: float, b: float) -> float:
        start = min(max(-b / a, 0.0), 1.0)
        own = 1 / 3 - 2 * (a * (1 - start**3) / 3 + b * (1 - start**2) / 2)
        return own + squares(a, b) + sum(squares(a * cosine, b) for cosine in cosines)

    def squares(slope: float, b: float) -> float:
        if abs(slope) < 1e-9:
            return max(b, 0.0) ** 2
        return (max(slope + b, 0.0) ** 3 - max(b, 0.0) ** 3) / (3 * slope)

    corner = least(lambda b: least(lambda a: of_corner(a, b), 0.2, 4), -2, 0.3)
    return (corners * corner + (inputs - corners) / 3) / inputs


# -- Polynomials of one variable -----------------------------------------------------------------


def stationary_point(coefficients: Sequence[float], near: float) -> float:
    """The x next to ``near`` at which c_0 + c_1 x + c_2 x² + ... has derivative 0, by 50 steps of Newton's method.

    Conditions: a start from which the method converges, and a second derivative that is not 0 at x; else ``ValueError``.
    Serves: local minimum, energy landscape, scaling hypothesis.
    """
    slope = [k * c for k, c in enumerate(coefficients)][1:]
    curvature = [k * c for k, c in enumerate(slope)][1:]
    x = near
    for _ in range(50):
        bend = _polynomial(curvature, x)
        if abs(bend) <= 1e-6 * sum(map(abs, curvature)):
            raise ValueError(f"near {near} the second derivative must not be 0, as at {x:.4g}: Newton's method divides by it")
        x -= _polynomial(slope, x) / bend
    if not abs(_polynomial(slope, x)) <= 1e-9:
        raise ValueError(f"near {near} no stationary point was found: start closer to one")
    return x


def stationary_value(coefficients: Sequence[float], near: float) -> float:
    """The value of the polynomial at its ``stationary_point``. Serves: local minimum, energy landscape."""
    return _polynomial(coefficients, stationary_point(coefficients, near))


def _polynomial(coefficients: Sequence[float], x: float) -> float:
    return sum(c * x**k for k, c in enumerate(coefficients))


# -- Volumes and exponents -----------------------------------------------------------------------


def cusp_area_exponent(q: int, near: float, far: float) -> float:
    """The slope of log area{K < ε} against log ε between ε = exp(-near) and exp(-far), for K = (w_1² - w_2^q)², q odd, on [-1, 1]².

    With δ = √ε and w_2 = δ^(1/q) t the area is δ^(1/2 + 1/q) times the integral over t of the length in w_1, which is 2√(t^q + 1) for
    |t| < 1 and 2√(t^q + 1) - 2√(t^q - 1) above, up to t = δ^(-1/q). The substitutions t = s² - 1 and t = 1 + exp(r) make it smooth.
    As ε -> 0 it tends to λ = (1/2 + 1/q) / 2. Conditions: q odd and at least 3, ε small (that w_1 ends at 1 is left out). Serves: cusp.
    Raises ``ValueError`` unless q is so and 0 < near < far.
    """
    if _whole("q", q, 3, "with a smaller one there is no cusp") % 2 == 0:
        raise ValueError(f"q must be odd, not {q}: with an even one the curve has a second half at negative w_2")
    if not 0 < near < far:
        raise ValueError(f"near must be above 0 and below far, not {near} and {far}: a slope is taken from the one to the other, at ε < 1")

    def log_area(minus_log: float) -> float:
        power = minus_log / 2
        below = _simpson(lambda s: 2 * s * 2 * sqrt(max(0.0, (s * s - 1) ** q + 1)), 0, sqrt(2), 200)
        # √(t^q + 1) - √(t^q - 1) = 2 / (√(t^q + 1) + √(t^q - 1)), which does not cancel
        above = _simpson(lambda r: exp(r) * 4 / (sqrt((1 + exp(r)) ** q + 1) + sqrt((1 + exp(r)) ** q - 1)), -25, log(exp(power / q) - 1), 1000)
        return -power * (1 / 2 + 1 / q) + log(below + above)

    return (log_area(near) - log_area(far)) / (far - near)


def energy_at(n_beta: float, lam: float, m: int) -> float:
    """nβ E[K] where K has density proportional to t^(λ-1) (-log t)^(m-1) on (0, 1) under the prior, and weight exp(-nβ K).

    With t = exp(-s) both integrals are sums over s in steps of 1/50 (trapezium rule, up to s = log nβ + 40/λ). K = w² with a uniform
    prior on [-1, 1] is the case λ = 1/2, m = 1; K = w_1² w_2² on the square λ = 1/2, m = 2.
    Conditions: nβ so large that the end t = 1 has no weight: 30 is enough. Serves: internal energy.
    Raises ``ValueError`` if nβ is smaller, or unless λ > 0 and m >= 1.
    """
    if not (n_beta >= 30 and lam > 0 and m >= 1):
        raise ValueError(f"n_beta must be at least 30, lam above 0, m at least 1, not {n_beta}, {lam}, {m}: the end t = 1 has weight, or there is no density")
    grid = [i / 50 for i in range(int((log(n_beta) + 40 / lam) * 50))]
    weights = [s ** (m - 1) * exp(-lam * s - n_beta * exp(-s)) for s in grid]
    return n_beta * sum(weight * exp(-s) for weight, s in zip(weights, grid)) / sum(weights)


def mean_heat_capacity(lam: float, beta: float) -> float:
    """The limit for n -> ∞ of the mean of β² V_w[n L_n(w)], over data, for a model N(f, 1) of which f crosses 0 at its worst zeros.

    There u = √n f has density |u|^(2λ-1) on the line under the prior, and n L_n is u²/2 - u ξ up to a constant, with ξ standard normal.
    So F(β) = λ log β - log M(λ, 1/2, y), with Kummer's M and y = β ξ²/2, and -β² F'' = λ + y² (log M)''(y), averaged over ξ.
    Conditions: multiplicity 1, f of both signs alike. The average is a sum over ξ in steps of 1/5 up to 8. Serves: heat capacity.
    """

    def kummer(a: float, b: float, y: float) -> float:
        term, total, k = 1.0, 1.0, 0
        while term > 1e-17 * total:
            term *= (a + k) / (b + k) * y / (k + 1)
            total, k = total + term, k + 1
        return total

    def given(xi: float) -> float:
        y = beta * xi * xi / 2
        first, second = 2 * lam, 2 * lam * (lam + 1) / (3 / 2)
        m = kummer(lam, 1 / 2, y)
        slope, bend = first * kummer(lam + 1, 3 / 2, y) / m, second * kummer(lam + 2, 5 / 2, y) / m
        return lam + y * y * (bend - slope * slope)

    return sum(given(i / 5) * exp(-((i / 5) ** 2) / 2) * (1 if i == 0 else 2) for i in range(41)) / (5 * sqrt(2 * pi))


# -- Descent -------------------------------------------------------------------------------------


def worst_product_loss(a: float, b: float, radius: float) -> float:
    """The greatest (a'b' - 1)² at distance ``radius`` from (a, b), over 3600 directions. Serves: sharpness, sharpness-aware minimisation."""
    angles = (2 * pi * i / 3600 for i in range(3600))
    return max(((a + radius * cos(angle)) * (b + radius * sin(angle)) - 1) ** 2 for angle in angles)


def escape_time(order: int, start: float) -> float:
    """The time gradient flow on L = (a^k - 1)²/2 takes from ``start`` until a^k = 1/2: ∫ da / (k a^(k-1) (1 - a^k)), in r = log a.

    Serves: plateau. Raises ``ValueError`` unless the start is above 0 and not past the end.
    """
    if not 0 < start <= 0.5 ** (1 / order):
        raise ValueError(f"start must be above 0 and at most {0.5 ** (1 / order):.4g}, not {start}: the flow never gets from there to the end")
    return _simpson(lambda r: exp((2 - order) * r) / (order * (1 - exp(order * r))), log(start), -log(2) / order, 400)


def equal_weights_sharpness(start: float, rate: float, steps: int) -> float:
    """The greatest Hessian eigenvalue of (w_1 w_2 w_3 w_4 - 1)²/2 after some steps of gradient descent from four equal weights.

    They stay equal, w <- w - η (w⁴ - 1) w³. The Hessian has w⁶ on the diagonal and g = w⁶ + (w⁴ - 1) w² off it, so its eigenvalues are
    w⁶ + 3g, and w⁶ - g three times. Serves: progressive sharpening.
    """
    w = start
    for _ in range(steps):
        w -= rate * (w**4 - 1) * w**3
    off = w**6 + (w**4 - 1) * w**2
    return max(w**6 + 3 * off, w**6 - off)


# -- Magnets -------------------------------------------------------------------------------------


def mean_field_magnetisation(coupling: float, field: float = 0.0) -> float:
    """The greatest solution of M = tanh(c M + H), c >= 0: the map is applied a thousand times, from M = 1. Serves: order parameter, hysteresis.

    Raises ``ValueError`` where that does not settle: for c < 0, and within about a hundredth of the transition at c = 1, H = 0.
    """
    magnetisation = 1.0
    for _ in range(1000):
        before, magnetisation = magnetisation, tanh(coupling * magnetisation + field)
    if coupling < 0 or abs(magnetisation - before) > 1e-9:
        raise ValueError(f"coupling must be at least 0 and away from the transition, not {coupling} at field {field}: the map does not settle in 1000 steps")
    return magnetisation


def mean_spin(spins: int, coupling: float, field: float) -> float:
    """The mean of s_1 where N spins have weight exp((c/N) (Σ s)² + h Σ s): a sum over the number of spins up.

    Serves: spontaneous symmetry breaking.
    """
    logs = [-lgamma(up + 1) - lgamma(spins - up + 1) + coupling / spins * (2 * up - spins) ** 2 + field * (2 * up - spins)
            for up in range(spins + 1)]
    top = max(logs)
    weights = [exp(value - top) for value in logs]
    return sum(weight * (2 * up - spins) for up, weight in enumerate(weights)) / (spins * sum(weights))


def bond_moving_fixed_point() -> float:
    """The J > 0 with J = (1/2) log cosh 4J, by bisection: below it the map falls, above it rises. Serves: real-space renormalisation."""
    low, high = 0.1, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if log(cosh(4 * middle)) / 2 < middle else (low, middle)
    return low


# -- Posteriors of a square and of a product ------------------------------------------------------


def log_beta(a: float, b: float) -> float:
    """log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b), for a, b > 0.

    With a Beta(a, b) prior on the probability of heads, k heads among n tosses have F_n = log B(a, b) - log B(a + k, b + n - k).
    Serves: Jeffreys prior. Raises ``ValueError`` otherwise.
    """
    if not (a > 0 and b > 0):
        raise ValueError(f"a and b must be above 0, not {a} and {b}: the integral diverges otherwise")
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def swap_acceptance(lam: int, ratio: float) -> float:
    """The probability that a swap between inverse temperatures with this ratio r > 1 is accepted, for a whole number λ >= 1.

    Both energies have Gamma laws, β_1 E_1 and β_2 E_2 of shape λ, independent. The mean of min(1, exp((β_1 - β_2)(E_1 - E_2))) is
    2 P(E_1 > E_2) for β_1 = r β_2, that is 2 P(B > r/(1+r)) with B of the law Beta(λ, λ): a binomial tail.
    Serves: parallel tempering. Raises ``ValueError`` otherwise.
    """
    lam = _whole("lam", lam, 1, "a Gamma law of another shape has no binomial tail")
    if not ratio > 1:
        raise ValueError(f"ratio must be above 1, not {ratio}: it is that of the larger inverse temperature to the smaller")
    tosses, low = 2 * lam - 1, 1 / (1 + ratio)
    terms = (lgamma(tosses + 1) - lgamma(k + 1) - lgamma(tosses - k + 1) + k * log(low) + (tosses - k) * log(1 - low) for k in range(lam, tosses + 1))
    return 2 * sum(exp(term) for term in terms)


def llc_of_shifted_square(n_beta: float, gamma: float, shift: float = 0.0, curvature: float = 1.0) -> float:
    """The exact mean nβ (E[L] - L(0)) for L = a (w - m)² / 2 under the density proportional to exp(-nβ L - γ w² / 2) on the line.

    With S = nβ a + γ the density is normal with mean nβ a m / S and variance 1/S, so the value is nβ a [1/S + (γ m / S)² - m²] / 2.
    Serves: LLC estimate, negative LLC estimate. Raises ``ValueError`` unless S is positive.
    """
    precision = n_beta * curvature + gamma
    if not precision > 0:
        raise ValueError(f"n_beta * curvature + gamma must be above 0, not {precision}: there is no such density otherwise")
    return n_beta * curvature / 2 * (1 / precision + (gamma * shift / precision) ** 2 - shift**2)


def free_energy_of_product(n: float) -> float:
    """-log of the mean of exp(-n w_1² w_2²) over the square [-1, 1]², for n >= 10.

    The product u = |w_1 w_2| has density -log u, so with u = exp(-s) it is -log ∫_0^∞ s exp(-s - n exp(-2s)) ds (trapezium rule up to
    s = 60; the error is below 10⁻⁷). Serves: evidence lower bound. Raises ``ValueError`` if n is smaller.
    """
    if not n >= 10:
        raise ValueError(f"n must be at least 10, not {n}: below, the steps at the edge of the square are too coarse")
    steps = 6000
    width = 60 / steps
    return -log(width * sum(i * width * exp(-i * width - n * exp(-2 * i * width)) for i in range(1, steps)))


def mean_field_of_product(n: float) -> float:
    """The least E_q[log q/φ + n w_1² w_2²] over laws q with independent coordinates on [-1, 1]², φ uniform, for n > 0.

    The best q has factors proportional to exp(-t_1 w_1²) and exp(-t_2 w_2²), where t_2 = n v(t_1) and v is the mean of w²; the value is
    then -t_1 v(t_1) - log Z(t_1) - log Z(t_2). Its minimum over t_1 is sought on a grid in log t_1, each time around the best point.
    Serves: evidence lower bound. Raises ``ValueError`` unless n is positive.
    """
    if not n > 0:
        raise ValueError(f"n must be above 0, not {n}: its logarithm bounds the grid")

    def value(log_t: float) -> float:
        mean, log_z = _square_on_interval(exp(log_t))
        return -exp(log_t) * mean - log_z - _square_on_interval(n * mean)[1]

    low, high = min(0.0, log(n)) - 10, log(n) + 1
    while high - low > 1e-6:
        width = (high - low) / 100
        best = min((low + i * width for i in range(101)), key=value)
        low, high = best - width, best + width
    return value(best)


def mean_of_square(n: float, beta: float) -> float:
    """The mean of n w² / 2 under the density proportional to exp(-β n w² / 2) on [-1, 1], for n, β >= 0.

    Serves: thermodynamic integration, WBIC. Raises ``ValueError`` otherwise.
    """
    if not (n >= 0 and beta >= 0):
        raise ValueError(f"n and beta must be at least 0, not {n} and {beta}: they are a sample size and an inverse temperature")
    return n / 2 * _square_on_interval(beta * n / 2)[0]


def free_energy_of_square(n: float) -> float:
    """-log of the mean of exp(-n w² / 2) over [-1, 1], which is -log [√(π/2n) erf √(n/2)], for n >= 0.

    Serves: thermodynamic integration, WBIC temperature. Raises ``ValueError`` otherwise.
    """
    if not n >= 0:
        raise ValueError(f"n must be at least 0, not {n}: it is a sample size")
    return -_square_on_interval(n / 2)[1]


def thermodynamic_trapezium(n: float, points: int, power: float = 1.0) -> float:
    """The trapezium rule for the integral of ``mean_of_square`` over β from 0 to 1, at β_i = (i / (points - 1))^power, i = 0, 1, ...

    Serves: thermodynamic integration.
    """
    betas = [(i / (points - 1)) ** power for i in range(points)]
    means = [mean_of_square(n, beta) for beta in betas]
    return sum((betas[i] - betas[i - 1]) * (means[i] + means[i - 1]) / 2 for i in range(1, points))


def best_wbic_temperature(n: float) -> float:
    """The β at which ``mean_of_square`` equals ``free_energy_of_square``, by bisection in (0, 1): the mean falls with β.

    Serves: WBIC temperature.
    """
    low, high, target = 0.0, 1.0, free_energy_of_square(n)
    while not isclose(low, high, rel_tol=1e-12):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_of_square(n, middle) > target else (low, middle)
    return low


def _square_on_interval(t: float) -> tuple[float, float]:
    """The mean of w² under the density proportional to exp(-t w²) on [-1, 1], and the log of the mean of exp(-t w²) over [-1, 1]."""
    if t < 1e-4:
        return 1 / 3 - 4 * t / 45, -t / 3 + 2 * t * t / 45
    z = sqrt(pi / t) * erf(sqrt(t)) / 2
    return (1 - exp(-t) / z) / (2 * t), log(z)


# -- Curves that meet in a point -------------------------------------------------------------------


def leaves_free_energy(leaves: int, n: float, scale: float = 1) -> float:
    """-log of ∫ exp(-n f²) over the unit disc, with f = c r^k cos(kθ): k lines through the centre (``leaves``), c the ``scale``.

    x³ - 3xy² is k = 3, c = 1, and xy, turned by an eighth, k = 2, c = 1/2. The mean of exp(-a cos²) over the angle is exp(-a/2) I_0(a/2),
    so with r = exp(-t) the integral is 2π ∫_0^∞ exp(-2t) exp(-a/2) I_0(a/2) dt, a = n c² exp(-2kt); Simpson's rule, far past a = 1.
    Conditions: uniform measure, no noise, n >= 1. Serves: does-bayes-trade-loss-against-complexity.
    Raises ``ValueError`` if n is smaller, or unless ``leaves`` is a whole number of at least 1.
    """
    leaves = _whole("leaves", leaves, 1, "f would have no zero")
    if not n >= 1:
        raise ValueError(f"n must be at least 1, not {n}: the end of the integral is chosen for such")
    strength = n * scale * scale / 2
    steps, end = 2000, log(n + 1) / 2 + 20
    width = end / steps
    values = [exp(-2 * width * i) * _scaled_bessel(strength * exp(-2 * leaves * width * i)) for i in range(steps + 1)]
    return -log(2 * pi * width / 3 * (values[0] + values[-1] + 4 * sum(values[1:-1:2]) + 2 * sum(values[2:-1:2])))


def _scaled_bessel(x: float) -> float:
    """exp(-x) I_0(x) for x >= 0: the power series up to 30, then the asymptotic one."""
    term = total = 1.0
    if x <= 30:
        k = 0
        while term > 1e-17 * total:
            k += 1
            term *= (x / (2 * k)) ** 2
            total += term
        return exp(-x) * total
    for k in range(1, 15):
        term *= (2 * k - 1) ** 2 / (8 * k * x)
        total += term
    return total / sqrt(2 * pi * x)


# -- Integration -----------------------------------------------------------------------------------


def _simpson(f: Callable[[float], float], low: float, high: float, steps: int) -> float:
    width = (high - low) / steps
    return width / 3 * sum((1 if i in (0, steps) else 4 if i % 2 else 2) * f(low + i * width) for i in range(steps + 1))
