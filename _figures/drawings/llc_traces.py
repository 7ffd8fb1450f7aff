"""An LLC estimated by SGLD where the answer is known: a healthy run, and three ways to spoil it.

Eight parameters; the loss on n = 10,000 samples is L(w) = g(w₁) + 0.1 (w₂² + w₃² + w₄²) + 0.1 (w₅⁴ + … + w₈⁴), where g is a
double well with minima at 0 (value 0, w*) and 1.5 (value -0.0095, lower). At w* = 0 the local learning coefficient is
4·½ + 4·¼ = 3, and d/2 = 4. Gradients are those of minibatches of 16: single samples differ from the mean by fixed random slopes
that sum to zero. Inverse temperature 1/log n, four chains, 4,000 steps, seed 2; each panel changes one setting. The exact value
of the localised expectation, over the well of w*, is a product of one-dimensional integrals. Loss, centres and exact value are those
of the explorable that takes this picture's place where scripts run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas
from _figures.explorables import CENTRES, CHAINS, LLC, SEED, STEPS, Settings, gradient, localised, loss

if TYPE_CHECKING:
    from collections.abc import Sequence

N, BATCH = 10_000, 16
NBETA = N / np.log(N)
HALF_D = CENTRES.shape[1] // 2
#: Panel -> step size, localisation γ, nβ and the centre w* that the chains start from.
RUNS = {
    "healthy": Settings(5e-4, 15, NBETA),
    "step × 10": Settings(5e-3, 15, NBETA),
    "w* not a minimum": Settings(5e-4, 15, NBETA, centre=1),
    "localisation ÷ 15": Settings(5e-4, 1, NBETA),
}
KEYS = ("healthy", "step", "beside", "weak")
BLOCK = 100  # draws to a point of a trace


def traces(runs: Sequence[Settings]) -> np.ndarray:
    """nβ (L(w) - L(w*)) by run, step and chain of SGLD with minibatches of the samples' own gradients; all runs see the same noise."""
    step, localisation = (np.array([[[getattr(run, name)]] for run in runs]) for name in ("step", "localisation"))
    centre = np.array([[CENTRES[run.centre]] for run in runs])
    rng = np.random.default_rng(SEED)
    slopes = 0.1 * rng.standard_normal((N, CENTRES.shape[1]))
    slopes -= slopes.mean(axis=0)
    w = np.repeat(centre, CHAINS, axis=1)
    visited = np.empty((STEPS, *w.shape))
    for number in range(STEPS):
        minibatch = gradient(w) + slopes[rng.integers(N, size=(CHAINS, BATCH))].mean(axis=1)
        w = w - step / 2 * (NBETA * minibatch + localisation * (w - centre)) + np.sqrt(step) * rng.standard_normal(w.shape[1:])
        visited[number] = w
    return (NBETA * (loss(visited) - loss(centre))).swapaxes(0, 1)


def draw() -> Drawing:
    values = {"llc": str(LLC), "half_d": str(HALF_D)}
    with canvas(height=4.4) as figure:
        panels = figure.subplots(2, 2, sharex=True, sharey=True).flat
        for axes, key, (label, settings), found in zip(panels, KEYS, RUNS.items(), traces(list(RUNS.values())), strict=True):
            estimate = found[STEPS // 4 :].mean()
            values[key] = f"{estimate:.1f}".replace("-", "−")
            values[f"{key}_exact"] = f"{localised(settings):.1f}".replace("-", "−")
            blocks = found.reshape(-1, BLOCK, CHAINS).mean(axis=1)
            axes.axhline(LLC, color=INK, linestyle="--", linewidth=1)
            axes.plot(np.arange(len(blocks)) * BLOCK + BLOCK / 2, blocks, color=SERIES[0], linewidth=1)
            axes.text(STEPS, 9.5, label, ha="right", va="top")
            axes.text(100, -9.5, f"λ̂ = {values[key]}")
            if key == "weak":
                values["left"] = str(int((blocks[-1] < -3).sum()))
        axes.set(xlim=(0, STEPS), ylim=(-10.5, 10), xticks=(0, 2000), yticks=(-6, -3, 0, 3, 6))
        figure.supxlabel("SGLD steps", fontsize=10.5)
        figure.supylabel("nβ (L(w) − L(w*))", fontsize=10.5)
        svg = as_svg(figure)
    alt = (
        f"Four panels, each with four traces over 4,000 steps and a dashed line at the exact coefficient, {LLC}. Healthy: traces about it, estimate {values['healthy']}. Step ten times larger: "
        f"wide traces above it, {values['step']}. Centre that is not a minimum: all traces below zero from the start, {values['beside']}. Localisation fifteen times weaker: "
        f"{values['left']} of 4 traces drop to about −7 midway, {values['weak']}."
    )
    return Drawing(svg, alt, values)
