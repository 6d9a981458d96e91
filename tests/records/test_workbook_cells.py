"""The quick pass over a sheet says of every cell what openpyxl says, whatever program wrote it."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from records.errors import InputRefused
from records.exchange import read_sheets
from records.workbook_cells import LAST_COLUMN, TooWide, column_number, moment_text, rows_of

CELLS = st.one_of(
    st.none(),
    st.text(alphabet="абвҚғ <&>\"'0=", max_size=8),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
    st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda span: timedelta(seconds=int(span.total_seconds()))),
)


def said(value: object) -> str:
    """What a cell says in the words of openpyxl."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else moment_text(value)


def sheet_of(content: bytes) -> tuple[bytes, Any]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml"), book


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.booleans())
def test_every_cell_says_what_openpyxl_says_of_it(rows: list[list[object]], inline: bool) -> None:
    book = Workbook(write_only=inline)
    sheet = book.create_sheet("1", 0)
    for row in rows:
        sheet.append([f"'{cell}" if isinstance(cell, str) and cell.startswith("=") else cell for cell in row])
    saved = io.BytesIO()
    book.save(saved)
    xml, read = sheet_of(saved.getvalue())
    first = read.worksheets[0]
    first.reset_dimensions()
    expected = {number: [said(cell.value) for cell in row] for number, row in enumerate(first.iter_rows(), start=1)}
    found = {number: [*texts, *[""] * (len(expected[number]) - len(texts))] for number, texts in rows_of(xml, read, first._shared_strings)}
    assert found == {number: cells for number, cells in expected.items() if number in found}
    assert not any(any(cells) for number, cells in expected.items() if number not in found)


def test_zeros_that_a_format_shows_stand_and_other_formats_add_none(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for place, (value, form) in enumerate([(20000, "000000"), (20000, "0"), (5.0, "General"), (54.5, "0.00")], start=1):
        sheet.cell(1, place, value).number_format = form
    sheet.cell(3, 2, "x")
    book.save(tmp_path / "a.xlsx")
    assert read_sheets(tmp_path / "a.xlsx")[0].rows == ((1, ("020000", "20000", "5", "54.5")), (3, ("", "x")))


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ("<c><v>1</v></c><c t='str'><f>A1</f><v>б</v></c>", ["1", "б"]),
        ("<c r='C1' t='e'><v>#REF!</v></c>", ["", "", "#REF!"]),
        ("<c t='inlineStr'><is><r><t>а</t></r><r><t>б</t></r><rPh><t>в</t></rPh></is></c>", ["аб"]),
        ("<c t='d'><v>2026-09-01</v></c><c t='b'><v>1</v></c>", ["2026-09-01", "true"]),
        ("<c><v>5.99830100E8</v></c><c r='AA1'><v>7</v></c>", ["599830100", *[""] * 25, "7"]),
    ],
)
def test_cells_as_other_programs_write_them(cells: str, texts: list[str]) -> None:
    xml = f"<x:worksheet xmlns:x='u' xmlns='u'><sheetData><row>{cells}</row></sheetData></x:worksheet>".encode()
    assert list(rows_of(xml, Workbook(), [])) == [(1, texts)]


@pytest.mark.parametrize("xml", [b"<a><row>", b"", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a><row/></a>"])
def test_what_is_no_sheet_is_refused(xml: bytes) -> None:
    with pytest.raises(ExpatError):
        list(rows_of(xml, Workbook(), []))


def workbook(path: Path, cells: str) -> Path:
    """An XLSX file whose only sheet has a heading and 500 rows of these cells; {} is the row."""
    book = Workbook()
    book.active.append(["code"])
    saved = io.BytesIO()
    book.save(saved)
    rows = "".join(f"<row r='{row}'>{cells.format(row)}</row>" for row in range(2, 502))
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"</sheetData>", rows.encode() + b"</sheetData>"))
    return path


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='ZZZZZ{}'><v>1</v></c>",
        "<c r='XFD{}'><v>1</v></c>",
        "<c r='XFD{}'><f>A1</f></c>",
        "<c r='ZZZZZ{}'><f>A1</f></c>",
        f"<c r='{'Z' * 5_000}{{}}'><v>1</v></c>",
    ],
    ids=["beyond every sheet", "beyond the limit", "formula", "formula beyond every sheet", "endless letters"],
)
def test_a_cell_far_to_the_right_is_refused_before_the_row_grows(cell: str, tmp_path: Path) -> None:
    file = workbook(tmp_path / "wide.xlsx", cell)
    tracemalloc.start()
    try:
        with pytest.raises(InputRefused, match="too large"):
            read_sheets(file)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_spaces_and_empty_cells_beyond_the_limit_do_not_matter(tmp_path: Path) -> None:
    file = workbook(tmp_path / "wide.xlsx", "<c r='A{0}'><v>1</v></c><c r='IW{0}' t='str'><v> </v></c><c r='XFD{0}' s='0'/>")
    assert [cells for _row, cells in read_sheets(file)[0].rows] == [("code",)] + [("1",)] * 500


def test_the_last_column_is_the_last() -> None:
    assert column_number("XFD") == LAST_COLUMN
    with pytest.raises(TooWide):
        column_number("XFE")
