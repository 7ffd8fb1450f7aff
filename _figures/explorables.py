"""The numbers behind the explorable drawings, computed a second time: ``_static/explorables/*.js`` must agree with them.

Three subjects, named after their drawings: shares of parameters (``volumes``), two phases (``phases``), and an estimate of a
local learning coefficient by SGLD where the answer is known (``llc_traces``). Bad input raises ``ValueError``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import quad
from scipy.special import beta, expit, lambertw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not (math.isfinite(number) and number > 0):
            raise ValueError(f"{name} must be positive and finite, not {number}")


# -- volumes: the share of parameters within a tolerance ---------------------------------------------

#: Loss on [-1, 1]² with a uniform prior, its learning coefficient λ, and the power k of a product |w₁w₂|ᵏ (0: no product).
LOSSES = {"w₁² + w₂²": (1.0, 0), "w₁² + w₂⁴": (0.75, 0), "w₁²w₂²": (0.5, 2), "w₁⁴w₂⁴": (0.25, 4)}
#: V(1) of the losses that are sums: the area of u² + v² < 1 or u² + v⁴ < 1 over that of the square.
AREAS = {"w₁² + w₂²": math.pi / 4, "w₁² + w₂⁴": beta(0.25, 1.5) / 4}


def _checked(loss: str, epsilon: float = 1.0) -> tuple[float, int]:
    if loss not in LOSSES:
        raise ValueError(f"there is no loss {loss!r}: choose one of {', '.join(LOSSES)}")
    if not 0 < epsilon <= 1:
        raise ValueError(f"the tolerance must be in (0, 1], where the formulas hold, not {epsilon}")
    return LOSSES[loss]


def share(loss: str, epsilon: float) -> float:
    """V(ε), the share of [-1, 1]² with K < ε, for 0 < ε ≤ 1.

    Sums: ``V(1) ε^λ``, since K is quasi-homogeneous and the region lies inside the square. Products |w₁w₂|ᵏ:
    ``t (1 - log t)`` with ``t = ε^(1/k)``.
    """
    lam, k = _checked(loss, epsilon)
    if not k:
        return AREAS[loss] * epsilon**lam
    t = epsilon ** (1 / k)
    return t * (1 - math.log(t))


def slope(loss: str, epsilon: float) -> float:
    """d log V / d log ε: λ for the sums; for the products ``(1/k) l / (1 + l)`` with ``l = -log(ε)/k``, below λ = 1/k."""
    lam, k = _checked(loss, epsilon)
    if not k:
        return lam
    length = -math.log(epsilon) / k
    return length / (1 + length) / k


def coefficient(loss: str) -> float:
    """The learning coefficient λ, the limit of the slope as ε → 0."""
    return _checked(loss)[0]


# -- phases: two regions that compete for the posterior ----------------------------------------------


def free_energy_difference(n: float, gain: float, extra: float) -> float:
    """F₂ - F₁ = ``extra`` log n - n ``gain``: leading terms only, both multiplicities 1, no constants, no noise.

    Phase 2 has the loss lower by ``gain`` = ΔL and the local learning coefficient larger by ``extra`` = Δλ.
    """
    _positive(n=n, gain=gain, extra=extra)
    return extra * math.log(n) - n * gain


def posterior_share(n: float, gain: float, extra: float) -> float:
    """The posterior probability of phase 2, had the two phases all of it: 1 / (1 + exp(F₂ - F₁))."""
    return float(expit(-free_energy_difference(n, gain, extra)))


def crossing(gain: float, extra: float) -> float:
    """The n > e with n ΔL = Δλ log n, which is -r W₋₁(-1/r) for r = Δλ/ΔL; beyond it phase 2 leads.

    ``ValueError`` for r < e: then phase 2 leads at every n. (The other solution, between 1 and e, is too small to mean anything.)
    """
    _positive(gain=gain, extra=extra)
    ratio = extra / gain
    if ratio < math.e:
        raise ValueError(f"the phases never trade places: Δλ/ΔL = {ratio:.3g} is below e")
    return float(-ratio * lambertw(-1 / ratio, k=-1).real)


# -- llc_traces: an estimate where the answer is known -----------------------------------------------

CHAINS, STEPS, SEED = 4, 4_000, 2
BURN_IN = STEPS // 4
LLC = 3  # 4·½ + 4·¼
NOISE = 0.025  # standard deviation of a component of a minibatch gradient, taken as normal
DEPTH, DROP, FAR, STIFF, FLAT = 0.11, 0.0095, 1.5, 0.1, 0.1
PASS = FAR * (1 - 3 * DROP / DEPTH) / 2  # between the well of w* and the lower one
OUT = 100  # a chain with a component this far out has diverged
#: Where chains start and localisation pulls to: the minimum w* = 0, and a point beside it.
CENTRES = np.array([[0, 0, 0, 0, 0, 0, 0, 0], [0, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.3]])


def well(x: np.ndarray | float) -> np.ndarray | float:
    """The part of w₁: minima at 0, with value 0, and at 1.5, with value -0.0095."""
    y = x / FAR
    return DEPTH * y**2 * (1 - y) ** 2 - DROP * y**2 * (3 - 2 * y)


def loss(w: np.ndarray) -> np.ndarray:
    """L(w) = well(w₁) + 0.1 (w₂² + w₃² + w₄²) + 0.1 (w₅⁴ + … + w₈⁴), along the last axis."""
    return well(w[..., 0]) + STIFF * (w[..., 1:4] ** 2).sum(axis=-1) + FLAT * (w[..., 4:] ** 4).sum(axis=-1)


def gradient(w: np.ndarray) -> np.ndarray:
    """∇L."""
    y = w[..., :1] / FAR
    return np.concatenate([y * (1 - y) * (2 * DEPTH * (1 - 2 * y) - 6 * DROP) / FAR, 2 * STIFF * w[..., 1:4], 4 * FLAT * w[..., 4:] ** 3], axis=-1)


def uniforms(count: int, seed: int) -> np.ndarray:
    """The first numbers in [0, 1) of the generator mulberry32, whose state after k draws is seed + k · 0x6D2B79F5 modulo 2³²."""
    if count < 0 or not 0 <= seed < 2**32:
        raise ValueError(f"no {count} numbers from seed {seed}: the count must not be negative, and the seed 32 bits")
    state = (np.arange(1, count + 1, dtype=np.uint64) * 0x6D2B79F5 + seed).astype(np.uint32)
    t = (state ^ (state >> 15)) * (state | 1)
    t ^= t + (t ^ (t >> 7)) * (t | 61)
    return (t ^ (t >> 14)) / 2**32


def normals(count: int, seed: int) -> np.ndarray:
    """Standard normal numbers by Box and Muller: cosine, then sine, of each pair of uniform ones."""
    if count % 2:
        raise ValueError(f"the numbers come in pairs: {count} is odd")
    pairs = uniforms(count, seed).reshape(-1, 2)
    radius, angle = np.sqrt(-2 * np.log(1 - pairs[:, 0])), 2 * np.pi * pairs[:, 1]
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).ravel()


@cache
def _noise() -> np.ndarray:
    return normals(STEPS * CHAINS * CENTRES.shape[1], SEED).reshape(STEPS, CHAINS, -1)


@dataclass(frozen=True)
class Settings:
    """Step size ε, localisation γ, nβ, and which of ``CENTRES`` is w*; ``ValueError`` unless the first three are positive."""

    step: float
    localisation: float
    nbeta: float
    centre: int = 0

    def __post_init__(self) -> None:
        _positive(step=self.step, localisation=self.localisation, nbeta=self.nbeta)
        if self.centre not in range(len(CENTRES)):
            raise ValueError(f"there is no centre {self.centre}: 0 is the minimum, 1 the point beside it")


@dataclass(frozen=True)
class Run:
    """The mean of nβ (L(w) - L(w*)) after burn-in (NaN if a chain diverged), and how many chains ended beyond the pass."""

    estimate: float
    diverged: bool
    left: int


def runs(settings: Sequence[Settings]) -> list[Run]:
    """SGLD from w* under each of the settings, all with the same random numbers.

    w ← w - ε/2 (nβ (∇L(w) + ``NOISE`` ξ) + γ (w - w*)) + √ε η with ξ and η standard normal, drawn as one normal of variance
    ε + (ε nβ ``NOISE`` / 2)². Losses are those of L, not of a minibatch.
    """
    step, localisation, nbeta = (np.array([[[getattr(it, name)]] for it in settings]) for name in ("step", "localisation", "nbeta"))
    start = np.array([[CENTRES[it.centre]] for it in settings])
    kick = np.hypot(np.sqrt(step), step * nbeta * NOISE / 2)
    w, total = np.repeat(start, CHAINS, axis=1), np.zeros(len(settings))
    sound = np.ones(len(settings), dtype=bool)
    for number, noise in enumerate(_noise()):
        w = w - step / 2 * (nbeta * gradient(w) + localisation * (w - start)) + kick * noise
        sound &= (np.abs(w) < OUT).all(axis=(1, 2))
        w[~sound] = 0  # what has diverged stays out of the way
        if number >= BURN_IN:
            total += nbeta[:, 0, 0] * (loss(w) - loss(start)).mean(axis=1)
    estimates, left = total / (STEPS - BURN_IN), (w[..., 0] > PASS).sum(axis=1)
    return [Run(float(e) if s else math.nan, not s, int(k)) for e, s, k in zip(estimates, sound, left, strict=True)]


def localised(settings: Settings) -> float:
    """What perfect draws give: the mean of nβ (L(w) - L(w*)) under exp(-nβ L - γ |w - w*|²/2), whatever the step size.

    A sum of one-dimensional means, by quadrature on [-3, 3], with w₁ kept to its well. At the minimum it tends to λ = 3 as nβ → ∞.
    """
    start, total = CENTRES[settings.centre], 0.0
    for part, end, index, times in ((well, PASS, 0, 1), (lambda x: STIFF * x**2, 3, 1, 3), (lambda x: FLAT * x**4, 3, 4, 4)):
        total += times * _mean(part, end, start[index], settings)
    return settings.nbeta * float(total - loss(start))


def _mean(part: Callable[[float], float], end: float, start: float, settings: Settings) -> float:
    def weight(x: float) -> float:
        return math.exp(-settings.nbeta * (part(x) - part(start)) - settings.localisation * (x - start) ** 2 / 2)

    spread = 3 / math.sqrt(settings.localisation + settings.nbeta * STIFF)
    marks = sorted({mark for mark in (0, start, -spread, spread, start - spread, start + spread) if -3 < mark < end})
    mass, mean = (quad(f, -3, end, points=marks, limit=400, epsabs=0, epsrel=1e-9)[0] for f in (weight, lambda x: weight(x) * part(x)))
    return mean / mass
