"""The prior share of parameters with K < ε, for four losses on [-1, 1]² with a uniform prior, and the slopes with which it shrinks.

The shares are closed forms, those of the explorable that takes this picture's place where scripts run. The dashed lines are fitted to the two smallest decades drawn (shaded);
the slope of the regular loss w₁² + w₂² is d/2 = 1, and where a logarithm stands beside the power the fit is still below λ.
"""

from __future__ import annotations

import numpy as np

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas, decades
from _figures.explorables import LOSSES, share

EPSILON = np.logspace(-8, -0.5, 31)
FITTED = EPSILON <= EPSILON[0] * 100.1


#: λ as printed beside each curve.
PRINTED = dict(zip(LOSSES, ("1 = d/2", "¾", "½", "¼"), strict=True))


def fit(shares: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of log V against log ε over the two smallest decades drawn."""
    slope, intercept = np.polyfit(np.log(EPSILON[FITTED]), np.log(shares[FITTED]), 1)
    return float(slope), float(intercept)


def draw() -> Drawing:
    values = {}
    with canvas() as figure:
        axes = figure.add_subplot(xscale="log", yscale="log", xlim=(EPSILON[0], 0.4), ylim=(4e-10, 1.5))
        axes.axvspan(EPSILON[0], EPSILON[FITTED][-1], color=INK, alpha=0.08, linewidth=0)
        axes.text(EPSILON[FITTED][-1] / 1.3, 1e-9, "fitted here", ha="right")
        for number, (loss, printed) in enumerate(PRINTED.items()):
            shares = np.array([share(loss, epsilon) for epsilon in EPSILON])
            slope, intercept = fit(shares)
            values[f"slope{number + 1}"] = f"{slope:.2f}"
            axes.plot(EPSILON, shares, color=SERIES[number])
            axes.plot(EPSILON[[0, -1]], np.exp(intercept) * EPSILON[[0, -1]] ** slope, "--", color=INK, linewidth=1, zorder=1)
            axes.annotate(f"{loss}\nλ = {printed}\nslope {slope:.2f}", (EPSILON[0], shares[0]), (-6, 0), textcoords="offset points", ha="right", va="center")
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
