"""The expected Bayes generalisation error, times n, of a singular and of a regular model with two parameters.

Singular: the linear network y = w₁w₂x + noise, with x = ±1, standard normal noise, true slope zero and a uniform prior on
[-1, 1]²; λ = ½, m = 2. Only v = w₁w₂ matters, and it has the prior density -½ log|v|. Regular: the mean (w₁, w₂) of a normal
distribution in the plane with unit variances, true mean zero, same prior; λ = d/2 = 1.

Method: no simulation. With F(n) the expected free energy less the truth's, F'(n) = ½ E|⟨v⟩|², where ⟨v⟩ is the posterior mean and
the expectation is over data (it depends on them through their mean, z/√n with z standard normal); this is an integration
by parts in z. The generalisation error is F(n+1) - F(n).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas, decades

if TYPE_CHECKING:
    from collections.abc import Callable

LAMBDA, HALF_D = 0.5, 1.0
SAMPLES = np.unique(np.round(np.logspace(0, 6, 43)).astype(int))
Z, Z_WEIGHTS = np.polynomial.hermite_e.hermegauss(41)  # expectation over z
Z_WEIGHTS = Z_WEIGHTS / Z_WEIGHTS.sum()
T, T_WEIGHTS = np.polynomial.legendre.leggauss(3)  # integral over [n, n + 1]
S = np.linspace(0, 30, 1201)  # v = ± e^-s: a step of 0.025, with Simpson's weights
S_WEIGHTS = np.concatenate([[1], np.tile([4, 2], 599), [4, 1]])


def singular_mean(n: float) -> np.ndarray:
    """Posterior mean of v = w₁w₂ for each z."""
    v = np.exp(-S)
    prior = S_WEIGHTS * S * v  # the density of |v| in s
    plus, minus = (np.exp(-((np.sqrt(n) * v - sign * Z[:, None]) ** 2) / 2) @ np.stack([prior, prior * v], axis=1) for sign in (1, -1))
    return (plus[:, 1] - minus[:, 1]) / (plus[:, 0] + minus[:, 0])


def regular_mean(n: float) -> np.ndarray:
    """Posterior mean of one coordinate for each z: that of a normal distribution cut off at ±1, in the tail where digits are kept."""
    z = np.abs(Z)
    low, high = -np.sqrt(n) - z, np.sqrt(n) - z
    return np.sign(Z) * (z + (norm.pdf(low) - norm.pdf(high)) / (norm.cdf(high) - norm.cdf(low))) / np.sqrt(n)


def error(mean: Callable[[float], np.ndarray], n: int) -> float:
    """The expected generalisation error after n samples, for one coordinate."""
    slopes = [Z_WEIGHTS @ mean(n + (1 + t) / 2) ** 2 / 2 for t in T]
    return float(T_WEIGHTS @ slopes / 2)


def draw() -> Drawing:
    singular = SAMPLES * [error(singular_mean, n) for n in SAMPLES]
    regular = SAMPLES * [2 * error(regular_mean, n) for n in SAMPLES]
    values = {f"{name}{n}": f"{curve[SAMPLES == n][0]:.2f}" for name, curve in (("singular", singular), ("regular", regular)) for n in (10, 100, 10**4, 10**6)}
    with canvas(height=3.3) as figure:
        axes = figure.add_subplot(xscale="log", xlim=(1, 10**6), ylim=(0, 1.15))
        for level, label in ((HALF_D, "regular law, d/2 = 1"), (LAMBDA, "singular law, λ = ½")):
            axes.axhline(level, color=INK, linestyle="--", linewidth=1)
            axes.text(8e5, level + 0.03, label, ha="right")
        axes.plot(SAMPLES, regular, color=SERIES[1])
        axes.plot(SAMPLES, singular, color=SERIES[0])
        axes.text(30, 0.88, "two free means")
        axes.text(120, 0.1, "y = w₁w₂x, true slope 0;\ndotted: λ − 1/log n")
        late = SAMPLES >= 8
        axes.plot(SAMPLES[late], LAMBDA - 1 / np.log(SAMPLES[late]), ":", color=INK, linewidth=1.3)
        decades(axes.xaxis, range(0, 7, 2))
        axes.set_xlabel("samples n")
        axes.set_ylabel("n × expected error")
        svg = as_svg(figure)
    alt = (
        "Two curves against the number of samples, from 1 to a million: n times the expected Bayes generalisation error of two models with two parameters. For two free normal means "
        f"it is {values['regular10']} at 10 samples and reaches d/2 = 1. For the linear network w₁w₂x with true slope zero it rises slowly from {values['singular10']} at 10 samples through "
        f"{values['singular100']} at 100 to {values['singular1000000']} at a million, below λ = ½."
    )
    return Drawing(svg, alt, values)
