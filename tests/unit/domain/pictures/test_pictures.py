"""Pictures: well-formed, inside their frame, in light and dark, escaped, and nothing written over anything else."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.pictures.forest_plot import Pair, forest_plot
from stream_processors.domain.pictures.funnel_plot import funnel_plot
from stream_processors.domain.pictures.maxsprt_plot import maxsprt_plot
from stream_processors.domain.pictures.scales import Scale, apart, short
from stream_processors.domain.pictures.spc_chart import spc_chart
from stream_processors.domain.pictures.svg import DARK, FONT, LIGHT, width_of
from stream_processors.domain.signals.control_chart import Point, chart
from stream_processors.domain.signals.maxsprt_looks import Plan, looks
from tests.unit.domain.signals import published_charts as published

SVG = "{http://www.w3.org/2000/svg}"


def of_boards(name: str = "Boards") -> str:
    points = [Point("row", y, np.nan, at < 26, at in (5, 19)) for at, y in enumerate(published.BOARDS)]
    labels = [str(at) for at in range(1, len(points) + 1)]
    return spc_chart(name, "c", list(zip(labels, points, chart("c", points), strict=True)))


def pictures() -> dict[str, str]:
    random = np.random.default_rng(2)
    sizes = random.lognormal(9, 1, 40)
    units = [(f"unit {at}", float(random.poisson(n * 0.004 * (3 if at == 7 else 1))), float(n)) for at, n in enumerate(sizes)]
    wards = [(f"ward {at}", float(random.binomial(int(n), 0.93)), float(int(n))) for at, n in enumerate(sizes / 50 + 2)]
    pairs = [
        Pair(f"DEVICE {at} OF A VERY LONG NAME INDEED", "LEAK", 3.0 + at, 0.3 * at + 0.1, at + 1.0, 2.0 * at + 4)
        for at in range(40)
    ]
    log = looks(Plan(2.921561, 10, 4), [(at // 2, at / 10) for at in range(1, 9)] + [(9, 1.0)])
    return {
        "spc": of_boards(),
        "funnel": funnel_plot("Falls", units, proportion=False),
        "proportions": funnel_plot("Checklists", wards, proportion=True),
        "forest": forest_plot("Pairs", pairs),
        "maxsprt": maxsprt_plot("Air embolism", Plan(2.921561, 10, 4), log),
    }


PICTURES = pictures()
each = pytest.mark.parametrize("name", PICTURES)


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)


@each
def test_it_is_well_formed_and_says_what_it_shows(name: str) -> None:
    root = parsed(PICTURES[name])
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title") is not None
    told = root.find(f"{SVG}desc")
    assert told is not None
    assert len(told.text or "") > 20


@each
def test_marks_and_words_lie_inside_the_picture(name: str) -> None:
    root = parsed(PICTURES[name])
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for mark in root.iter(f"{SVG}circle"):
        assert 0 <= float(mark.attrib["cx"]) <= width
        assert 0 <= float(mark.attrib["cy"]) <= height
    for left, right, y, text in _boxes(root):
        assert left >= -1, text
        assert right <= width + 1, text
        assert 0 <= y <= height, text


@each
def test_no_words_lie_on_others(name: str) -> None:
    boxes = _boxes(parsed(PICTURES[name]))
    for at, (left, right, y, text) in enumerate(boxes):
        for left2, right2, y2, text2 in boxes[at + 1 :]:
            over = min(right, right2) - max(left, left2) > 1 and abs(y - y2) < FONT - 2
            assert not over, f"{text} on {text2}"


def _boxes(root: ET.Element) -> list[tuple[float, float, float, str]]:
    """Left, right, height and words of every text that lies; a halo is the same text again, and what stands is left out."""
    standing = {text for group in root.iter(f"{SVG}g") for text in group.iter(f"{SVG}text")}
    boxes = []
    for text in root.iter(f"{SVG}text"):
        if text in standing or text.attrib.get("class") == "halo":
            continue
        said, x, y = text.text or "", float(text.attrib["x"]), float(text.attrib["y"])
        wide = width_of(said) * (1.3 if text.attrib.get("class") == "title" else 0.97)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.attrib["text-anchor"]]
        boxes.append((left, left + wide, y, said))
    return boxes


@each
def test_it_follows_light_and_dark(name: str) -> None:
    assert "@media (prefers-color-scheme:dark)" in PICTURES[name]
    assert "fill=" not in re.sub(r"<style>.*?</style>", "", PICTURES[name], flags=re.DOTALL), (
        "colours come from the style alone"
    )


def luminance(colour: str) -> float:
    """Of WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_words_and_marks_stand_out_from_the_paper(colours: dict[str, str]) -> None:
    for name in ("ink", "soft", "data", "signal", "level"):
        light, dark = sorted((luminance(colours[name]), luminance(colours["paper"])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name  # WCAG 2.1, 1.4.3


def test_what_is_outside_is_a_diamond_with_its_name() -> None:
    root = parsed(of_boards())
    named = [text.text for text in root.iter(f"{SVG}text") if text.attrib.get("class") == "named"]
    assert named == ["6 (excluded)", "20 (excluded)"]
    assert sum(mark.attrib["class"] == "alarm" for mark in root.iter(f"{SVG}polygon")) == 2


def test_names_are_text_and_never_markup() -> None:
    text = of_boards('<script>alert("x")</script> & more')
    assert "<script" not in text
    assert parsed(text).findtext(f"{SVG}title") == '<script>alert("x")</script> & more'


def test_the_same_numbers_make_the_same_bytes() -> None:
    assert pictures() == PICTURES


def test_all_of_a_small_unit_is_no_rarity() -> None:
    """Where the pooled proportion is 93 %, forty of forty lie inside."""
    told = funnel_plot("Checklists", [("small", 40, 40), ("large", 9300, 10_000)], proportion=True)
    assert "none outside" in told


@given(st.lists(st.floats(0, 400), min_size=1, max_size=8), st.floats(1, 30))
def test_labels_keep_their_distance_and_their_order(places: list[float], distance: float) -> None:
    moved = apart(places, distance)
    order = sorted(range(len(places)), key=places.__getitem__)
    assert all(moved[b] - moved[a] >= distance - 1e-6 for a, b in pairwise(order))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_round_and_within(low: float, span: float) -> None:
    scale = Scale(low, low + span, 0, 100)
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= 8
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in ticks)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(0, None, "0"), (0.000813, None, "0.000813"), (6937.9, None, "6,938"), (0.2, 0.05, "0.20"), (40, 10, "40")],
)
def test_numbers_to_read(value: float, step: float | None, text: str) -> None:
    assert short(value, step) == text
