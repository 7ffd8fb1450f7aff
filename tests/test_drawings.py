"""The numbers in the drawings of volumes, posteriors, phases, errors, resolutions, sampling, criteria, flows and of the field."""

from __future__ import annotations

import gzip
import itertools
import math
import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from importlib import import_module

import numpy as np
import pytest
import yaml
from conftest import PROJECT
from scipy.integrate import dblquad, quad

from _figures import explorables
from _figures.drawing import INK, SERIES, SVG, Drawing, bends, flatten, in_steps, power_of_ten
from _figures.drawings import blowing_up, criteria, decimation, field_map, generalisation_error, llc_traces, phases, posterior

NAMES = ("volumes", "posterior", "phases", "generalisation_error", "blowing_up", "llc_traces", "criteria", "decimation", "field_map")


@cache
def drawn(name: str) -> Drawing:
    return import_module(f"_figures.drawings.{name}").draw()


def number(name: str, key: str) -> float:
    """A value as printed, as a number."""
    return float(drawn(name).values[key].replace("−", "-").replace(",", "").removesuffix("%").strip())


# -- What holds for every drawing ------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_twice(name: str) -> None:
    assert import_module(f"_figures.drawings.{name}").draw() == drawn(name)


@pytest.mark.parametrize("name", NAMES)
def test_light_and_described(name: str) -> None:
    made = drawn(name)
    assert len(gzip.compress(made.svg.encode(), 6)) < 12_000
    assert 30 <= len(made.alt.split()) <= 90
    assert all(isinstance(value, str) and value and "nan" not in value and "inf" not in value for value in made.values.values())


def test_paths_in_steps_lead_to_the_same_points() -> None:
    assert in_steps("M 0 446.4 \nL 360 446.4 \nL 360 0.04 \nz \nM 1 1 \nL 2 2.04 \nC 2 3 4 5 6 7 \nC 7 8 8 9 9 9 \nL 6 8", 2) == "M0 446.4l360 0 0-446.4zm1-445.4l1 1c0 1 2 3 4 5 1 1 2 2 3 2l-3-1"


def test_points_on_a_line_are_left_out_and_bends_kept() -> None:
    assert bends([(0, 0), (10, 1), (20, 0), (30, 40), (40, 0), (0, 0)], 2) == [(0, 0), (20, 0), (30, 40), (40, 0), (0, 0)]
    circle = [(round(1000 * math.cos(t)), round(1000 * math.sin(t))) for t in np.linspace(0, 2 * math.pi, 200)]
    kept = bends(circle, 2)
    assert 40 < len(kept) < 100
    for (x, y), (to_x, to_y) in itertools.pairwise(kept):
        assert 1000 - math.hypot(x + to_x, y + to_y) / 2 <= 2 + 1  # and the rounding of points


def test_one_pen_draws_one_path() -> None:
    line, drop = {"style": "fill: none; stroke: black"}, {"style": "fill: none"}
    group = ElementTree.Element("svg")
    for tag, attributes in [("path", line | {"d": "M0 0"}), ("path", line | {"d": "M1 1"}), ("path", drop), ("path", line | {"d": "M2 2", "style": "fill: red"})]:
        inner = ElementTree.SubElement(group, f"{SVG}g", {"id": "line2d_1"})
        ElementTree.SubElement(inner, f"{SVG}{tag}", attributes)
    flatten(group)
    assert [(child.get("d"), child.get("style")) for child in group] == [("M0 0M1 1", line["style"]), ("M2 2", "fill: red")]


@pytest.mark.parametrize("name", NAMES)
def test_words_are_legible_and_colours_are_the_sites(name: str) -> None:
    svg = drawn(name).svg
    assert min(map(float, re.findall(r"font-size: ([\d.]+)px", svg))) >= 10
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) <= set(SERIES)
    assert INK not in svg


@pytest.mark.parametrize("name", NAMES)
def test_values_that_pages_quote_exist(name: str) -> None:
    for path in (PROJECT / "faq").rglob("*.md"):
        for key in re.findall(rf"\{{drawn\}}`{name}\.(\w+)`", path.read_text(encoding="utf-8")):
            assert key in drawn(name).values, path


def test_powers_of_ten() -> None:
    assert [power_of_ten(e) for e in (-12, 0, 3)] == ["10⁻¹²", "10⁰", "10³"]


# -- Volumes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "loss"), [*enumerate((lambda x, y: x**2 + y**2, lambda x, y: x**2 + y**4, lambda x, y: (x * y) ** 2, lambda x, y: (x * y) ** 4))])
def test_shares_agree_with_counting(place: int, loss) -> None:
    """A million points of a lattice, at ε = 0.01: to one part in a hundred."""
    side = (np.arange(1000) + 0.5) / 1000
    x, y = np.meshgrid(side, side)
    assert explorables.share(list(explorables.LOSSES)[place], 0.01) == pytest.approx((loss(x, y) < 0.01).mean(), rel=0.01)


