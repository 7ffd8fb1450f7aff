"""One step of decimation as a map of the coupling: the Ising chain, and the square lattice in the Migdal–Kadanoff approximation.

The coordinate is t = tanh J, which runs from 0 (no coupling) to 1 (infinite coupling). Chain: summing out every second spin
gives tanh J' = tanh² J, exactly. Square lattice: decimation makes new couplings, so bonds are first moved, J → 2J, and then
every second spin is summed out as in a chain: tanh J' = tanh² 2J. This is an approximation for lattices of spins, and exact on a
hierarchical one. Each staircase iterates the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas

if TYPE_CHECKING:
    from collections.abc import Callable

EXACT = float(np.log(1 + np.sqrt(2)) / 2)  # Onsager's critical coupling of the square lattice


def chain(t: np.ndarray | float) -> np.ndarray | float:
    """tanh J' for a chain."""
    return t**2


def square(t: np.ndarray | float) -> np.ndarray | float:
    """tanh J' for the square lattice: tanh 2J = 2t/(1 + t²), squared."""
    return (2 * t / (1 + t**2)) ** 2


def staircase(step: Callable[[float], float], t: float, steps: int) -> np.ndarray:
    """The corners of the staircase that iterates a map from t."""
    corners = [(t, t)]
    for _ in range(steps):
        corners += [(t, step(t)), (step(t), step(t))]
        t = step(t)
    return np.array(corners)


def draw() -> Drawing:
    fixed = brentq(lambda t: square(t) - t, 0.1, 0.9)
    critical = float(np.arctanh(fixed))
    growth = 2 * np.tanh(4 * critical)  # dJ'/dJ where tanh J' = tanh² 2J
    couplings = np.arctanh(staircase(chain, np.tanh(1.0), 3)[::2, 0])
    values = {f"chain{step}": f"{coupling:.3f}" for step, coupling in enumerate(couplings)}
    values |= {
        "fixed": f"{critical:.4f}",
        "fixed_t": f"{fixed:.3f}",
        "exact": f"{EXACT:.4f}",
        "growth": f"{growth:.3f}",
        "nu": f"{np.log(2) / np.log(growth):.3f}",
        "below": "0.28",
        "above": "0.33",
    }
    starts = {"chain": (np.tanh(1.5),), "square": (np.tanh(float(values["above"])), np.tanh(float(values["below"])))}
    t = np.linspace(0, 1, 41)
    with canvas(height=2.65) as figure:
        panels = figure.subplots(1, 2, sharey=True, subplot_kw={"aspect": "equal", "xlim": (0, 1.02), "ylim": (0, 1.02), "xticks": (0, 0.5), "yticks": (0, 0.5, 1)})
        for axes, step, begins in zip(panels, (chain, square), starts.values(), strict=True):
            axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8)
            axes.plot(t, step(t), color=SERIES[0])
            for number, begin in enumerate(begins):
                path = staircase(step, begin, 6 if step is chain else 8)
                axes.plot(*path.T, color=SERIES[1 + number], linewidth=1.3)
                axes.plot(*path[0], "o", color=SERIES[1 + number], markersize=4)
            axes.set_xlabel("tanh J before")
        panels[0].set_ylabel("tanh J after")
        panels[0].text(0.03, 0.92, "chain")
        panels[1].text(0.03, 0.92, "square lattice")
        panels[1].plot(fixed, fixed, "o", markersize=7, markerfacecolor="none", markeredgecolor=INK)
        panels[1].text(fixed + 0.08, fixed - 0.09, f"fixed: J = {critical:.3f}")
        svg = as_svg(figure)
    alt = (
        "Two square plots of the coupling after a step of decimation against the coupling before, with staircases that iterate the map. For the Ising chain every staircase "
        f"falls to zero: from J = 1 to {values['chain1']}, {values['chain2']}, {values['chain3']}. For the square lattice, in the Migdal–Kadanoff approximation, a fixed point at "
        f"J = {values['fixed']} separates starts that fall to zero from starts that grow without bound."
    )
    return Drawing(svg, alt, values)
