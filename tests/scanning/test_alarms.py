"""Alarms from numbers: each fault is told with its figures and sheets, and clean batches are silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.language import set_language
from scanning.alarms import Alarm, alarms, medians
from scanning.alarms_look import look, quality_of
from scanning.alarms_numbers import Look, PageNumbers, Place, Posture, Stripe, measured, posture_of
from scanning.alarms_words import alarm_json, runs, sentence
from tests.scanning.batches import PER_INCH, clean_batch, lying, seen, spoilt
from tests.scanning.sheets import Sheet, choice_layout

CLEAN_BATCHES = 60
Fault = Callable[[int, PageNumbers], dict[str, Any]]


def per_mm(page: PageNumbers) -> float:
    assert page.posture is not None
    return page.posture.across


def stripe_at(mm: float, axis: int = 0, step: float = -40.0, every: int = 1) -> Fault:
    """A line at that many millimetres of the scanner on every so-manieth picture."""
    return lambda index, page: seen(page, stripes=(Stripe(axis, mm * per_mm(page), step),)) if index % every == 0 else {}


def scaled(across: float, down: float) -> Fault:
    def change(_index: int, page: PageNumbers) -> dict[str, Any]:
        known = float(round(per_mm(page) * PER_INCH / 50) * 50)
        return lying(page, across=per_mm(page) * across, down=per_mm(page) * down) | seen(page, dpi=known)

    return change


FAULTS: dict[str, tuple[Fault, str, dict[str, Any]]] = {
    "fading": (lambda index, page: {"black": (page.black or 0) + 0.002 * index}, "fading_toner", {"seen": "over_the_batch"}),
    "pale": (lambda _index, page: {"black": 0.33 + (page.black or 0) / 10}, "fading_toner", {"seen": "altogether"}),
    "stripe": (stripe_at(63.2), "stripe", {"mm": 63, "edge": "left", "dark": True}),
    "light stripe": (stripe_at(20.0, step=9.0), "stripe", {"mm": 20, "edge": "left", "dark": False}),
    "stripe of one side": (stripe_at(63.2, every=2), "stripe", {"mm": 63}),
    "stripe across": (stripe_at(70.0, axis=1), "stripe", {"mm": 70, "edge": "top"}),
    "skewed": (lambda _index, page: lying(page, askew=2.0), "skewed_feed", {"degrees": 2.0}),
    "more and more": (lambda index, page: lying(page, askew=0.02 * index), "skewed_feed", {}),
    "scaled": (scaled(0.97, 0.97), "scaled_prints", {"percent": pytest.approx(97.0, abs=0.3)}),
    "enlarged": (scaled(1.03, 1.03), "scaled_prints", {"percent": pytest.approx(103.0, abs=0.3)}),
    "stretched": (scaled(1.0, 1.02), "stretched_feed", {"percent": pytest.approx(98.0, abs=0.2)}),
    "corner": (lambda index, _page: {"lost": ("bottom_right",)} if index % 3 == 0 else {"lost": ()}, "lost_corner", {"corner": "bottom_right"}),
    "points": (lambda _index, _page: {"points": 8}, "few_points", {"points": 8}),
    "doubts": (lambda _index, page: {"doubts": ("faint",) * (page.items // 2)}, "many_doubts", {"reason": "faint"}),
    "other rows": (lambda _index, page: {"unfit": ("2",)} if page.layout == "layout3" else {}, "wrong_print", {"assignment": "math-3", "items": ["2"]}),
    "other print": (lambda _index, page: {"reason": "does_not_fit"} if page.layout == "layout3" else {}, "wrong_print", {"items": []}),
    "coarse": (lambda _index, page: lying(page, across=3.9, down=3.9) | seen(page, dpi=None), "low_dpi", {"dpi": 99}),
    "pressed": (lambda _index, page: seen(page, quality=15), "hard_jpeg", {"quality": 15}),
    "two tones": (lambda _index, page: seen(page, two_tone=True), "black_and_white", {"pictures": 120}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_figures_and_nothing_else_is(fault: str) -> None:
    change, code, numbers = FAULTS[fault]
    pages = spoilt(clean_batch(7, 120), change)
    found = alarms(pages)
    assert {each.code for each in found} == {code}
    (one,) = found
    assert {name: one.numbers[name] for name in numbers} == numbers
    assert one.places
    assert set(one.places) <= {page.place for page in pages}


def test_clean_batches_are_silent() -> None:
    told = Counter(each.code for seed in range(CLEAN_BATCHES) for each in alarms(clean_batch(seed), [medians(clean_batch(seed + 1000))]))
    assert told == {}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("few", [1, 4])
def test_a_few_odd_sheets_are_nobody_s_business(fault: str, few: int) -> None:
    change, _code, _numbers = FAULTS[fault]
    assert alarms(spoilt(clean_batch(7, 120), lambda index, page: change(index, page) if index < few else {})) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_the_alarm_is_raised_from_its_limit_on_whatever_the_order_of_files(fault: str) -> None:
    change, code, _numbers = FAULTS[fault]
    for seed in range(4):
        assert code in {each.code for each in alarms(spoilt(clean_batch(seed, 100), change))}, seed


def test_print_that_is_paler_than_in_earlier_batches_is_told_before_it_is_pale() -> None:
    pages = spoilt(clean_batch(3, 60), lambda _index, page: {"black": 0.15 + (page.black or 0) / 10})
    assert alarms(pages) == []
    earlier = [medians(clean_batch(seed, 60)) for seed in range(8)]
    (found,) = alarms(pages, earlier)
    assert (found.code, found.numbers["seen"]) == ("fading_toner", "since_earlier")
    assert medians(pages[:3])["black"] is None


@pytest.mark.parametrize("mm", [0.5, 2.0, 208.5])
def test_the_edges_of_the_paper_are_no_stripes(mm: float) -> None:
    assert alarms(spoilt(clean_batch(5, 60), stripe_at(mm))) == []


@pytest.mark.parametrize("fold", [99.0, 148.5, 198.0])
def test_folds_are_no_stripes_and_lines_that_travel_with_the_paper_neither(fold: float) -> None:
    def folded(_index: int, page: PageNumbers) -> dict[str, Any]:
        assert page.posture is not None
        return seen(page, stripes=(Stripe(1, page.posture.middle[1] + (fold - 148.5) * per_mm(page), -40.0),))

    assert alarms(spoilt(clean_batch(5, 60), folded)) == []
    luck = np.random.default_rng(1)

    def travelling(index: int, page: PageNumbers) -> dict[str, Any]:
        return stripe_at(63 + luck.uniform(-6, 6))(index, page)

    assert alarms(spoilt(clean_batch(5, 60), travelling)) == []


def test_two_stripes_are_two_alarms() -> None:
    both = spoilt(
        clean_batch(5, 60), lambda _index, page: seen(page, stripes=tuple(Stripe(0, mm * per_mm(page), -40.0) for mm in (40.0, 120.0)))
    )
    assert sorted(each.numbers["mm"] for each in alarms(both)) == [40, 120]


def test_photographs_have_no_feeder_and_no_glass() -> None:
    def photographed(index: int, page: PageNumbers) -> dict[str, Any]:
        return lying(page, askew=5.0, tilt=0.05, across=8.0, down=9.0) | stripe_at(63.0)(index, page)

    assert alarms(spoilt(clean_batch(2, 60), photographed)) == []
    mixed = spoilt(clean_batch(2, 60), lambda index, page: photographed(index, page) if index % 4 else lying(page, askew=4.0))
    assert alarms(mixed) == []  # photographs from straight above look like scans


def test_a_dpi_that_the_print_contradicts_is_not_believed() -> None:
    assert alarms(spoilt(clean_batch(2, 60), lambda _index, page: seen(page, dpi=72.0))) == []


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_alarm_says_what_to_do_in_every_language(fault: str, lang: str) -> None:
    change, _code, _numbers = FAULTS[fault]
    (found,) = alarms(spoilt(clean_batch(7, 120), change))
    set_language(lang)
    said = sentence(found)
    assert "{" not in said
    assert len(said) > 30
    assert alarm_json(found)["pages"]


def test_pages_are_told_in_runs() -> None:
    assert runs([5, 1, 2, 3, 9, 9]) == "1-3, 5, 9"


@given(st.floats(-180, 180), st.floats(0.9, 1.1), st.floats(2, 24), st.floats(-500, 4000))
def test_posture_gives_back_turn_and_scales(turn: float, stretch: float, scale: float, away: float) -> None:
    angle = np.radians(turn)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([scale, scale * stretch])
    found = posture_of([*matrix[0], away, *matrix[1], away, 0.0, 0.0, 1.0])
    assert found is not None
    assert abs(found.askew) <= 45.01
    assert abs((turn - found.askew) / 90 - round((turn - found.askew) / 90)) < 1e-3
    scales = (scale, scale * stretch) if found.upright else (scale * stretch, scale)
    assert np.allclose((found.across, found.down), scales, atol=2e-4)
    assert (found.tilt, found.scanned) == (0.0, True)


@pytest.mark.parametrize("numbers", [[], [0.0] * 9, [float("nan")] * 9, [1.0] * 8])
def test_a_transform_that_is_none_gives_no_posture(numbers: list[float]) -> None:
    assert posture_of(numbers) is None


@settings(max_examples=40)
@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 2**32))
def test_any_batch_however_torn_gives_alarms_or_none_but_never_fails(chosen: list[int], seed: int) -> None:
    pages = clean_batch(seed, 41)
    torn = [
        PageNumbers(Place("o", "f", index, 1), "unreadable", look=Look((10, 10))) if index in chosen else page
        for index, page in enumerate(pages)
    ]
    for found in alarms(torn[: seed % 42]):
        assert isinstance(found, Alarm)
        assert sentence(found)


def test_measurements_of_an_older_reader_give_what_they_have() -> None:
    assert measured({}) == {"rows": 0, "unfit": (), "lost": ()}
    told = measured({"rows": [["1", 0.3, 0, 0], ["2", 0.7, 0, 0]], "transform": [8, 0, 0, 0, 8, 0, 0, 0, 1], "black": 0.1, "points": 15})
    assert (told["rows"], told["unfit"], told["black"], told["lost"]) == (2, ("1",), 0.1, ())
    assert isinstance(told["posture"], Posture)


def scanned(seed: int, dpi: int = 150, **more: Any) -> Any:
    sheet = Sheet(choice_layout(), seed)
    sheet.fill("1", "A")
    return sheet.scan(dpi=dpi, turn=0.3, jpeg=95, **more)


@pytest.mark.parametrize(("share", "sign"), [(0.6, -1), (0.15, -1)])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_line_through_the_whole_picture_is_seen_where_it_is(axis: int, share: float, sign: int) -> None:
    image = scanned(1).copy()
    lane = image[:, 300:302] if axis == 0 else image[300:302]
    lane[:] = (lane * (1 - share)).astype(np.uint8)
    (found,) = look(image, 150.0).stripes
    assert (found.axis, abs(found.place - 300.5) <= 1.5, np.sign(found.step)) == (axis, True, sign)


def test_a_light_line_is_seen_on_grey_paper() -> None:
    image = scanned(2, paper=232.0).copy()
    image[:, 400:402] = 255
    assert [(each.axis, each.step > 0) for each in look(image).stripes] == [(0, True)]


@pytest.mark.parametrize("seed", range(6))
def test_print_pens_and_creases_are_no_lines(seed: int) -> None:
    sheet = Sheet(choice_layout(), seed)
    for number in range(1, 12):
        sheet.fill(str(number), "A")  # the same column all the way down
    assert look(sheet.scan(dpi=200, turn=0.0, crease=0.5)).stripes == ()


def test_a_picture_without_greys_is_known_also_when_it_was_pressed_as_a_jpeg() -> None:
    grey = scanned(3, dpi=200)
    two = np.where(grey < 128, 0, 255).astype(np.uint8)
    pressed = cv2.imdecode(cv2.imencode(".jpg", two, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_GRAYSCALE)
    assert [look(each).two_tone for each in (grey, two, np.asarray(pressed, np.uint8))] == [False, True, True]


@pytest.mark.parametrize("lid", [15, 60, 250])
def test_a_dark_lid_beside_the_sheet_and_the_holes_of_a_folder_are_no_lack_of_greys(lid: int) -> None:
    grey = scanned(3, dpi=200)
    back = np.full_like(grey, 236)
    for middle in (848, 1477):
        cv2.circle(back, (95, middle), 24, 20, -1, cv2.LINE_AA)
    dark = [cv2.GaussianBlur(cv2.copyMakeBorder(each, lid, 0, 0, lid, cv2.BORDER_CONSTANT, value=20), (0, 0), 0.6) for each in (grey, back)]
    assert [look(np.asarray(each, np.uint8)).two_tone for each in dark] == [False, False]
    two = np.where(dark[0] < 128, 0, 255).astype(np.uint8)
    assert look(two).two_tone


def test_a_single_sheet_without_greys_is_told_because_nobody_can_doubt_what_is_lost() -> None:
    (page,) = spoilt(clean_batch(7, 9)[:1], lambda _index, page: seen(page, two_tone=True))
    (found,) = alarms([page])
    assert (found.code, found.places) == ("black_and_white", (page.place,))


@pytest.mark.parametrize("quality", [10, 20, 30, 50, 75])
def test_the_quality_of_a_jpeg_is_read_from_its_pixels(quality: int) -> None:
    picture = scanned(3, noise=5.0, paper=225.0)
    packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    found = quality_of(np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8))
    assert found is not None
    assert abs(found - quality) <= 2


def test_white_and_tiny_pictures_tell_nothing_and_do_not_fail() -> None:
    assert look(np.full((40, 40), 255, np.uint8)) == Look((40, 40))
    assert look(np.full((700, 600), 255, np.uint8), 96.0) == Look((600, 700), 96.0)
    assert PER_INCH == 25.4