def test_slopes_follow_from_exponent_and_multiplicity() -> None:
    """At ε = 10⁻⁷, the middle of the fit: λ, and for the products λ - 1/(1/λ' - log ε) with t (1 - log t), t = ε^λ."""
    low = np.log(1e-7)
    expected = [1.0, 0.75, *(lam - lam / (1 - lam * low) for lam in (0.5, 0.25))]
    for place, slope in enumerate(expected):
        assert number("volumes", f"slope{place + 1}") == pytest.approx(slope, abs=0.01)


# -- Posterior -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", posterior.SAMPLES)
def test_regions_hold_what_they_say(n: int) -> None:
    """Sums over a lattice of the square: within 0.005 of 90 %."""
    side = (np.arange(3000) + 0.5) / 3000
    x, y = np.meshgrid(side, side)
    for loss, inside in (
        (x**2 + y**2, x**2 + y**2 < posterior.disc(n, 0.9) ** 2),
        ((x * y) ** 2, x * y < np.exp(posterior.cross(n, 0.9))),
    ):
        weight = np.exp(-n * loss)
        assert weight[inside].sum() / weight.sum() == pytest.approx(0.9, abs=0.005)


def test_areas_of_the_regions() -> None:
    for n in posterior.SAMPLES:
        assert number("posterior", f"regular{n}") == pytest.approx(100 * np.pi * np.log(10) / n / 4, rel=0.03)  # two digits printed
        c = np.exp(posterior.cross(n, 0.9))
        assert number("posterior", f"crossing{n}") == pytest.approx(100 * c * (1 - np.log(c)), rel=0.04)
        outline = posterior.cross_outline(c)
        x, y = outline.T
        shoelace = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
        assert shoelace / 4 == pytest.approx(c * (1 - np.log(c)), rel=0.05)  # chords of a hyperbola


# -- Phases ----------------------------------------------------------------------------------------


def test_phases_cross_where_the_terms_are_equal() -> None:
    n = number("phases", "crossing")
    assert n == 1457
    assert 0.01 * n == pytest.approx(2 * np.log(n), rel=1e-3)
    early, late = number("phases", "early"), number("phases", "late")
    for at, share in ((early, 0.01), (late, 0.99)):
        weights = np.exp([-0.01 * at - 3 * np.log(at), -5 * np.log(at)] - np.float64(-5 * np.log(at)))
        assert weights[1] / weights.sum() == pytest.approx(share, rel=0.02)
    assert number("phases", "width") == pytest.approx(late - early, abs=1)
    assert number("phases", "slope") == pytest.approx(0.01 - 2 / n, abs=1e-4)


# -- Generalisation error --------------------------------------------------------------------------


def test_regular_error_is_the_textbook_one() -> None:
    """An improper flat prior gives (d/2) log(1 + 1/n) exactly; at n = 100 the square's edges are ten standard deviations away."""
    assert 2 * generalisation_error.error(generalisation_error.regular_mean, 100) == pytest.approx(np.log(1 + 1 / 100), rel=1e-6)


@pytest.mark.parametrize("n", [3, 50])
def test_singular_error_is_a_difference_of_free_energies(n: int) -> None:
    """E F(n+1) - E F(n), with F from the integral over the product's density, by other quadratures."""

    def free_energy(n: int) -> float:
        def given(z: float) -> float:
            inside = quad(lambda v: -np.log(v) * np.exp(-n * v * v / 2) * np.cosh(np.sqrt(n) * z * v), 0, 1, limit=200, epsabs=1e-13, epsrel=1e-12)[0]
            return -np.log(inside) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)

        return 2 * quad(given, 0, 8, epsabs=1e-11, epsrel=1e-10)[0]

    expected = free_energy(n + 1) - free_energy(n)
    assert generalisation_error.error(generalisation_error.singular_mean, n) == pytest.approx(expected, rel=1e-5)


def test_density_of_a_product() -> None:
    """-log v on (0, 1), half of it on each side, is that of w₁w₂: the posterior mean of v is that of the two weights."""
    n, z = 10, generalisation_error.Z[25]
    over_square = [dblquad(lambda x, y, k=k: (x * y) ** k * np.exp(-n * (x * y) ** 2 / 2 + np.sqrt(n) * z * x * y), -1, 1, -1, 1)[0] for k in (0, 1)]
    assert generalisation_error.singular_mean(n)[25] == pytest.approx(over_square[1] / over_square[0], rel=1e-5)


def test_singular_error_approaches_its_law() -> None:
    """n times the error is λ - (m - 1)/log n up to O(1/log² n): within 0.005 at a million."""
    n = 10**6
    assert n * generalisation_error.error(generalisation_error.singular_mean, n) == pytest.approx(0.5 - 1 / np.log(n), abs=0.005)


