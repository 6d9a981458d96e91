"""The grade book: what is decided counts, what is not leaves a mark open and is named, and nothing is a 0 unless a person says from when."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from records import schema
from tests.conftest import Poshta
from tests.scanning.graded_desk import AT, GradedDesk, graded_desk

TODAY = "2026-11-22"
Q1 = "2026-27/1"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GradedDesk]:
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    made = graded_desk(tmp_path / "desk")
    yield made
    made.home.close()


def marks(poshta: Poshta, *words: str) -> dict[tuple[str, str], dict[str, object]]:
    said = poshta("grades", "book", *words)
    assert said.code == 0, said.err + said.out
    return {(each["pupil"], each["subject"]): each for each in said.data["marks"]}


def test_a_quarter_is_made_of_its_own_works_by_the_formula_in_force(desk: GradedDesk, poshta: Poshta) -> None:
    """ҚБ 8/10 is 8, БЖБ 14/20, ТЖБ 21/30, as with_formative has it: ((14 + 8)/(20 + 10))·50 + (21/30)·50 = 36.6667 + 35 = 71.6667."""
    desk.pupil("A")
    desk.give("A", "2026-W38", "formative", ["8"])
    desk.give("A", "2026-W40", "unit", ["5", "9"])
    desk.give("A", "2026-W42", "term", ["7", "7", "7"])
    desk.give("A", "2026-W46", "unit", ["0", "0"])  # of the second quarter
    row = marks(poshta, "--quarter", Q1)["A", "math"]
    assert (row["exact"], row["percent"], row["mark"], row["state"]) == (71.6667, 72, 4, "marked")
    assert row["works"] == {
        "formative": {"count": 1, "points": 8, "max_points": 10},
        "unit": {"count": 1, "points": 14, "max_points": 20},
        "term": {"count": 1, "points": 21, "max_points": 30},
    }
    assert marks(poshta, "--quarter", "2026-27/2")["A", "math"]["mark"] == 2


def test_the_desks_own_formula_takes_the_place_of_the_dated_one(desk: GradedDesk, poshta: Poshta) -> None:
    """50·14/20 + 50·21/30 = 35 + 35 = 70 without the formative work."""
    desk.pupil("A")
    desk.give("A", "2026-W38", "formative", ["1"])
    desk.give("A", "2026-W40", "unit", ["5", "9"])
    desk.give("A", "2026-W42", "term", ["7", "7", "7"])
    (desk.path / "poshta.toml").write_text('[marks]\nformula = "units_and_term"\n', encoding="utf-8")
    row = marks(poshta, "--quarter", Q1)["A", "math"]
    assert (row["formula"], row["percent"]) == ("units_and_term", 70)


def test_undecided_questions_leave_the_mark_open_and_are_named_with_their_pages(desk: GradedDesk, poshta: Poshta) -> None:
    """Of 50 points 12 are decided, and 10 each in doubt, waiting and not back: 24 % to 84 %."""
    desk.pupil("A")
    page = desk.give("A", "2026-W40", "unit", ["4", "8", "?", "w", "-"])
    row = marks(poshta, "--quarter", Q1)["A", "math"]
    assert (row["state"], row["mark"], row["percent"], row["lowest"], row["highest"]) == ("open", None, None, 2, 4)
    undecided = row["undecided"]
    assert isinstance(undecided, list)
    assert [(each["item"], each["why"]) for each in undecided] == [("3", "doubt"), ("4", "waiting"), ("5", "missing")]
    assert [each["page"] for each in undecided[:2]] == [page, page]
    assert undecided[2]["page"] not in {page, None}
    assert undecided[2]["due"] == "2026-10-12"


def test_work_that_is_not_due_yet_is_outstanding_and_never_a_zero(
    desk: GradedDesk, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-12")
    desk.pupil("A")
    desk.give("A", "2026-W40", "unit", ["10", "-"])
    row = marks(poshta, "--quarter", Q1, "--missing-as-zero", "0")["A", "math"]
    assert (row["state"], row["zeroed"]) == ("open", 0)
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-13")
    row = marks(poshta, "--quarter", Q1, "--missing-as-zero", "0")["A", "math"]
    assert (row["state"], row["zeroed"], row["percent"]) == ("marked", 1, 50)


def test_missing_work_counts_as_zero_only_where_a_person_says_from_when_and_is_told(desk: GradedDesk, poshta: Poshta) -> None:
    desk.pupil("A")
    desk.give("A", "2026-W40", "unit", ["10", "-", "?"])
    assert marks(poshta, "--quarter", Q1)["A", "math"]["zeroed"] == 0
    row = marks(poshta, "--quarter", Q1, "--missing-as-zero", "30")["A", "math"]
    assert (row["zeroed"], row["state"], row["lowest"], row["highest"]) == (1, "open", 2, 4), "a doubt is never a zero"
    assert marks(poshta, "--quarter", Q1, "--missing-as-zero", "60")["A", "math"]["zeroed"] == 0
    (desk.path / "poshta.toml").write_text("[marks]\nmissing_as_zero_days = 30\n", encoding="utf-8")
    assert marks(poshta, "--quarter", Q1)["A", "math"]["zeroed"] == 1
    assert "counts as 0" in poshta("grades", "book", "--quarter", Q1, json=False).out


def test_a_page_that_came_and_cannot_be_read_is_no_missing_one_and_never_a_zero(desk: GradedDesk, poshta: Poshta) -> None:
    desk.pupil("A")
    page = desk.give("A", "2026-W40", "unit", ["-", "-"])
    with desk.home.database.write() as session:
        session.add(schema.Original(digest="d", path="originals/d.jpg", bytes=1, frames=1, first_seen=AT))
        session.flush()
        said = {"state": "unreadable", "reason": "does_not_fit", "page": page, "late": False, "scanned_at": AT, "ms": 1, "measurements": {}}
        session.add(schema.Scan(original="d", frame=1, part=1, **said))
    row = marks(poshta, "--quarter", Q1, "--missing-as-zero", "0")["A", "math"]
    assert (row["zeroed"], row["state"]) == (0, "open")
    assert {each["why"] for each in row["undecided"]} == {"unreadable"}  # type: ignore[attr-defined]


def test_a_withdrawn_packet_is_not_counted(desk: GradedDesk, poshta: Poshta) -> None:
    desk.pupil("A")
    desk.give("A", "2026-W39", "unit", ["10"])
    desk.give("A", "2026-W40", "unit", ["-"], state="void")
    assert marks(poshta, "--quarter", Q1)["A", "math"]["percent"] == 100


def test_a_pupil_for_whom_nothing_was_printed_has_no_mark_and_a_reason(
    desk: GradedDesk, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.pupil("A")
    desk.pupil("B")
    desk.give("A", "2026-W40", "unit", ["10"])
    row = marks(poshta, "--quarter", Q1)["B", "math"]
    assert (row["state"], row["reason"], row["mark"]) == ("not_marked", "no_works", None)
    monkeypatch.setenv("POSHTA_TODAY", "2027-10-01")
    assert set(marks(poshta, "--quarter", Q1)) == {("A", "math")}, "a year later the roster's grades are others"


def test_grade_one_gets_no_mark(desk: GradedDesk, poshta: Poshta) -> None:
    desk.pupil("A", grade=1)
    desk.give("A", "2026-W40", "unit", ["10"], grade=1)
    row = marks(poshta, "--quarter", Q1)["A", "math"]
    assert (row["state"], row["reason"], row["mark"], row["lowest"]) == ("not_marked", "grade_without_marks", None, None)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["--school", "S1"], {("A", "math"), ("A", "physics")}),
        (["--grade", "7"], {("B", "math")}),
        (["--subject", "physics"], {("A", "physics")}),
        (["--language", "ru"], {("B", "math")}),
        (["--pupil", "B"], {("B", "math")}),
    ],
)
def test_the_book_is_narrowed_by_whatever_is_given(desk: GradedDesk, poshta: Poshta, words: list[str], left: set[tuple[str, str]]) -> None:
    desk.pupil("A")
    desk.pupil("B", school="S2", grade=7, language="ru")
    desk.give("A", "2026-W40", "unit", ["10"])
    desk.give("A", "2026-W40", "unit", ["10"], subject="physics")
    desk.give("B", "2026-W40", "unit", ["10"], grade=7, language="ru")
    assert set(marks(poshta, "--quarter", Q1, *words)) == left


@pytest.mark.parametrize("words", [["--pupil", "nobody"], ["--school", "S9"], ["--subject", "maths"]])
def test_a_mistyped_pupil_school_or_subject_is_not_found(desk: GradedDesk, poshta: Poshta, words: list[str]) -> None:
    desk.pupil("A")
    desk.give("A", "2026-W40", "unit", ["10"])
    for command in (["book"], ["close"], ["export", str(desk.path / "x.csv")]):
        said = poshta("grades", *command, "--quarter", Q1, *words)
        assert said.code in {6, 7}, said.out  # 7: this quarter's calendar is assumed
        assert said.body["errors"][0]["hint"]


def test_a_year_is_the_mean_of_its_quarters_and_open_while_some_are_to_come(
    desk: GradedDesk, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marks 5, 4, 4 and nothing in the last quarter: 13/3 = 4.33 is 4."""
    desk.pupil("A")
    for week, points in (("2026-W40", "10"), ("2026-W48", "7"), ("2027-W05", "8")):
        desk.give("A", week, "unit", [points])
    row = marks(poshta, "--year", "2026-27")["A", "math"]
    quarters = row["quarters"]
    assert isinstance(quarters, list)
    assert [each and each["mark"] for each in quarters] == [5, None, None, None]
    assert (row["state"], row["reason"], row["mark"], row["lowest"], row["highest"]) == ("open", "to_come", None, 3, 5)
    monkeypatch.setenv("POSHTA_TODAY", "2027-06-01")
    row = marks(poshta, "--year", "2026-2027")["A", "math"]
    assert (row["state"], row["mark"], row["without"]) == ("marked", 4, 1)


