"""Two phases that compete for the posterior: their local free energies, and the share of the second, against n.

Phase 1 is simpler (λ = 3), phase 2 fits better by 0.01 nats a sample and has λ = 5. Drawn are the leading terms n L + λ log n in
expectation, with no constants, no log log n (m = 1) and no noise; the posterior odds are exp(F₁ - F₂).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas

GAIN, SIMPLE, COMPLEX = 0.01, 3.0, 5.0  # ΔL, and the two coefficients
LARGEST = 3000


def log_odds(n: np.ndarray | float) -> np.ndarray | float:
    """The log odds of phase 2, F₁ - F₂."""
    return GAIN * n - (COMPLEX - SIMPLE) * np.log(n)


def samples_at(odds: float) -> float:
    """The n at which phase 2 has these odds, beyond the least favourable n, (λ₂ - λ₁)/ΔL."""
    return float(brentq(lambda n: log_odds(n) - np.log(odds), (COMPLEX - SIMPLE) / GAIN, 1e6))


def draw() -> Drawing:
    level, early, late = samples_at(1), samples_at(1 / 99), samples_at(99)
    slope = GAIN - (COMPLEX - SIMPLE) / level
    values = {
        "crossing": f"{level:.0f}",
        "early": f"{early:.0f}",
        "late": f"{late:.0f}",
        "width": f"{late - early:.0f}",
        "slope": f"{slope:.4f}",
        "per_nat": f"{1 / slope:.0f}",
    }
    n = np.linspace(50, LARGEST, 60)
    with canvas(height=3.9) as figure:
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        for number, energy in enumerate((GAIN * n + SIMPLE * np.log(n), COMPLEX * np.log(n))):
            top.plot(n, energy, color=SERIES[number])
        top.text(2560, 51, "phase 1: λ = 3,\nloss higher by 0.01", ha="right")
        top.text(2000, 30, "phase 2: λ = 5")
        top.set_ylabel("free energy, nats")
        top.set_ylim(0, 65)
        bottom.plot(n, 100 / (1 + np.exp(-log_odds(n))), color=SERIES[1])
        bottom.axvspan(early, late, color=INK, alpha=0.12, linewidth=0)
        bottom.text(late + 60, 30, f"1 % to 99 %\nin {values['width']} samples")
        bottom.set_ylabel("phase 2, % of\nposterior")
        bottom.set_xlabel("samples n")
        bottom.set(xlim=(0, LARGEST), yticks=(0, 50, 100))
        for axes in (top, bottom):
            axes.axvline(level, color=INK, linewidth=0.9, linestyle=":")
        top.text(level - 40, 4, f"level at n = {values['crossing']}", ha="right")
        svg = as_svg(figure)
    alt = (
        f"Above, two curves of free energy against the number of samples up to {LARGEST}. The simpler phase, with coefficient 3 and a loss higher by 0.01, is lower until "
        f"n = {values['crossing']}, where the phase with coefficient 5 takes over. Below, that phase's share of the posterior: near zero, then from 1 % at n = {values['early']} "
        f"to 99 % at n = {values['late']}, then near one."
    )
    return Drawing(svg, alt, values)
