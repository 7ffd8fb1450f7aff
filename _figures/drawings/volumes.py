"""The prior share of parameters with K < ε, for four losses on [-1, 1]² with a uniform prior, and the slopes with which it shrinks.

Three shares are closed forms and one is a quadrature. The dashed lines are fitted to the two smallest decades drawn (shaded);
the slope of the regular loss w₁² + w₂² is d/2 = 1, and where a logarithm stands beside the power the fit is still below λ.
"""

from __future__ import annotations

import numpy as np

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas, decades

EPSILON = np.logspace(-8, -0.5, 31)
FITTED = EPSILON <= EPSILON[0] * 100.1


def regular_share(epsilon: np.ndarray) -> np.ndarray:
    """The share of [-1, 1]² with w₁² + w₂² < ε ≤ 1: a disc."""
    return np.pi * epsilon / 4


def quartic_share(epsilon: np.ndarray) -> np.ndarray:
    """The share of [-1, 1]² with w₁² + w₂⁴ < ε: its area is ε^{3/4} times that of u² + v⁴ < 1, for ε ≤ 1."""
    v = np.linspace(0, 1, 20001)
    return epsilon**0.75 * np.trapezoid(np.sqrt(1 - v**4), v)


def product_share(k: int, epsilon: np.ndarray) -> np.ndarray:
    """The share of [-1, 1]² with |w₁w₂|ᵏ < ε."""
    t = epsilon ** (1 / k)
    return t * (1 - np.log(t))


#: Loss, share of the square, exponent λ as a number and as printed.
LOSSES = (
    ("w₁² + w₂²", regular_share, 1.0, "1 = d/2"),
    ("w₁² + w₂⁴", quartic_share, 0.75, "¾"),
    ("w₁²w₂²", lambda e: product_share(2, e), 0.5, "½"),
    ("w₁⁴w₂⁴", lambda e: product_share(4, e), 0.25, "¼"),
)


def fit(share: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of log V against log ε over the two smallest decades drawn."""
    slope, intercept = np.polyfit(np.log(EPSILON[FITTED]), np.log(share[FITTED]), 1)
    return float(slope), float(intercept)


def draw() -> Drawing:
    values = {}
    with canvas() as figure:
        axes = figure.add_subplot(xscale="log", yscale="log", xlim=(EPSILON[0], 0.4), ylim=(4e-10, 1.5))
        axes.axvspan(EPSILON[0], EPSILON[FITTED][-1], color=INK, alpha=0.08, linewidth=0)
        axes.text(EPSILON[FITTED][-1] / 1.3, 1e-9, "fitted here", ha="right")
        for number, (loss, share_of, _, lam) in enumerate(LOSSES):
            share = share_of(EPSILON)
            slope, intercept = fit(share)
            values[f"slope{number + 1}"] = f"{slope:.2f}"
            axes.plot(EPSILON, share, color=SERIES[number])
            axes.plot(EPSILON[[0, -1]], np.exp(intercept) * EPSILON[[0, -1]] ** slope, "--", color=INK, linewidth=1, zorder=1)
            axes.annotate(f"{loss}\nλ = {lam}\nslope {slope:.2f}", (EPSILON[0], share[0]), (-6, 0), textcoords="offset points", ha="right", va="center")
        decades(axes.xaxis, (-8, -6, -4, -2))
        decades(axes.yaxis, (-8, -6, -4, -2, 0))
        axes.yaxis.tick_right()
        axes.yaxis.set_label_position("right")
        axes.spines.left.set_visible(False)
        axes.spines.right.set_visible(True)
        axes.set_xlabel("tolerance ε")
        axes.set_ylabel("share of parameters with K < ε")
        svg = as_svg(figure)
    alt = (
        "Four curves on logarithmic axes: the share of a square of parameters whose loss is within a tolerance of the best, against the tolerance, "
        f"down to a tolerance of 10⁻⁸. The steepest, for the regular minimum w₁² + w₂², falls with slope {values['slope1']}, which is d/2; then come slopes "
        f"{values['slope2']}, {values['slope3']} and, for w₁⁴w₂⁴, {values['slope4']}. The last two are still below their exponents ½ and ¼ because of a logarithm."
    )
    return Drawing(svg, alt, values)
