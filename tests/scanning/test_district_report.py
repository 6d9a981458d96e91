"""What is told of a district: nothing small, nothing from which something small could be reckoned, and for the rest what is true."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.small_cells import FEW
from scanning.district_chart import as_svg, marks_chart, returns_chart
from scanning.district_counts import Children, District, Load, SilentVillage
from scanning.district_page import page_of
from scanning.district_paper import paper_of
from scanning.district_report import ALL, COLUMNS, STAGES, Report, Span, report
from scanning.district_words import HIDDEN, Voice
from tests.scanning.district_desks import WEEK, districts, marked, plain

SPAN = Span(WEEK, (WEEK,))
DAY = date(2026, 11, 2)


def told(*found: District) -> Report:
    return report(found, SPAN)


@settings(max_examples=12)
@given(districts())
def test_no_small_number_of_children_is_told_and_what_is_told_is_true(found: list[District]) -> None:
    made = report(found, SPAN)
    sums = Children()
    for each in found:
        sums.add(each.children)
    whole = {"whole": sums.whole, "partly": sums.partly, "silent": sums.silent, "lost": sums.lost, "unreached": sums.unreached}
    assert all(made.total.counts[name] in (None, count) for name, count in whole.items())
    for row in made.rows:
        assert all(count is None or count == 0 or count >= FEW for count in row.counts.values())
    for line in made.marks:
        assert all(count is None or count == 0 or count >= FEW for count in (line.works, *line.marks))
    for child in made.as_json()["silent_villages"]:
        assert next(each for district in found for each in district.silent if each.kato == child["kato"]).children >= FEW


@settings(max_examples=12)
@given(districts())
def test_no_hidden_number_is_a_told_sum_less_what_is_told(found: list[District]) -> None:
    """The plainest reckoning: in every line and column of the table of children at least two numbers are hidden, or none."""
    made = report(found, SPAN)
    rows = made.rows[:-1]
    for column in COLUMNS:
        hidden = [row for row in rows if row.counts[column] is None]
        if made.total.counts[column] is not None:
            assert len(hidden) != 1, column
    for row in made.rows:
        for whole, parts in (
            ("pupils", ("reached", "unreached")),
            ("reached", ("returned", "silent", "lost")),
            ("returned", ("whole", "partly")),
        ):
            assert sum(row.counts[name] is None for name in (whole, *parts)) != 1
    for subject in {line.subject for line in made.marks}:
        mine = [line for line in made.marks if line.subject == subject]
        for line in mine:
            assert sum(count is None for count in (line.works, *line.marks)) != 1


def test_one_district_is_told_by_schools_and_several_by_districts() -> None:
    one, two = plain(), plain("599900000")
    assert ([row.key for row in told(one).rows], told(one).of_schools) == (["s1", ALL], True)
    assert ([row.key for row in told(one, two).rows], told(one, two).of_schools) == (["599800000", "599900000", ALL], False)
    assert told(one, two).total.counts["pupils"] == 60
    assert [row.key for row in told(one, two).loads] == ["599800000", "599900000", ALL]


def test_a_class_of_few_tells_not_even_its_noughts() -> None:
    made = told(marked(plain(), {("history", 9): (0, 0, 3, 0), ("history", 8): (6, 6, 6, 6)}))
    (line,) = [line for line in made.marks if (line.subject, line.grade) == ("history", 9)]
    assert (line.works, set(line.marks)) == (None, {None})


def test_days_are_told_of_five_packets_and_not_of_four() -> None:
    made = told(plain()).turnaround
    assert (made.packets, made.median, made.p90) == (15, 9.0, 16)
    few = plain()
    few.days = Counter({9: 4})
    assert told(few).turnaround.median is None
    assert [row.median_days for row in told(plain(), plain("599900000")).rows] == [9.0, 9.0, 9.0]


def test_shares_are_told_where_both_their_numbers_are() -> None:
    made = told(plain()).as_json()
    assert (made["coverage"], made["return_rate"]) == (1.0, 0.8)
    assert told(plain(silent=2)).as_json()["return_rate"] is None
    assert told(plain()).marks[-1].good == 0.6


def test_silent_villages_of_few_children_are_counted_and_not_named() -> None:
    district = plain()
    district.silent = [SilentVillage("599830100", "Үлкен", "Большое", 3, 7), SilentVillage("599830200", "Кіші", "Малое", 2, 3)]
    made = told(district)
    assert ([each.kato for each in made.silent], made.small_silent) == (["599830100"], 1)
    page = page_of(Voice(made, "kk"), DAY)
    assert ("Үлкен" in page, "Кіші" in page) == (True, False)


@given(st.sampled_from(("kk", "ru", "en")))
@settings(max_examples=3)
def test_page_and_paper_are_the_same_bytes_for_the_same_figures_and_load_nothing(language: str) -> None:
    voice = Voice(told(plain(silent=2)), language)
    assert page_of(voice, DAY) == page_of(voice, DAY)
    assert paper_of(voice, DAY) == paper_of(voice, DAY)
    page = page_of(voice, DAY)
    assert f'<html lang="{language}">' in page
    assert HIDDEN in page
    for word in ("http:", "https:", "src=", "<script", "@import", "url("):
        assert word not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_what_is_hidden_is_not_drawn() -> None:
    hidden = Voice(told(plain(silent=2)), "en")
    assert "stroke-dasharray" in as_svg(returns_chart(hidden))
    assert "stroke-dasharray" not in as_svg(returns_chart(Voice(told(plain()), "en")))
    assert as_svg(marks_chart(Voice(told(plain()), "en"))).count("<rect") == 4 + 4 + 3 + 4


@pytest.mark.parametrize("schools", range(0, 30, 3))
def test_the_place_for_the_signature_never_stands_on_a_sheet_without_figures(schools: int) -> None:
    district = plain()
    for number in range(schools):
        district.parts[f"x{number}"] = Children(5, 6, 7, 8, 9)
        district.school_names[f"x{number}"] = (f"Мектеп {number}", f"Школа {number}")
    pages = pdfium.PdfDocument(paper_of(Voice(told(district), "ru"), DAY))
    words = [page.get_textpage().get_text_bounded() for page in pages]
    (signed,) = [text for text in words if "подпись" in text]
    assert "Ожидается" in signed


def test_a_key_without_bars_is_not_drawn() -> None:
    district = plain(silent=2)
    district.marks.clear()
    assert as_svg(marks_chart(Voice(told(district), "kk"))) == ""


def test_many_rows_go_on_over_pages_and_names_are_escaped() -> None:
    district = plain()
    for number in range(90):
        district.parts[f"x{number}"] = Children(5, 6, 7, 8, 9)
        district.school_names[f"x{number}"] = ("<b>Ұзақ</b> " + "атау " * 20, "Очень длинное название " * 6)
    voice = Voice(told(district), "kk")
    assert "<b>" not in page_of(voice, DAY)
    assert paper_of(voice, DAY).count(b"/Type /Page\n") + paper_of(voice, DAY).count(b"/Type /Page ") >= 3


@given(st.lists(st.integers(0, 12), min_size=6, max_size=6), st.integers(0, 7), st.integers(0, 7))
def test_pages_give_away_no_few_children(steps: list[int], missing: int, lost: int) -> None:
    """A page that did not come back is a child's: no number of pages, nor the difference of two, is one to four."""
    district = plain(silent=0, lost=1, partly=9, whole=40)
    counts = [sum(steps[place:]) for place in range(len(steps))]
    district.pages = Counter(dict(zip((*STAGES, "missing", "lost"), (*counts, missing, lost), strict=True)))
    told = report([district], SPAN).pages
    numbers = sorted(count for name in STAGES if (count := told[name]) is not None)
    assert not any(0 < above - below < FEW for below, above in zip([0, *numbers], numbers, strict=False))
    assert all(told[name] is None or told[name] == district.pages[name] for name in told)
    assert (told["missing"], told["lost"]) in {(None, None), (missing, lost)}
    assert not {told["missing"], told["lost"]} & {1, 2, 3, 4}


def test_one_answer_in_doubt_is_one_child_however_many_the_teacher_has() -> None:
    district = plain()
    district.loads["T1"] = Load(60, 30, 2, 5, 24)
    district.loads["T2"] = Load(60, 30, 9, 5, 24)
    rows = {row.key: row.counts for row in report([district], SPAN).loads}
    assert rows["T1"]["waiting"] is None
    assert rows["T1"]["pages"] == 60