# -- Blowing up ------------------------------------------------------------------------------------


def test_exponents_are_the_known_coefficients() -> None:
    values = drawn("blowing_up").values
    assert (values["cusp"], values["crossing"]) == ("5/12", "1/2")
    assert [values[f"exponent{step}"] for step in (1, 2, 3)] == ["1/2", "1/2", "5/12"]


def test_charts_are_substitutions() -> None:
    """In each chart f is the old f of the old coordinates, at points drawn at random; and the Jacobian is right."""
    x, y = np.random.default_rng(0).uniform(0.2, 1.5, (2, 20))
    crossing, once, cusp, first, second, third = (chart for chart, _ in blowing_up.charts())
    assert once.f(x, y) == pytest.approx(crossing.f(x * y, y))
    assert first.f(x, y) == pytest.approx(cusp.f(x * y, y))
    assert second.f(x, y) == pytest.approx(first.f(x, x * y))
    assert third.f(x, y) == pytest.approx(second.f(x * y, y))

    def down(p: float, q: float) -> np.ndarray:  # (p, q) -> (s, t) -> (u, v) -> (w₁, w₂)
        s, t = p * q, q
        u, v = s, s * t
        return np.array([u * v, v])

    h = 1e-6
    for p, q in zip(x[:5], y[:5], strict=True):
        jacobian = np.linalg.det(np.column_stack([(down(p + h, q) - down(p - h, q)) / (2 * h), (down(p, q + h) - down(p, q - h)) / (2 * h)]))
        assert abs(jacobian) == pytest.approx(p ** third.jacobian[0] * q ** third.jacobian[1], rel=1e-5)


def test_curves_are_zeros() -> None:
    for chart, curves in blowing_up.charts():
        for x, y in curves:
            assert sum(coefficient * x**i * y**j for (i, j), coefficient in chart.g.items()) == pytest.approx(0, abs=1e-12)


def test_other_charts_have_no_smaller_exponent() -> None:
    cusp = blowing_up.Chart({(2, 0): 1, (0, 3): -1})
    charts = [cusp.blown_up(a) for a in (0, 1)]
    charts += [cusp.blown_up(1).blown_up(a) for a in (0, 1)]
    charts += [cusp.blown_up(1).blown_up(0).blown_up(a) for a in (0, 1)]
    found = [chart.exponent(axis) for chart in charts for axis in (0, 1) if chart.powers[axis]]
    assert str(min(found)) == "5/12"


# -- Sampling --------------------------------------------------------------------------------------


def test_gradient_is_that_of_the_loss() -> None:
    w = np.random.default_rng(0).uniform(-1, 1, 8)
    h = 1e-6 * np.eye(8)
    assert explorables.gradient(w) == pytest.approx((explorables.loss(w + h) - explorables.loss(w - h)) / 2e-6, abs=1e-8)


def test_wells_are_where_they_are_said_to_be() -> None:
    at = np.array([0, explorables.PASS, explorables.FAR])
    assert explorables.gradient(np.eye(8)[0] * at[:, None])[:, 0] == pytest.approx(0, abs=1e-12)
    assert explorables.well(at[::2]) == pytest.approx([0, -explorables.DROP])
    assert llc_traces.NBETA * explorables.well(at[1]) == pytest.approx(3.3, abs=0.05)  # the pass, in units of the temperature


def test_exact_values() -> None:
    """The Gaussian parts by their closed form nβh/(2(nβh + γ)), the others by another quadrature."""
    nbeta, gamma = llc_traces.NBETA, 15.0
    total = 3 * (nbeta * 0.2) / (nbeta * 0.2 + gamma) / 2
    for part, most, copies in ((explorables.well, explorables.PASS, 1), (lambda x: 0.1 * x**4, 3, 4)):
        moments = [quad(lambda x, k=k, part=part: part(x) ** k * np.exp(-nbeta * part(x) - gamma * x * x / 2), -3, most, limit=200, points=(-0.5, 0))[0] for k in (0, 1)]
        total += copies * nbeta * moments[1] / moments[0]
    assert explorables.localised(explorables.Settings(5e-4, gamma, nbeta)) == pytest.approx(total, rel=1e-3)


def test_localisation_is_all_that_keeps_the_value_from_the_coefficient() -> None:
    """Without it and with many more samples the parts give ½ and ¼ each: 3 in all."""
    parts = [(lambda x: explorables.DEPTH / explorables.FAR**2 * x**2, 1), (lambda x: 0.1 * x**2, 3), (lambda x: 0.1 * x**4, 4)]
    total = 0.0
    for part, copies in parts:
        weight = [quad(lambda x, k=k, part=part: part(x) ** k * np.exp(-1e4 * part(x)), -3, 3, limit=400, points=(-0.1, 0, 0.1))[0] for k in (0, 1)]
        total += copies * 1e4 * weight[1] / weight[0]
    assert total == pytest.approx(explorables.LLC, rel=1e-3)


