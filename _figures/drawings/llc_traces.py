"""An LLC estimated by SGLD where the answer is known: a healthy run, and three ways to spoil it.

Eight parameters; the loss on n = 10,000 samples is L(w) = g(w₁) + 0.1 (w₂² + w₃² + w₄²) + 0.1 (w₅⁴ + … + w₈⁴), where g is a
double well with minima at 0 (value 0, w*) and 1.5 (value -0.0095, lower). At w* = 0 the local learning coefficient is
4·½ + 4·¼ = 3, and d/2 = 4. Gradients are those of minibatches of 16: single samples differ from the mean by fixed random slopes
that sum to zero. Inverse temperature 1/log n, four chains, 4,000 steps, seed 2; each panel changes one setting. The exact value
of the localised expectation, over the well of w*, is a product of one-dimensional integrals.
"""

from __future__ import annotations

import numpy as np

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas

N, BATCH, CHAINS, STEPS, SEED = 10_000, 16, 4, 4_000, 2
NBETA = N / np.log(N)
LLC, HALF_D = 3, 4
DEPTH, DROP, FAR, STIFF, FLAT = 0.11, 0.0095, 1.5, 0.1, 0.1
TOP = FAR * (1 - 3 * DROP / DEPTH) / 2  # the pass between the wells
MINIMUM = np.zeros(8)
BESIDE = np.array([0, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.3])
#: Panel, step size, localisation γ, and the centre w* that the chains start from.
RUNS = {
    "healthy": (5e-4, 15.0, MINIMUM),
    "step × 10": (5e-3, 15.0, MINIMUM),
    "w* not a minimum": (5e-4, 15.0, BESIDE),
    "localisation ÷ 15": (5e-4, 1.0, MINIMUM),
}
KEYS = ("healthy", "step", "beside", "weak")
BLOCK = 100  # draws to a point of a trace


def well(x: np.ndarray) -> np.ndarray:
    """g, the double well of the first parameter."""
    y = x / FAR
    return DEPTH * y**2 * (1 - y) ** 2 - DROP * y**2 * (3 - 2 * y)


def loss(w: np.ndarray) -> np.ndarray:
    return well(w[..., 0]) + STIFF * (w[..., 1:4] ** 2).sum(axis=-1) + FLAT * (w[..., 4:] ** 4).sum(axis=-1)


def gradient(w: np.ndarray) -> np.ndarray:
    y = w[..., :1] / FAR
    first = y * (1 - y) * (2 * DEPTH * (1 - 2 * y) - 6 * DROP) / FAR
    return np.concatenate([first, 2 * STIFF * w[..., 1:4], 4 * FLAT * w[..., 4:] ** 3], axis=-1)


def trace(step: float, localisation: float, centre: np.ndarray) -> np.ndarray:
    """nβ (L(w) - L(w*)) for each step and chain."""
    rng = np.random.default_rng(SEED)
    slopes = 0.1 * rng.standard_normal((N, 8))
    slopes -= slopes.mean(axis=0)
    w = np.tile(centre, (CHAINS, 1))
    found = np.empty((STEPS, CHAINS))
    for number in range(STEPS):
        minibatch = gradient(w) + slopes[rng.integers(N, size=(CHAINS, BATCH))].mean(axis=1)
        w = w - step / 2 * (NBETA * minibatch + localisation * (w - centre)) + np.sqrt(step) * rng.standard_normal(w.shape)
        found[number] = NBETA * (loss(w) - loss(centre))
    return found


def localised(localisation: float, centre: np.ndarray) -> float:
    """The exact expectation of the trace under exp(-nβ L - γ|w - w*|²/2), with w₁ kept to its well."""
    x = np.linspace(-3, 3, 6001)
    total = 0.0
    for part, start in zip((well, *[lambda x: STIFF * x**2] * 3, *[lambda x: FLAT * x**4] * 4), centre, strict=True):
        weight = np.exp(-NBETA * part(x) - localisation * (x - start) ** 2 / 2) * ((part is not well) | (x < TOP))
        total += (part(x) * weight).sum() / weight.sum()
    return float(NBETA * (total - loss(centre)))


def draw() -> Drawing:
    values = {"llc": str(LLC), "half_d": str(HALF_D)}
    with canvas(height=4.4) as figure:
        panels = figure.subplots(2, 2, sharex=True, sharey=True).flat
        for axes, key, (label, (step, localisation, centre)) in zip(panels, KEYS, RUNS.items(), strict=True):
            found = trace(step, localisation, centre)
            estimate = found[STEPS // 4 :].mean()
            values[key] = f"{estimate:.1f}".replace("-", "−")
            values[f"{key}_exact"] = f"{localised(localisation, centre):.1f}".replace("-", "−")
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
