"""Drawings to explore: they say what Python computes, work by keyboard and finger, move nothing, and are pictures without scripts."""

from __future__ import annotations

import gzip
import itertools
import math
import re
from collections.abc import Iterator

import numpy as np
import pytest
from _figures import explorables
from conftest import PROJECT, Site
from drawings import drawn
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect
from scipy.integrate import quad

NAMES = ("volumes", "phases", "llc_traces")
BYTES = 8_000
TOLERANCE = 0.01
NBETA = 10_000 / math.log(10_000)
SIZES = [(1280, 900), (390, 844)]


def address(site: Site, name: str) -> str:
    """The page that carries this explorable."""
    for page in site.names():
        if f'data-explorable="{name}"' in (site.folder / page).read_text(encoding="utf-8"):
            return page
    raise AssertionError(f"no page has the drawing “{name}” with :explorable:")


def open_and_see(page: Page, site: Site, name: str) -> None:
    """The page that carries this explorable, which comes when its picture does."""
    page.goto(address(site, name))
    page.locator(f".picture[data-explorable='{name}']").scroll_into_view_if_needed()
    expect(page.locator(f"[data-explorable='{name}'] output")).to_be_visible()


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A page whose errors fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=served)
    page = context.new_page()
    problems: list[str] = []
    watch(page, problems)
    yield page
    context.close()
    assert problems == []


def watch(page: Page, problems: list[str]) -> None:
    page.on("pageerror", lambda error: problems.append(str(error)))

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.location["url"].endswith("/favicon.ico"):
            problems.append(message.text)

    page.on("console", heard)


# -- The numbers -----------------------------------------------------------------------------------


def computed(page: Page, site: Site, name: str, calls: str, points: list[list[object]]) -> list[list[float | None]]:
    """What the script of a page makes of each point; JSON has null for NaN."""
    open_and_see(page, site, name)
    return page.evaluate(f"points => {{ const it = faqExplorables.{name}; return points.map(p => JSON.parse(JSON.stringify({calls}))); }}", points)


def test_volumes_agree(page: Page, site: Site) -> None:
    points = [[loss, 10.0**power] for loss in explorables.LOSSES for power in np.linspace(-8, 0, 13)]
    found = computed(page, site, "volumes", "[it.share(...p), it.slope(...p), it.coefficient(p[0])]", points)
    for point, numbers in zip(points, found, strict=True):
        exact = [explorables.share(*point), explorables.slope(*point), explorables.coefficient(point[0])]
        assert numbers == pytest.approx(exact, rel=1e-9), point
    assert page.evaluate("faqExplorables.volumes.losses") == list(explorables.LOSSES)


def test_phases_agree(page: Page, site: Site) -> None:
    rng = np.random.default_rng(1)
    points = [[10 ** rng.uniform(1, 6), 10 ** rng.uniform(-3, -1), rng.uniform(0.5, 10)] for _ in range(52)]
    found = computed(page, site, "phases", "[it.difference(...p), it.share(...p), it.crossing(p[1], p[2])]", points)
    for point, numbers in zip(points, found, strict=True):
        exact = [explorables.free_energy_difference(*point), explorables.posterior_share(*point), explorables.crossing(*point[1:])]
        assert numbers == pytest.approx(exact, rel=1e-9, abs=1e-200), point
    assert page.evaluate("faqExplorables.phases.crossing(1, 2.7)") is None or math.isnan(page.evaluate("faqExplorables.phases.crossing(1, 2.7)"))


def test_traces_agree(page: Page, site: Site) -> None:
    """At settings across the sliders: the exact value, and the run itself, number for number."""
    rng = np.random.default_rng(1)
    grid = list(itertools.product((-20, -7, 0, 10, 20), (-20, -12, 0, 10, 25), (-20, -5, 0, 10), (0, 1)))
    chosen = [grid[k] for k in rng.choice(len(grid), 50, replace=False)]
    settings = [{"step": 5e-4 * 10 ** (e / 10), "localisation": 15 * 10 ** (g / 10), "nbeta": NBETA * 10 ** (b / 10), "centre": c} for e, g, b, c in chosen]
    calls = "(({ estimate, diverged, left }) => [it.localised(p), estimate, diverged, left])(it.run(p))"
    found = computed(page, site, "llc_traces", calls, settings)
    seen = set()
    own = [explorables.Settings(**setting) for setting in settings]
    for setting, run, (exact, estimate, diverged, left) in zip(own, explorables.runs(own), found, strict=True):
        assert exact == pytest.approx(explorables.localised(setting), rel=TOLERANCE, abs=1e-3), setting
        assert diverged == run.diverged, setting
        if not diverged:
            assert estimate == pytest.approx(run.estimate, rel=TOLERANCE), setting
            assert left == run.left, setting
        seen.add((diverged, left > 0, setting.centre))
    assert len(seen) >= 5, "the settings do not cover the regimes"