def test_runs_do_what_the_caption_says() -> None:
    value = {key: number("llc_traces", key) for key in ("healthy", "healthy_exact", "step", "beside", "beside_exact", "weak", "left")}
    assert value["healthy"] == pytest.approx(value["healthy_exact"], abs=0.4)  # discretisation and minibatches add a little
    assert value["step"] > 1.5 * value["healthy"]
    assert value["beside"] == pytest.approx(value["beside_exact"], abs=0.4)
    assert value["beside"] < 0 < value["weak"] < value["healthy"]
    assert value["left"] == 2


# -- Criteria --------------------------------------------------------------------------------------


def test_criteria_agree_with_sums_over_a_grid() -> None:
    """One data set of 100: integrals over a fine grid of (a, b), and WBIC as a mean."""
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 100))
    features = np.tanh(np.exp(criteria.LOG_B)[:, None] * x)
    exact, wbic, bic = criteria.criteria((features @ y)[:, None], (features**2).sum(axis=1, keepdims=True), 100)[:, 0]

    a, b = (np.arange(1200) + 0.5) / 300 - 2, (np.arange(1500) + 0.5) / 300
    features = np.tanh(b[:, None] * x)
    worse = -np.outer(features @ y, a) + np.outer((features**2).sum(axis=1), a**2) / 2  # n L_n(w) - n L_n(w₀)
    assert exact == pytest.approx(-np.log(np.exp(-worse).mean()), abs=0.01)
    weight = np.exp(-worse / np.log(100))
    assert wbic == pytest.approx((worse * weight).sum() / weight.sum(), abs=0.01)
    assert bic == pytest.approx(worse.min() + np.log(100), abs=0.03)


def test_free_energy_grows_like_the_known_coefficient() -> None:
    """A decade adds λ log 10 less the share of the log log term: between 0.35 and 0.5 times log 10 here, never 1 as in BIC."""
    for kind, low, high in (("exact", 0.35, 0.5), ("wbic", 0.35, 0.52), ("bic", 0.95, 1.1)):
        slope = (number("criteria", f"{kind}10000") - number("criteria", f"{kind}1000")) / np.log(10)
        assert low < slope < high, kind


# -- Decimation ------------------------------------------------------------------------------------


def test_decimation_of_the_chain_is_exact() -> None:
    """The middle spin summed out by hand; and the values of the glossary entry."""
    for coupling in (0.3, 1.0, 2.0):
        alike, unlike = 2 * np.cosh(2 * coupling), 2.0
        assert np.arctanh(decimation.chain(np.tanh(coupling))) == pytest.approx(np.log(alike / unlike) / 2)
    assert drawn("decimation").values["chain1"] == "0.663"


def test_fixed_point_of_the_square_lattice() -> None:
    fixed = number("decimation", "fixed")
    assert np.tanh(fixed) == pytest.approx(np.tanh(2 * fixed) ** 2, abs=1e-4)
    assert fixed == pytest.approx(np.log(np.cosh(4 * fixed)) / 2, abs=1e-4)
    h = 1e-5
    slope = (np.log(np.cosh(4 * (fixed + h))) - np.log(np.cosh(4 * (fixed - h)))) / 4 / h
    assert number("decimation", "growth") == pytest.approx(slope, abs=2e-3)
    assert number("decimation", "nu") == pytest.approx(np.log(2) / np.log(slope), abs=3e-3)
    assert np.sinh(2 * number("decimation", "exact")) == pytest.approx(1, abs=1e-3)


# -- The field -------------------------------------------------------------------------------------


def test_every_question_has_one_dot() -> None:
    pages = [path for path in (PROJECT / "faq").glob("*/*.md") if path.name != "index.md"]
    made = drawn("field_map")
    assert made.svg.count("<title>") == len(pages) == number("field_map", "questions")
    words = [yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])["evidence"] for path in pages]
    for word in field_map.EVIDENCE:
        assert number("field_map", word) == words.count(word)


def test_every_theme_has_a_row() -> None:
    folders = {path.parent.name for path in (PROJECT / "faq").glob("*/index.md")}
    assert set(field_map.themes()) == folders


def test_the_map_is_redrawn_when_a_question_changes() -> None:
    from drawings import sources

    read = sources(PROJECT / "_figures", "field_map")
    assert PROJECT / "faq" / "basics" / "what-is-a-singular-model.md" in read
    assert PROJECT / "index.md" in read
    assert not [path for path in sources(PROJECT / "_figures", "volumes") if path.suffix == ".md"]
