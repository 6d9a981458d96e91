"""The copy for the school: the rows as they came, what was said beside each, nothing that should not travel."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from settlements.copy_back import REFUSED_FILL, TOLD_FILL
from tests.conftest import Poshta

IIN = "100101500012"
HEAD = ("Фамилия", "Имя", "Класс", "Язык обучения", "КАТО", "ИИН", "Адрес")


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A workbook of two sheets: one row good, one mended, one refused, one with an IIN; a village merged over two rows."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = "Тізім"
    rows = (
        ("Список",),
        HEAD,
        ("Қаламов", "Әділ", 3, "каз", 599830100, IIN, "=1+1"),
        ("ТЕТРАДКИНА", "Вера", "V", "рус", None, "", "+7 701"),
        (),
        (IIN, "Ева", 5, "рус", "599830200", "", "@Х"),
        ("Мелкова", "Ева", 99, "рус", "599830200", "", ""),
    )
    for row in rows:
        first.append(list(row))
    first["G3"].value = "'=1+1"
    first.merge_cells("E3:E4")
    book.create_sheet("Заметки").append(["позвонить"])
    path = tmp_path / "list.xlsx"
    book.save(path)
    return path


def test_a_copy_holds_the_rows_at_their_places_with_what_was_said_of_them(desk: Path, poshta: Poshta, sent: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.xlsx"
    told = poshta("pupils", "import", str(sent), "--copy", str(out), lang="ru")
    assert (told.code, told.data["added"], told.data["refused"], told.data["mended"]) == (3, 2, 2, 1)
    assert told.data["files"] == [out.as_posix()]
    sheet = load_workbook(out)["Тізім"]
    words = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=8)]
    assert [row[0] for row in words] == ["Список", "Фамилия", "Қаламов", "ТЕТРАДКИНА", None, None, "Мелкова"]
    assert words[1][7] == "Что сказано о строке"
    assert words[2][7] is None
    assert {"Тетрадкина", "«V»", "kato"} <= {word.strip(".,:") for word in words[3][7].split()}, "every mend of the row"
    assert "«99»" in words[6][7]
    assert [sheet.cell(row, 1).fill.fgColor.rgb for row in (4, 6, 7)] == [TOLD_FILL, REFUSED_FILL, REFUSED_FILL]
    assert "Заметки" in load_workbook(out).sheetnames


def test_a_copy_holds_no_iin_and_no_formula(desk: Path, poshta: Poshta, sent: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.xlsx"
    poshta("pupils", "import", str(sent), "--copy", str(out))
    values = [cell.value for sheet in load_workbook(out) for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [value for value in values if IIN in str(value)]
    assert not [cell for sheet in load_workbook(out) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert {"'=1+1", "'+7 701", "'@Х"} <= set(values), "nothing live, nothing lost"


def test_a_copy_can_be_imported_like_the_list(desk: Path, poshta: Poshta, sent: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.xlsx"
    poshta("pupils", "import", str(sent), "--copy", str(out))
    again = poshta("pupils", "import", str(out))
    assert (again.data["added"], again.data["unchanged"], again.data["refused"]) == (0, 2, 2)
    assert "What was said of the row" in again.data["dropped_columns"]


def test_a_copy_is_written_where_every_row_was_refused(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "copy.xlsx"
    path.write_text("kato;name_ru\n1;Село\n", encoding="utf-8")
    assert poshta("settlements", "import", str(path), "--copy", str(out)).code == 4
    assert "not a KATO code" in load_workbook(out).worksheets[0]["C2"].value


def test_a_copy_with_names_is_not_written_into_the_desk(desk: Path, poshta: Poshta, sent: Path, tmp_path: Path) -> None:
    for out in (desk / "copy.xlsx", tmp_path / "copy.csv", sent):
        before = sent.read_bytes()
        assert poshta("pupils", "import", str(sent), "--copy", str(out)).code == 2
        assert sent.read_bytes() == before
    assert poshta("pupils", "list").data["pupils"] == [], "nothing was taken either"


def test_where_the_copy_cannot_be_written_nothing_is_taken_and_one_sentence_says_so(
    desk: Path, poshta: Poshta, sent: Path, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    for out in (blocked / "copy.xlsx", folder):
        said = poshta("pupils", "import", str(sent), "--copy", str(out), json=False)
        assert (said.code, "so nothing of the list was taken" in said.err) == (7, True), said.err
        assert "Traceback" not in said.err + said.out
        assert poshta("pupils", "list").data["pupils"] == []
    assert poshta("pupils", "import", str(sent), "--copy", str(tmp_path / "copy.xlsx")).data["added"] == 2