def test_both_draw_the_same_random_numbers(page: Page, site: Site) -> None:
    (uniforms,) = computed(page, site, "llc_traces", "(draw => Array.from({ length: 1000 }, draw))(it.mulberry32(p[0]))", [[explorables.SEED]])
    assert uniforms == list(explorables.uniforms(1000, explorables.SEED))
    (normals,) = computed(page, site, "llc_traces", "Array.from(it.normals(...p))", [[1000, 7]])
    assert normals == pytest.approx(list(explorables.normals(1000, 7)), rel=1e-9, abs=1e-12)


def test_random_numbers_look_normal() -> None:
    drawn = explorables.normals(explorables.STEPS * explorables.CHAINS * 8, explorables.SEED)
    error = 1 / math.sqrt(len(drawn))
    assert abs(drawn.mean()) < 4 * error
    assert abs((drawn**2).mean() - 1) < 4 * math.sqrt(2) * error
    assert abs((drawn**4).mean() - 3) < 4 * math.sqrt(96) * error


def test_shares_are_integrals() -> None:
    """The closed forms against the length of {w₂: K < ε}, integrated over w₁."""
    lengths = {
        "w₁² + w₂²": lambda w, e: math.sqrt(max(e - w**2, 0)),
        "w₁² + w₂⁴": lambda w, e: max(e - w**2, 0) ** 0.25,
        "w₁²w₂²": lambda w, e: min(1, e**0.5 / w),
        "w₁⁴w₂⁴": lambda w, e: min(1, e**0.25 / w),
    }
    for (loss, length), epsilon in itertools.product(lengths.items(), (1e-4, 0.03, 0.7, 1.0)):
        marks = sorted({min(epsilon**power, 1.0) for power in (0.25, 0.5)})
        found = sum(quad(length, a, b, args=(epsilon,), limit=200)[0] for a, b in itertools.pairwise([0, *marks, 1]))
        assert found == pytest.approx(explorables.share(loss, epsilon), rel=1e-6), (loss, epsilon)


def test_slopes_are_derivatives_and_tend_to_the_coefficient() -> None:
    for loss in explorables.LOSSES:
        low, high = 1e-4 * math.exp(-1e-4), 1e-4 * math.exp(1e-4)
        numeric = math.log(explorables.share(loss, high) / explorables.share(loss, low)) / 2e-4
        assert explorables.slope(loss, 1e-4) == pytest.approx(numeric, rel=1e-6)
        assert explorables.slope(loss, 1e-300) == pytest.approx(explorables.coefficient(loss), rel=0.01)


def test_the_exact_value_tends_to_the_coefficient() -> None:
    assert explorables.localised(explorables.Settings(1e-4, 1e-3, 1e7)) == pytest.approx(explorables.LLC, rel=0.005)


