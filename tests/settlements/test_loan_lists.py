"""A school's list of lent devices: what its rows mean beside what stands, and what cannot be is told by row and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlements import loan_cells
from settlements.loan_list import Spell
from settlements.mending import Mended
from settlements.refusal import CellRefused
from tests.conftest import Poshta
from tests.small_desk import Told

DAYS = st.dates(date(2026, 9, 1), date(2026, 9, 12))


@pytest.fixture
def lender(desk: Path, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Poshta:
    """A desk with three pupils, one of whom left, on 20 October 2026."""
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    pupils = (
        "code,last_name,first_name,grade,language,kato\nA1,Қаламов,Әділ,3,kk,599830100\nA2,Тетрадкина,Вера,5,ru,599730200\n"
        "A3,Ластиков,Иван,5,ru,599730200\n"
    )
    (tmp_path / "pupils.csv").write_text(pupils, encoding="utf-8")
    assert poshta("pupils", "import", str(tmp_path / "pupils.csv")).code == 0
    assert poshta("pupils", "leave", "A3", "--on", "2026-10-01").code == 0
    return poshta


def take(
    poshta: Poshta, folder: Path, *rows: str, head: str = "device,kind,pupil,lent_on,returned_on", options: tuple[str, ...] = ()
) -> Told:
    file = folder / "loans.csv"
    file.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return poshta("loans", "import", str(file), *options)


def loans(poshta: Poshta) -> list[tuple[str, str, str, str, str | None]]:
    rows = poshta("loans", "list").data["loans"]
    return [(row["device"], row["kind"], row["pupil"], row["lent_on"], row["returned_on"]) for row in rows]


def counts(told: Told) -> tuple[int, ...]:
    return tuple(told.data.get(name, 0) for name in ("added", "changed", "unchanged", "refused", "doubled"))


ROWS = ("KZ-7,tablet,A1,2026-09-01,2026-09-10", "KZ-7,tablet,A2,2026-09-10,", "KZ-8,радио,A1,15.09.2026,")


def test_a_list_is_taken_in_and_twice_changes_nothing(lender: Poshta, tmp_path: Path) -> None:
    assert counts(take(lender, tmp_path, *ROWS)) == (3, 0, 0, 0, 0)
    expected = [
        ("KZ-7", "tablet", "A1", "2026-09-01", "2026-09-10"),
        ("KZ-7", "tablet", "A2", "2026-09-10", None),
        ("KZ-8", "radio", "A1", "2026-09-15", None),
    ]
    assert loans(lender) == expected
    again = take(lender, tmp_path, *ROWS)
    assert (again.code, counts(again), loans(lender)) == (0, (0, 0, 3, 0, 0), expected)
    acts = lender("journal", "--action", "loans.").data["acts"]
    assert [act["action"] for act in acts] == ["loans.import"], "the second time leaves no trace"


@pytest.mark.parametrize(
    "head",
    [
        "Инв. №,Наименование,Код ученика,Дата выдачи,Дата возврата",
        "Инвентарный номер,Тип устройства,Код ученика,Дата выдачи,Дата возврата",
        "Түгендеу нөмірі,Құрылғы түрі,Оқушы коды,Берілген күні,Қайтарылған күні",
    ],
)
def test_headings_in_russian_and_kazakh_are_understood(lender: Poshta, tmp_path: Path, head: str) -> None:
    assert counts(take(lender, tmp_path, *ROWS, head=head)) == (3, 0, 0, 0, 0)


def test_what_the_program_writes_it_takes_back_without_a_change(lender: Poshta, tmp_path: Path) -> None:
    take(lender, tmp_path, *ROWS)
    for name in ("out.xlsx", "out.csv"):
        assert lender("loans", "list", "--out", str(tmp_path / name)).code == 0
        told = lender("loans", "import", str(tmp_path / name))
        assert (told.code, counts(told)) == (0, (0, 0, 3, 0, 0))


def test_a_workbook_with_days_of_its_own_is_read(lender: Poshta, tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"Инв. номер": [1013], "Вид": ["Планшет Samsung Tab A7"], "Код ученика": ["A1"], "Дата выдачи": [pd.Timestamp("2026-09-03")]}
    )
    table.to_excel(tmp_path / "book.xlsx", index=False)
    told = lender("loans", "import", str(tmp_path / "book.xlsx"))
    assert (counts(told), told.data["mended"]) == ((1, 0, 0, 0, 0), 1)
    assert loans(lender) == [("1013", "tablet", "A1", "2026-09-03", None)]


def test_a_device_comes_back_and_goes_to_another_in_one_list_whatever_its_order(lender: Poshta, tmp_path: Path) -> None:
    take(lender, tmp_path, "KZ-7,tablet,A1,2026-09-01,")
    told = take(lender, tmp_path, "KZ-7,tablet,A2,2026-09-20,", "KZ-7,tablet,A1,2026-09-01,2026-09-20")
    assert counts(told) == (1, 1, 0, 0, 0)
    assert loans(lender) == [("KZ-7", "tablet", "A1", "2026-09-01", "2026-09-20"), ("KZ-7", "tablet", "A2", "2026-09-20", None)]


def test_without_days_a_device_is_with_the_pupil_from_today_and_stays_so(
    lender: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, row = "device,kind,pupil", "KZ-7,tablet,A1"
    assert counts(take(lender, tmp_path, row, head=head)) == (1, 0, 0, 0, 0)
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-27")
    assert counts(take(lender, tmp_path, row, head=head)) == (0, 0, 1, 0, 0)
    assert loans(lender) == [("KZ-7", "tablet", "A1", "2026-10-20", None)]


def test_a_corrected_kind_is_a_change(lender: Poshta, tmp_path: Path) -> None:
    take(lender, tmp_path, "KZ-7,tablet,A1,2026-09-01,")
    assert counts(take(lender, tmp_path, "KZ-7,ноутбук,A1,2026-09-01,")) == (0, 1, 0, 0, 0)
    assert loans(lender) == [("KZ-7", "computer", "A1", "2026-09-01", None)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("KZ-7,tablet,A9,2026-09-25,", "pupil", "pupil_unknown"),
        ("KZ-7,tablet,A2,2026-09-25,", "device", "lent_to_another"),
        ("KZ-9,tablet,A1,2026-09-25,2026-09-20", "returned_on", "ends_before"),
        ("KZ-9,tablet,A1,,2026-09-20", "returned_on", "ends_before"),
        ("KZ-9,tablet,A3,2026-10-05,", "pupil", "left"),
        ("KZ-9,tablet,A1,2026-12-25,", "lent_on", "day_ahead"),
        ("KZ-9,tablet,A1,31.02.2026,", "lent_on", "day"),
        ("KZ-9,tablet,A1,09/15/2026,", "lent_on", "day"),
        ("Иванов,tablet,A1,2026-09-25,", "device", "device"),
        ("KZ-9,самовар,A1,2026-09-25,", "kind", "device_kind"),
        (",tablet,A1,2026-09-25,", "device", "empty"),
        ("KZ-9,tablet,Қаламов Әділ,2026-09-25,", "pupil", "code"),
        ("100101500012,tablet,A1,2026-09-25,", "device", "iin"),
    ],
)
def test_what_cannot_be_is_refused_by_row_and_column_and_good_rows_stay(
    lender: Poshta, tmp_path: Path, row: str, column: str, code: str
) -> None:
    take(lender, tmp_path, "KZ-7,tablet,A1,2026-09-01,")
    told = take(lender, tmp_path, row, "KZ-1,modem,A2,2026-09-01,")
    assert (told.code, counts(told)) == (3, (1, 0, 0, 1, 0))
    (error,) = [each for each in told.body["errors"] if each["code"] == code]
    assert (error["row"], error["column"], bool(error["hint"])) == (2, column, True)
    assert len(loans(lender)) == 2


def test_where_nothing_can_be_taken_nothing_is_written(lender: Poshta, tmp_path: Path) -> None:
    told = take(lender, tmp_path, "KZ-7,tablet,A9,2026-09-25,")
    assert (told.code, loans(lender)) == (4, [])


def test_a_forgotten_pupil_gets_nothing(lender: Poshta, tmp_path: Path) -> None:
    assert lender("pupils", "forget", "A2").code == 0
    told = take(lender, tmp_path, "KZ-7,tablet,A2,2026-09-25,", "KZ-1,modem,A1,2026-09-01,")
    assert [(each["code"], each["row"]) for each in told.body["errors"]] == [("pupil_unknown", 2)]


def test_an_older_list_does_not_take_back_that_a_device_came_back(lender: Poshta, tmp_path: Path) -> None:
    take(lender, tmp_path, "KZ-7,tablet,A1,2026-09-01,")
    assert lender("loans", "return", "KZ-7", "--on", "2026-09-10").code == 0
    told = take(lender, tmp_path, "KZ-7,tablet,A1,2026-09-01,")
    assert (told.code, counts(told), [each["code"] for each in told.body["errors"]]) == (3, (0, 0, 1, 0, 0), ["came_back"])
    other = take(lender, tmp_path, "KZ-7,tablet,A1,2026-09-01,2026-09-12", "KZ-1,modem,A1,2026-09-01,")
    assert counts(other) == (1, 0, 0, 1, 0)
    assert loans(lender)[1] == ("KZ-7", "tablet", "A1", "2026-09-01", "2026-09-10")


def test_a_row_twice_is_taken_once_and_told(lender: Poshta, tmp_path: Path) -> None:
    told = take(lender, tmp_path, ROWS[2], ROWS[2])
    assert (counts(told), told.body["errors"][0]["code"]) == ((1, 0, 0, 0, 1), "doubled_row")
    head = "device,kind,pupil"
    assert counts(take(lender, tmp_path, "KZ-9,tv,A1", "KZ-9,tv,A1", head=head)) == (1, 0, 0, 0, 1)
    told = take(lender, tmp_path, "KZ-5,tv,A1", "KZ-5,tv,A2", head=head)
    assert counts(told) == (1, 0, 0, 1, 0), "it cannot be with two"


def test_a_trial_writes_nothing_and_tells_what_would_happen(lender: Poshta, tmp_path: Path) -> None:
    told = take(lender, tmp_path, *ROWS, options=("--dry-run",))
    assert (counts(told), told.data["dry_run"], loans(lender)) == ((3, 0, 0, 0, 0), True, [])


def test_an_import_is_taken_back_whole(lender: Poshta, tmp_path: Path) -> None:
    take(lender, tmp_path, "KZ-7,tablet,A1,2026-09-01,", "KZ-8,tv,A2,2026-09-01,")
    before = loans(lender)
    take(lender, tmp_path, "KZ-7,компьютер,A1,2026-09-01,2026-09-20", "KZ-7,tablet,A2,2026-09-20,", "KZ-8,tv,A2,2026-09-01,2026-10-01")
    assert loans(lender) != before
    told = lender("undo")
    assert (told.code, told.data["action"], loans(lender)) == (0, "loans.import", before)


def test_a_name_in_a_list_goes_nowhere(lender: Poshta, desk: Path, tmp_path: Path) -> None:
    told = take(lender, tmp_path, "KZ-7,tablet,A1,Қаламов Әділ", head="device,kind,pupil,Фамилия имя")
    assert (counts(told), told.data["dropped_columns"]) == ((1, 0, 0, 0, 0), ["Фамилия имя"])
    assert "Қаламов" not in lender("journal").out


@given(DAYS, DAYS, DAYS, DAYS, st.booleans(), st.booleans())
def test_two_spells_meet_where_one_day_is_in_both(
    one: date, two: date, three: date, four: date, first_open: bool, second_open: bool
) -> None:
    first = Spell("A", "tv", min(one, two), None if first_open else max(one, two))
    second = Spell("B", "tv", min(three, four), None if second_open else max(three, four))
    days = [date(2026, 9, day) for day in range(1, 14)]
    both = any(all(each.since <= day and (each.until is None or day < each.until) for each in (first, second)) for day in days)
    assert first.meets(second) == second.meets(first)
    if both:
        assert first.meets(second)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Ноутбук Lenovo", "computer"), ("планшеты", "tablet"), ("ТВ", "tv"), ("басқа", "other"), ("Modem", "modem"), ("Смартфон", "phone")],
)
def test_a_kind_is_known_by_its_words(text: str, kind: str) -> None:
    found = loan_cells.kind(text)
    assert (found.value if isinstance(found, Mended) else found) == kind


def test_a_description_of_two_things_is_no_kind() -> None:
    with pytest.raises(CellRefused):
        loan_cells.kind("телевизор или радио")
