"""Blowing up a crossing and a cusp, chart by chart, until the zeros of K = f² are straight lines that cross.

Top: f = w₁² - w₂², a crossing (w₁w₂ turned by 45°), one blow-up. Below: f = w₁² - w₂³, a cusp, three. Each step substitutes
monomials in a polynomial and splits off what divides it, so that f = x^a y^b g and the Jacobian is x^h y^k; from these follow
the exponents (h + 1)/(2a) and (k + 1)/(2b) of the axes, and ½ of the curve g = 0, where it is smooth. The smallest is λ.
Shaded is where K < 0.001. (Each picture shows one chart; the lines that leave it are in another, and have exponent ½.)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas

BAND = 0.001**0.5
Polynomial = dict[tuple[int, int], int]  # exponents of x and y -> coefficient


@dataclass(frozen=True)
class Chart:
    """f = x^powers[0] y^powers[1] g, and the Jacobian x^jacobian[0] y^jacobian[1]; which blow-up made each axis, 0 for none."""

    g: Polynomial
    powers: tuple[int, int] = (0, 0)
    jacobian: tuple[int, int] = (0, 0)
    made: tuple[int, int] = (0, 0)
    steps: int = 0

    def blown_up(self, axis: int) -> Chart:
        """The chart where the coordinate ``axis`` stays and the other is replaced by their product."""

        def joined(pair: tuple[int, int], more: int = 0) -> tuple[int, int]:
            total = sum(pair) + more
            return (total, pair[1]) if axis == 0 else (pair[0], total)

        g = {joined(exponents): coefficient for exponents, coefficient in self.g.items()}
        out = min(exponents[axis] for exponents in g)
        g = {(i - out, j) if axis == 0 else (i, j - out): coefficient for (i, j), coefficient in g.items()}
        step = self.steps + 1
        made = (step, self.made[1]) if axis == 0 else (self.made[0], step)
        return Chart(g, joined(self.powers, out), joined(self.jacobian, 1), made, step)

    def exponent(self, axis: int) -> Fraction | None:
        """(h + 1)/(2k) of an axis on which f vanishes."""
        return Fraction(self.jacobian[axis] + 1, 2 * self.powers[axis]) if self.powers[axis] else None

    def f(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        g = sum(coefficient * x**i * y**j for (i, j), coefficient in self.g.items())
        return x ** self.powers[0] * y ** self.powers[1] * g


def charts() -> list[tuple[Chart, list[np.ndarray]]]:
    """The crossing and its blow-up, then the cusp and its three; with the points of the curve, whose new coordinate is a ratio."""
    t = np.linspace(-1.6, 1.6, 32)  # without 0
    chart, curves = Chart({(2, 0): 1, (0, 2): -1}), [np.array([t, t]), np.array([t, -t])]
    found = [(chart, curves), (chart.blown_up(1), [np.array([x / y, y]) for x, y in curves])]
    chart, x, y = Chart({(2, 0): 1, (0, 3): -1}), t**3, t**2
    found.append((chart, [np.array([x, y])]))
    for axis in (1, 0, 1):
        chart, x, y = chart.blown_up(axis), x if axis == 0 else x / y, y / x if axis == 0 else y
        found.append((chart, [np.array([x, y])]))
    return found


NAMES = (
    ("w₁", "w₂", "a crossing"),
    ("u", "v", "1. w₁ = uv, w₂ = v"),
    ("w₁", "w₂", "a cusp"),
    ("u", "v", "1. w₁ = uv, w₂ = v"),
    ("s", "t", "2. u = s, v = st"),
    ("p", "q", "3. s = pq, t = q"),
)
FRACTIONS = {Fraction(1, 2): "½", Fraction(5, 12): "5/12"}


def draw() -> Drawing:
    made = charts()
    exponents = {chart.made[axis]: chart.exponent(axis) for chart, _ in made[2:] for axis in (0, 1) if chart.made[axis]}
    smallest = min(*exponents.values(), Fraction(1, 2))
    values = {f"exponent{step}": str(exponent) for step, exponent in exponents.items()} | {"cusp": str(smallest), "crossing": str(made[1][0].exponent(1))}
    x, y = np.meshgrid(np.linspace(-1.5, 1.5, 27), np.linspace(-1.2, 1.2, 23))
    with canvas(height=6.2) as figure:
        panels = figure.subplots(3, 2, subplot_kw={"xlim": (-1.5, 1.5), "ylim": (-1.2, 1.2), "xticks": [], "yticks": []})
        for axes, (chart, curves), (horizontal, vertical, substitution) in zip(panels.flat, made, NAMES, strict=True):
            for axis, line in ((0, axes.axvline), (1, axes.axhline)):
                if chart.made[axis]:
                    line(0, color=SERIES[chart.made[axis]], linewidth=2.2)
                    place = (0.06, 1.0) if axis == 0 else (-1.45, 0.06)
                    axes.text(*place, FRACTIONS[chart.exponent(axis)], va="top" if axis == 0 else "bottom")
            for curve in curves:
                axes.plot(*curve, color=SERIES[0], linewidth=2.2)
            axes.contourf(x, y, chart.f(x, y), [-BAND, BAND], colors=INK, alpha=0.15)
            axes.set(xlabel=horizontal, ylabel=vertical)
            axes.set_title(substitution, fontsize=10.5)
            axes.spines[["top", "right"]].set_visible(True)
        svg = as_svg(figure)
    alt = (
        "Six panels. Two lines that cross, w₁² = w₂², become after one blow-up two parallel lines that cross a new one, all with exponent ½. The cusp w₁² = w₂³ becomes a parabola that "
        "touches a new line, then three lines through one point, then, after the third blow-up, lines that cross two at a time; the last new line has "
        f"exponent {values['exponent3']}, the others ½, so that λ = {values['cusp']}."
    )
    return Drawing(svg, alt, values)