def test_the_static_pictures_say_the_same() -> None:
    values = {name: drawn(PROJECT / "_figures", name, PROJECT / "_build" / "drawings")["values"] for name in ("phases", "llc_traces")}
    assert f"{explorables.crossing(0.01, 2):.0f}" == values["phases"]["crossing"]
    for key, localisation, centre in (("healthy", 15, 0), ("beside", 15, 1), ("weak", 1, 0)):
        assert f"{explorables.localised(explorables.Settings(5e-4, localisation, NBETA, centre)):.1f}".replace("-", "−") == values["llc_traces"][f"{key}_exact"]
    assert str(explorables.LLC) == values["llc_traces"]["llc"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explorables.share("w³", 0.1), "there is no loss"),
        (lambda: explorables.slope("w₁²w₂²", 2), r"must be in \(0, 1\]"),
        (lambda: explorables.share("w₁²w₂²", math.nan), r"must be in \(0, 1\]"),
        (lambda: explorables.posterior_share(0, 0.01, 2), "n must be positive"),
        (lambda: explorables.crossing(1, 2.7), "never trade places"),
        (lambda: explorables.Settings(0, 15, NBETA), "step must be positive"),
        (lambda: explorables.Settings(1e-4, math.inf, NBETA), "localisation must be positive and finite"),
        (lambda: explorables.Settings(1e-4, 15, NBETA, 2), "there is no centre 2"),
        (lambda: explorables.normals(3, 1), "3 is odd"),
        (lambda: explorables.uniforms(3, -1), "32 bits"),
    ],
)
def test_bad_input_is_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# -- The reader ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_keyboard_changes_what_is_said(page: Page, site: Site, name: str) -> None:
    open_and_see(page, site, name)
    picture = page.locator(f"[data-explorable='{name}']")
    controls = picture.locator("input, select")
    said = picture.locator("output.readings")
    for number in range(controls.count()):
        control = controls.nth(number)
        assert control.evaluate("control => control.labels.length") == 1
        control.focus()
        slider = control.evaluate("control => control.type === 'range'")
        if slider:
            start = control.input_value()
            before = control.get_attribute("aria-valuetext")
            page.keyboard.press("ArrowRight")
            assert control.get_attribute("aria-valuetext") != before
        for key in ("Home", "End") if slider else ("ArrowDown",):
            words, drawn = said.inner_text(), picture.locator("svg").inner_html()
            page.keyboard.press(key)
            assert said.inner_text() != words, (number, key)
            assert picture.locator("svg").inner_html() != drawn, (number, key)
            assert "NaN" not in picture.inner_html()
        if slider:
            control.fill(start)


@pytest.mark.parametrize("name", NAMES)
def test_a_finger_moves_it(browser: Browser, served: str, site: Site, name: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, base_url=served)
    page = context.new_page()
    open_and_see(page, site, name)
    picture = page.locator(f"[data-explorable='{name}']")
    slider = picture.locator("input").first
    slider.scroll_into_view_if_needed()
    words, box = picture.locator("output").inner_text(), slider.bounding_box()
    assert box["height"] >= 24
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    assert picture.locator("output").inner_text() != words
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert picture.evaluate("picture => Math.max(...[...picture.querySelectorAll('output *')].map(part => part.getBoundingClientRect().right))") <= 375
    context.close()


def test_verdicts_name_the_regimes(page: Page, site: Site) -> None:
    open_and_see(page, site, "llc_traces")
    picture = page.locator("[data-explorable='llc_traces']")
    verdict = picture.locator("output strong")
    expect(verdict).to_have_text("Sound: the estimate is near the exact mean, 0.5 below λ because of γ and nβ.")

    def set_to(label: str, position: int) -> None:
        picture.get_by_label(label).fill(str(position))

    for label, position, usual, words in (
        ("step size ε", 20, 0, "the chains run away"),
        ("step size ε", 10, 0, "the chains spread wider than the posterior"),
        ("step size ε", -20, 0, "have not settled"),
        ("localisation γ", 15, 0, "even perfect draws fall short"),
        ("localisation γ", -15, 0, "chains left for a lower minimum"),
    ):
        set_to(label, position)
        expect(verdict).to_contain_text(words)
        set_to(label, usual)
    picture.get_by_label("chains start at").select_option("w* beside it")
    expect(verdict).to_contain_text("the estimate is negative")
    expect(picture.locator("output")).to_contain_text("estimate −")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_takes_the_colours_of_the_page(browser: Browser, served: str, site: Site, name: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, base_url=served)
    page = context.new_page()
    open_and_see(page, site, name)
    colour = page.locator(f"[data-explorable='{name}'] svg text").first.evaluate("text => getComputedStyle(text).fill")
    assert (sum(int(part) for part in colour[4:-1].split(",")) > 400) == (scheme == "dark")
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_animates(browser: Browser, served: str, site: Site, name: str) -> None:
    context = browser.new_context(reduced_motion="reduce", base_url=served)
    page = context.new_page()
    open_and_see(page, site, name)
    picture = page.locator(f"[data-explorable='{name}']")
    picture.locator("input").first.focus()
    page.keyboard.press("End")
    drawn = picture.inner_html()
    assert page.evaluate("document.getAnimations().length") == 0
    page.wait_for_timeout(400)
    assert picture.inner_html() == drawn
    context.close()


