"""A posterior drawing together at a regular point and at a crossing, as n grows.

On [-1, 1]² with a uniform prior and no noise in the data the posterior is proportional to exp(-nK). Its level sets are discs
for K = w₁² + w₂² and crosses |w₁w₂| < c for K = w₁²w₂². Drawn are the smallest regions that hold 50, 90 and 99 % of it.
"""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Circle, Polygon
from scipy.integrate import quad
from scipy.optimize import brentq

from _figures.drawing import SERIES, Drawing, as_svg, canvas

SAMPLES = (10, 100, 1000)
HELD = (0.99, 0.9, 0.5)


def disc(n: int, held: float) -> float:
    """Radius of the disc that holds this share: 1 - exp(-n r²) of the whole, which misses the square's corners by less than 10⁻⁴."""
    return float(np.sqrt(-np.log(1 - held) / n))


def cross(n: int, held: float) -> float:
    """The logarithm of the c for which |w₁w₂| < c holds this share; under the prior s = |w₁w₂| has the density -log s on (0, 1)."""

    def weight(c: float) -> float:
        # s = e^-t takes the logarithm off zero
        return quad(lambda t: t * np.exp(-t - n * np.exp(-2 * t)), -np.log(c), 60, limit=200)[0]

    whole = weight(1.0)
    return float(brentq(lambda log_c: weight(np.exp(log_c)) / whole - held, -40, 0))


def cross_outline(c: float) -> np.ndarray:
    """The corners of the region |w₁w₂| < c of the square, quarter turn by quarter turn."""
    w = np.geomspace(1, c, 12)
    quarter = np.column_stack([w, c / w])
    turn = np.array([[0, 1], [-1, 0]])
    return np.concatenate([quarter @ np.linalg.matrix_power(turn, k) for k in range(4)])


def draw() -> Drawing:
    values = {}
    with canvas(height=3.6) as figure:
        panels = figure.subplots(2, 3, subplot_kw={"aspect": "equal", "xlim": (-1, 1), "ylim": (-1, 1), "xticks": [], "yticks": []})
        for column, n in enumerate(SAMPLES):
            for held, shade in zip(HELD, (0.3, 0.45, 1), strict=True):
                radius, c = disc(n, held), np.exp(cross(n, held))
                for row, region in enumerate((Circle((0, 0), radius), Polygon(cross_outline(c)))):
                    region.set(facecolor=SERIES[0], alpha=shade, linewidth=0)
                    panels[row, column].add_patch(region)
                if held == 0.9:
                    areas = (np.pi * radius**2 / 4, c * (1 - np.log(c)))
                    for row, (name, area) in enumerate(zip(("regular", "crossing"), areas, strict=True)):
                        values[f"{name}{n}"] = f"{100 * area:.2g} %"
                        panels[row, column].set_xlabel(f"90 % in {values[f'{name}{n}']}")
            panels[0, column].set_title(f"n = {n}", fontsize=10.5)
        for row, loss in enumerate(("K = w₁² + w₂²", "K = w₁²w₂²")):
            panels[row, 0].set_ylabel(loss)
        for panel in panels.flat:
            panel.spines[["top", "right"]].set_visible(True)
        svg = as_svg(figure)
    alt = (
        "Six squares of parameters: two losses, each at 10, 100 and 1000 samples, shaded where the posterior is. For w₁² + w₂² it is a disc that shrinks to a dot: "
        f"nine tenths of it lie in {values['regular10']}, {values['regular100']} and {values['regular1000']} of the square. For w₁²w₂² it is a cross along both axes "
        f"whose arms grow thinner but keep their length: {values['crossing10']}, {values['crossing100']} and {values['crossing1000']}."
    )
    return Drawing(svg, alt, values)
