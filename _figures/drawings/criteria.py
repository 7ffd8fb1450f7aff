"""WBIC and BIC beside the free energy that they estimate, for a singular model, averaged over data sets.

Model: y = a tanh(bx) + standard normal noise, true function zero, x standard normal, uniform prior on |a| ≤ 2, |b| ≤ 5; so
λ = ½, m = 2 and d = 2. All three are counted from n L_n(w₀), the truth's loss on the same data. For each data set the integral
over a is a closed form and that over b a sum; WBIC is -d/dβ log Z(β) at β = 1/log n; BIC is the loss of the best (a, b) in the
set plus (d/2) log n. 1,000 data sets: 10 draws of x (seed 0) with 100 of the noise each; the first n observations are used.
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas, decades

A_MOST, B_MOST = 2.0, 5.0
SAMPLES = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
DESIGNS, NOISES = 10, 100
LOG_B = np.linspace(np.log(1e-3), np.log(B_MOST), 60)  # by symmetry b > 0 is enough; below 10⁻³ f is nearly zero
B_WEIGHTS = np.exp(LOG_B) * (LOG_B[1] - LOG_B[0]) / B_MOST
B_WEIGHTS[-1] /= 2
B_WEIGHTS[0] += 1e-3 / B_MOST - B_WEIGHTS[0] / 2


def log_evidence(s: np.ndarray, q: np.ndarray, beta: float) -> np.ndarray:
    """log ∫ exp(β(a s - a² q/2)) over the prior, where s = Σ y tanh(bx) and q = Σ tanh²(bx) stand in rows by b."""
    width = np.sqrt(beta * q)
    peak = s / q
    high, low = (A_MOST - np.abs(peak)) * width, (-A_MOST - np.abs(peak)) * width
    inside = log_ndtr(high) + np.log1p(-np.exp(log_ndtr(low) - log_ndtr(high)))
    over_a = beta * s**2 / (2 * q) + np.log(np.sqrt(2 * np.pi) / width / (2 * A_MOST)) + inside
    most = over_a.max(axis=0)
    return most + np.log(B_WEIGHTS @ np.exp(over_a - most))


def criteria(s: np.ndarray, q: np.ndarray, n: int) -> np.ndarray:
    """Free energy, WBIC and BIC of each data set, counted from n L_n(w₀)."""
    beta, h = 1 / np.log(n), 1e-4
    wbic = -(log_evidence(s, q, beta * (1 + h)) - log_evidence(s, q, beta * (1 - h))) / (2 * beta * h)
    a = np.clip(s / q, -A_MOST, A_MOST)
    return np.stack([-log_evidence(s, q, 1.0), wbic, np.log(n) - (a * s - a**2 * q / 2).max(axis=0)])


def simulated() -> np.ndarray:
    """The three criteria by n and data set."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(DESIGNS):
        features = np.tanh(np.exp(LOG_B)[:, None] * rng.standard_normal(SAMPLES[-1]))
        noise = rng.standard_normal((SAMPLES[-1], NOISES))
        found.append([criteria(features[:, :n] @ noise[:n], (features[:, :n] ** 2).sum(axis=1, keepdims=True), n) for n in SAMPLES])
    return np.concatenate(found, axis=2).swapaxes(0, 1)


def draw() -> Drawing:
    found = simulated()
    means = found.mean(axis=2)
    names = ("exact", "wbic", "bic")
    values = {f"{name}{n}": f"{mean[SAMPLES.index(n)]:.2f}" for name, mean in zip(names, means, strict=True) for n in (100, 1000, 10000)}
    errors = found.std(axis=2) / np.sqrt(found.shape[2])
    values["standard_error"] = f"{errors.max():.2f}"
    values["data_sets"] = f"{found.shape[2]:,}"
    for name, off in zip(names[1:], np.sqrt(((found[1:] - found[0]) ** 2).mean(axis=2)), strict=True):
        values[f"{name}_off"] = f"{off[SAMPLES.index(1000)]:.2f}"
    with canvas(height=3.3) as figure:
        axes = figure.add_subplot(xscale="log", xlim=(10, 10000))
        for color, mean, name, up in zip((INK, *SERIES[:2]), means, ("exact", "WBIC", "BIC"), (6, -6, 0), strict=True):
            axes.plot(SAMPLES, mean, color=color)
            axes.annotate(name, (SAMPLES[-1], mean[-1]), (6, up), textcoords="offset points", va="center")
        decades(axes.xaxis, range(1, 5))
        axes.set_xlabel("samples n")
        axes.set_ylabel("free energy above n Lₙ(w₀), nats")
        svg = as_svg(figure)
    alt = (
        f"Three curves against the number of samples, from 10 to 10,000: averages over {values['data_sets']} data sets of the free energy of a one-unit tanh network with true function zero and "
        f"of two estimates. At 10,000 samples the exact value is {values['exact10000']} nats, WBIC {values['wbic10000']} and BIC {values['bic10000']}; BIC climbs with slope one in log n, the other two much more slowly."
    )
    return Drawing(svg, alt, values)