# -- The page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_moves_when_it_takes_its_place(browser: Browser, served: str, site: Site, name: str, width: int, height: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=served)
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value })"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    held: list[Route] = []
    page.route(f"**/explorables/{name}.js*", lambda route: held.append(route))
    page.goto(address(site, name), wait_until="commit")
    picture = page.locator(f".picture[data-explorable='{name}']")
    expect(picture.locator("svg[aria-label]")).to_be_visible()
    page.wait_for_function("document.fonts.status === 'loaded'")
    page.wait_for_timeout(300)
    page.evaluate(f"document.querySelector(\".picture[data-explorable='{name}']\").scrollIntoView({{ block: 'center', behavior: 'instant' }})")
    page.wait_for_timeout(100)

    def room() -> float:
        return page.evaluate("picture => picture.nextElementSibling.getBoundingClientRect().top - picture.getBoundingClientRect().top", picture.element_handle())

    before, shift = room(), page.evaluate("window.shift")
    assert held, "the script was not asked for"
    held[0].continue_()
    expect(picture.locator("output")).to_be_visible()
    page.wait_for_timeout(200)
    assert room() == pytest.approx(before, abs=1)
    assert page.evaluate("window.shift") - shift <= 0.02
    for key in ("End", "Home"):  # nor does the page move while a reader plays
        picture.locator("input").first.focus()
        page.keyboard.press(key)
        assert room() == pytest.approx(before, abs=1), key
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_there_without_javascript(browser: Browser, served: str, site: Site, name: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=served)
    page = context.new_page()
    page.goto(address(site, name))
    picture = page.locator(f".picture[data-explorable='{name}']")
    static = picture.locator("svg[role='img'][aria-label]")
    expect(static).to_be_visible()
    expect(picture.locator("input, select, output")).to_have_count(0)
    assert len(static.get_attribute("aria-label").split()) >= 20
    assert picture.bounding_box()["height"] == pytest.approx(static.bounding_box()["height"], abs=2), "room is kept for nothing"
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_it_works_from_a_folder(browser: Browser, site: Site, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    watch(page, problems)
    page.goto((site.folder / address(site, name)).as_uri())
    page.locator(f".picture[data-explorable='{name}']").scroll_into_view_if_needed()
    expect(page.locator(f"[data-explorable='{name}'] output")).not_to_be_empty()
    context.close()
    assert problems == []


@pytest.mark.parametrize("name", NAMES)
def test_scripts_are_light(name: str) -> None:
    scripts = [(PROJECT / "_static/explorables" / f"{part}.js").read_bytes() for part in ("when-seen", "common", name)]
    assert sum(len(gzip.compress(script, 6, mtime=0)) for script in scripts) <= BYTES


def test_scripts_are_only_where_needed(site: Site) -> None:
    for name in site.names():
        text = (site.folder / name).read_text(encoding="utf-8")
        wanted = dict.fromkeys(re.findall(r'data-explorable="(\w+)"', text))
        loads = [re.findall(r"(\w+)\.js\?v=\w+", scripts) for scripts in re.findall(r'data-scripts="([^"]*)"', text)]
        assert loads == ([["common", *wanted]] if wanted else []), name
        assert ("/explorables/" in text) == bool(wanted), name


@pytest.mark.parametrize("name", NAMES)
def test_it_is_not_fetched_before_its_picture_is_seen(browser: Browser, served: str, site: Site, name: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=served)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/explorables/")[2].partition("?")[0]))
    page.goto(address(site, name), wait_until="networkidle")
    assert {file for file in asked if file} == {"when-seen.js"}
    page.locator(f".picture[data-explorable='{name}']").scroll_into_view_if_needed()
    expect(page.locator(f"[data-explorable='{name}'] output")).to_be_visible()
    assert {file for file in asked if file} == {"when-seen.js", "common.js", f"{name}.js"}
    context.close()