def test_a_week_shows_each_work_with_its_mark_or_what_it_can_become(desk: GradedDesk, poshta: Poshta) -> None:
    desk.pupil("A")
    desk.give("A", "2026-W40", "formative", ["6", "7"])
    desk.give("A", "2026-W40", "unit", ["5", "w"])
    rows = {each["kind"]: each for each in poshta("grades", "book", "--week", "2026-W40").data["works"]}
    assert (rows["formative"]["percent"], rows["formative"]["mark"]) == (65, 4)
    assert (rows["unit"]["percent"], rows["unit"]["mark"], rows["unit"]["lowest"], rows["unit"]["highest"]) == (None, None, 2, 4)
    assert (rows["unit"]["points"], rows["unit"]["possible"], rows["unit"]["max_points"]) == (5, 15, 20)


@pytest.mark.parametrize("words", [[], ["--week", "2026-W40", "--quarter", Q1], ["--quarter", "2026/1"], ["--year", "26"]])
def test_a_book_of_nothing_or_of_two_things_is_refused(desk: GradedDesk, poshta: Poshta, words: list[str]) -> None:
    assert desk.path.exists()
    assert poshta("grades", "book", *words).code == 2


def test_the_assumed_calendar_is_told_and_the_desks_own_is_not(desk: GradedDesk, poshta: Poshta) -> None:
    said = poshta("grades", "book", "--quarter", Q1)
    assert [each["code"] for each in said.body["errors"]] == ["assumed_calendar"]
    own = '[[calendar.school_years]]\nfirst = 2026-09-01\nlast = 2027-05-25\nholidays = ["2026-10-26..2026-11-01", "2026-12-28..2027-01-06", "2027-03-20..2027-03-30"]\n'
    (desk.path / "poshta.toml").write_text(own, encoding="utf-8")
    said = poshta("grades", "book", "--quarter", Q1)
    assert (said.body["errors"], said.data["assumed"], said.data["last"]) == ([], False, "2026-10-25")


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_book_speaks_every_language(desk: GradedDesk, poshta: Poshta, lang: str) -> None:
    desk.pupil("A")
    desk.give("A", "2026-W40", "unit", ["4", "?", "-"])
    out = poshta("grades", "book", "--quarter", Q1, "--pupil", "A", json=False, lang=lang).out
    assert {"kk": "қайтпаған", "ru": "не возвращено", "en": "not returned"}[lang] in out
