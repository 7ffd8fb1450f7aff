"""The prior share of parameters with K < ε, for four losses, and the slopes with which it shrinks."""

from __future__ import annotations

import numpy as np

from _figures.drawing import Drawing, as_svg, canvas

EPSILON = np.logspace(-8, -0.5, 61)


def share(k: int, epsilon: np.ndarray) -> np.ndarray:
    """The share of [-1, 1]² with |w₁w₂|ᵏ < ε or, for k = 0, with w₁² + w₂² < ε; both by hand."""
    if k == 0:
        return np.pi * epsilon / 4
    t = epsilon ** (1 / k)
    return t * (1 - np.log(t))


#: Label, share of the square, exponent λ and multiplicity m.
LOSSES = (
    ("$w_1^2 + w_2^2$", lambda e: share(0, e), 1.0, 1),
    ("$w_1^2 + w_2^4$", lambda e: quartic_share(e), 0.75, 1),
    ("$w_1^2 w_2^2$", lambda e: share(2, e), 0.5, 2),
    ("$w_1^4 w_2^4$", lambda e: share(4, e), 0.25, 2),
)


def quartic_share(epsilon: np.ndarray) -> np.ndarray:
    """The share of [-1, 1]² with w₁² + w₂⁴ < ε: its area is ε^{3/4} times that of u² + v⁴ < 1, for ε ≤ 1."""
    v = np.linspace(0, 1, 20001)
    return epsilon**0.75 * np.trapezoid(np.sqrt(1 - v**4), v)


def slope(share: np.ndarray) -> float:
    """The slope of log V against log ε over the two smallest decades drawn."""
    low = EPSILON <= EPSILON[0] * 100
    return float(np.polyfit(np.log(EPSILON[low]), np.log(share[low]), 1)[0])


def draw() -> Drawing:
    with canvas() as figure:
        axes = figure.add_subplot()
        values = {}
        for number, (label, share_of, lam, _) in enumerate(LOSSES):
            shares = share_of(EPSILON)
            fitted = slope(shares)
            values[f"slope{number + 1}"] = f"{fitted:.2f}"
            axes.loglog(EPSILON, shares, label=f"{label}: λ = {lam:g}, slope {fitted:.2f}")
        axes.set_xlabel("tolerance ε")
        axes.set_ylabel("share of parameters with K < ε")
        axes.legend()
        svg = as_svg(figure)
    alt = (
        "Four curves on logarithmic axes: the share of a square of parameters whose loss is within a tolerance of the best, against the tolerance. "
        f"The steepest, for a regular minimum, falls with slope {values['slope1']}; the flattest, for the product of fourth powers, with slope "
        f"{values['slope4']}, still below its exponent of 0.25 because of a logarithm."
    )
    return Drawing(svg, alt, values)
