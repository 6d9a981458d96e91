"""Tables in and out: text stays text, rows keep their numbers, formulas do not live."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from records.errors import InputRefused, NotFound, UsageRefused
from records.exchange import UNSAVED_FORMULA, Limits, Table, defused, read_sheets, restored, trimmed, write_table, write_tables
from records.workbook_marks import SheetMarks, marks_of

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


def workbook(path: Path, *rows: list[object], formats: dict[str, str] | None = None) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    book.save(path)
    return path


@given(st.text())
def test_what_was_defused_is_restored_and_never_begins_a_formula(text: str) -> None:
    safe = defused(text)
    assert restored(safe) == text
    assert not safe.startswith(LIVE)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_written_formula_is_text_and_comes_back_as_it_was(tmp_path: Path, suffix: str) -> None:
    path = write_table(tmp_path / f"out{suffix}", ["code", "sum"], [("=1+1", -3), ("@x", 2), ("'=y", None)])
    (sheet,) = read_sheets(path)
    assert [cells for _number, cells in sheet.rows] == [("code", "sum"), ("=1+1", "-3"), ("@x", "2"), ("'=y",)]
    if suffix == ".xlsx":
        assert "<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    else:
        assert "\n=" not in path.read_text(encoding="utf-8-sig")
        assert ",-3" in path.read_text(encoding="utf-8-sig"), "a number stays a number"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_files_name_that_is_no_text_is_written_as_far_as_it_can_be(tmp_path: Path, suffix: str) -> None:
    path = write_table(tmp_path / f"out{suffix}", ["file"], [("a\udcff.png",), ("b\x01.png",)])
    if suffix == ".parquet":
        assert pd.read_parquet(path)["file"].tolist() == ["a\ufffd.png", "b\ufffd.png"]
    else:
        assert [cells for _number, cells in read_sheets(path)[0].rows][1:] == [("a\ufffd.png",), ("b\ufffd.png",)]


def test_tables_whose_long_names_begin_alike_each_get_a_sheet(tmp_path: Path) -> None:
    names = ["regional-exam-2026-grade-9-variant-A", "regional-exam-2026-grade-9-variant-B", "REGIONAL-exam-2026-grade-9-variant-C"]
    path = write_tables(tmp_path / "out.xlsx", [Table(name, ["x"], [(name[-1],)]) for name in names])
    sheets = read_sheets(path)
    assert len({sheet.name.casefold() for sheet in sheets}) == 3
    assert [[cells for _number, cells in sheet.rows][1] for sheet in sheets] == [("A",), ("B",), ("C",)]


def test_parquet_keeps_whole_numbers_beside_empty_cells(tmp_path: Path) -> None:
    path = write_table(tmp_path / "out.parquet", ["kato", "people"], [("010000000", 5), ("=x", None)])
    frame = pd.read_parquet(path)
    assert frame["kato"].tolist() == ["010000000", "=x"], "Parquet has no formulas to fear"
    assert str(frame["people"].dtype) == "Int64"


def test_rows_keep_their_numbers_past_empty_lines_and_cells_with_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('a,b\n\n"two\nlines",x\n,,\nlast,y\n')
    (sheet,) = read_sheets(path)
    assert sheet.rows == ((1, ("a", "b")), (3, ("two lines", "x")), (5, ("last", "y")))


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_each_delimiter_is_recognised_even_beside_decimal_commas(tmp_path: Path, delimiter: str) -> None:
    number = '"54,1"' if delimiter == "," else "54,1"
    path = tmp_path / "list.csv"
    path.write_text(f"kato{delimiter}lat\n" + f"1{delimiter}{number}\n" * 15)
    assert read_sheets(path)[0].rows[1][1] == ("1", "54,1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048"])
def test_kazakh_letters_survive_every_encoding_that_can_hold_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("атауы;код\nҚызылжар Әжі Ұңғыөү;7\n".encode(encoding))
    assert read_sheets(path)[0].rows[1][1][0] == "Қызылжар Әжі Ұңғыөү"


def test_russian_in_the_old_windows_code_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Село;№\nЁлкино;7\n".encode("cp1251"))
    assert read_sheets(path)[0].rows == ((1, ("Село", "№")), (2, ("Ёлкино", "7")))


def test_numbers_of_a_workbook_are_whole_and_keep_the_zeros_that_their_format_shows(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "list.xlsx", ["kato", "index", "lat", "day"], [595020100, 20000, 54.5, date(2026, 10, 5)], formats={"B2": "000000"}
    )
    assert read_sheets(path)[0].rows[1][1] == ("595020100", "020000", "54.5", "2026-10-05")


SHEET = """<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row><c><v>1</v></c><c><f>A1</f><v>7</v></c></row>
<row hidden="1"><c r="B2"><f>A1</f></c><c r="AB2" t="str"><f>""</f><v></v></c></row>
<row r="9"><c r="AA9"><f>A1</f><v></v></c></row></sheetData></worksheet>"""


def test_a_formula_is_without_value_where_nothing_or_no_text_was_saved_with_it() -> None:
    assert marks_of(SHEET.encode()) == SheetMarks({2: (2,), 9: (27,)}, frozenset({2}))
    assert marks_of(SHEET.replace("<f>", "<!-- ").replace("</f>", " -->").replace('hidden="1"', "").encode()) == SheetMarks()


def test_a_sheet_with_entities_of_its_own_is_not_parsed() -> None:
    with pytest.raises(ParseError):
        marks_of(SHEET.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet').encode())


def test_a_formula_without_value_reads_as_itself_beyond_the_last_value_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ["a", "=1+1"], [None, "=2"], ["=3"])
    assert read_sheets(path)[0].rows == ((1, ("a", UNSAVED_FORMULA)), (2, ("", UNSAVED_FORMULA)), (3, (UNSAVED_FORMULA,)))


@given(st.text(alphabet=st.sampled_from("aЖ \u00a0\u200b\ufeff\u2009\t\n")))
def test_stray_spaces_of_every_kind_are_trimmed(text: str) -> None:
    tidy = trimmed(text)
    assert tidy == tidy.strip()
    assert not set(tidy) - set("aЖ ")
    assert "  " not in tidy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n ,\n", "empty"),
        (b"PK\x03\x04 no archive at all", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old kind"),
        (b"%PDF-1.7", "not a spreadsheet"),
        (b"a,b\n\0\0\0,c\n", "damaged"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputRefused, match=said):
        read_sheets(path)


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ["a", "b"], ["x", "y"])
    path.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(InputRefused, match="damaged"):
        read_sheets(path)


@pytest.mark.parametrize("limits", [Limits(bytes=10), Limits(rows=2), Limits(columns=1)])
def test_a_list_beyond_the_limits_is_refused(tmp_path: Path, limits: Limits) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n" * 5)
    with pytest.raises(InputRefused, match="too large"):
        read_sheets(path, limits)


def test_an_archive_that_unpacks_to_too_much_is_refused_before_unpacking(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ["a", "b"])
    with pytest.raises(InputRefused, match="too large"):
        read_sheets(path, Limits(unpacked=100))


def test_a_missing_file_and_an_unknown_suffix_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_sheets(tmp_path / "nothing.csv")
    with pytest.raises(UsageRefused):
        write_table(tmp_path / "out.doc", ["a"], [("b",)])
    with pytest.raises(UsageRefused):
        write_tables(tmp_path / "out.csv", [Table("1", ["a"], []), Table("2", ["a"], [])])
    assert not list(tmp_path.iterdir()), "nothing half-written"
