"""Distances: the estimate, the user's matrix, and which of them said what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from records.errors import InputRefused
from records.settings import RouteSettings
from routing.matrix import _matrix, read_matrix, season_of
from routing.roads import NO_ROAD, Place, Roads, RoadTable, estimate
from tests.routing.weeks import DELIVERY

SETTINGS = RouteSettings()
OFFICE = Place(("150400", "593630100"), 54.0, 69.0)
VILLAGE = Place(("593630200",), 54.1, 69.2)
FAR = Place(("593630300",), 54.2, 69.4)
POINTS = st.lists(st.tuples(st.floats(40.6, 55.4), st.floats(46.5, 87.3)), min_size=1, max_size=8)


def read(tmp_path: Path, text: str, season: str = "summer", name: str = "roads.csv") -> Roads:
    """The roads of a matrix file with this text."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return Roads(SETTINGS, read_matrix(file, season).matrix)


def legs(table: RoadTable) -> list[tuple[int, int, str]]:
    """Metres, minutes and source of the way from place 0 to place 1 and back."""
    return [(int(table.metres[a, b]), int(table.minutes[a, b]), table.source(a, b)) for a, b in ((0, 1), (1, 0))]


@given(POINTS)
def test_an_estimate_is_symmetric_and_never_promises_more_than_the_factor(points: list[tuple[float, float]]) -> None:
    """Metres follow the great circle x 1.3; minutes are whole, rounded up, so that a promise holds."""
    table = estimate([Place((str(place),), lat, lon) for place, (lat, lon) in enumerate(points)], SETTINGS)
    drivable = table.minutes < NO_ROAD
    assert (table.metres == table.metres.T).all()
    assert (np.diag(table.minutes) == 0).all()
    exact = table.metres / SETTINGS.metres_factor * SETTINGS.seconds_factor / 1000
    assert (table.minutes[drivable] + 1e-3 >= exact[drivable]).all()
    assert (table.minutes[drivable] < exact[drivable] + 1.01).all()


def test_a_place_without_coordinates_has_no_road() -> None:
    """Neither there nor back; nothing is guessed."""
    table = estimate([OFFICE, Place(("593630900",), None, None)], SETTINGS)
    assert table.minutes.tolist() == [[0, NO_ROAD], [NO_ROAD, 0]]


def test_beyond_the_reach_of_the_estimate_there_is_no_road() -> None:
    """Aktau is not reached from North Kazakhstan as the crow flies."""
    assert estimate([OFFICE, Place(("1",), 43.65, 51.17)], SETTINGS).minutes[0, 1] == NO_ROAD


def test_a_matrix_leg_replaces_the_estimate_in_its_own_direction(tmp_path: Path) -> None:
    """Each leg says where it comes from; seconds become whole minutes, rounded up."""
    there, back = legs(read(tmp_path, "from,to,metres,seconds\n150400,593630200,20000,1201\n").table([OFFICE, VILLAGE]))
    assert there == (20000, 21, "matrix")
    assert back[2] == "estimate"


def test_an_office_is_known_by_its_index_or_by_its_village(tmp_path: Path) -> None:
    """The matrix may name either; between the office and its own village there is no way to go."""
    roads = read(tmp_path, "from;to;metres;seconds\n593630100;593630200;7000;600\n593630200;593630100;8000;660\n")
    table = roads.table([OFFICE, VILLAGE, Place(("593630100",), None, None)])
    assert legs(table) == [(7000, 10, "matrix"), (8000, 11, "matrix")]
    assert (table.metres[0, 2], table.minutes[0, 2]) == (0, 0)


def test_empty_figures_say_that_there_is_no_road(tmp_path: Path) -> None:
    """So a closed road beats the estimate."""
    table = read(tmp_path, "from,to,metres,seconds\n150400,593630200,,\n").table([OFFICE, VILLAGE])
    assert table.minutes[0, 1] == NO_ROAD
    assert table.minutes[1, 0] < NO_ROAD


@pytest.mark.parametrize(("season", "metres"), [("summer", 9000), ("winter", 15000)])
def test_a_row_of_the_season_goes_before_one_of_the_whole_year(tmp_path: Path, season: str, metres: int) -> None:
    """Whatever the order of the rows."""
    text = "season,from,to,metres,seconds\nwinter,150400,593630200,15000,900\n,150400,593630200,9000,600\n"
    assert read(tmp_path, text, season).table([OFFICE, VILLAGE]).metres[0, 1] == metres


def test_the_season_follows_the_delivery_week() -> None:
    """Winter is from November to March."""
    assert season_of(DELIVERY.monday) == "summer"
    assert season_of(DELIVERY.plus(10).monday) == "winter"


def test_parquet_holds_the_same_legs(tmp_path: Path) -> None:
    """Numbers in a Parquet file are as good as text."""
    rows = {"from": ["150400", "593630200"], "to": ["593630200", "150400"], "metres": [100, 200], "seconds": [60.0, 61.0]}
    pd.DataFrame(rows).to_parquet(tmp_path / "roads.parquet")
    roads = Roads(SETTINGS, read_matrix(tmp_path / "roads.parquet", "summer").matrix)
    assert legs(roads.table([OFFICE, VILLAGE])) == [(100, 1, "matrix"), (200, 2, "matrix")]


def test_bad_cells_are_named_and_good_rows_kept(tmp_path: Path) -> None:
    """File, row as the editor counts it, column, value; the good leg is read."""
    file = tmp_path / "roads.csv"
    lines = ["from,to,metres,seconds,season", "150400,593630200,20000,1200,", "150400,593630300,-5,60,", "150400,,1,1,", "1,2,3,x,spring"]
    file.write_text("\n".join(lines), encoding="utf-8")
    found = read_matrix(file, "summer")
    places = [(each.file, each.row, each.column, each.value) for each in found.complaints]
    assert places == [
        ("roads.csv", 3, "metres", "-5"),
        ("roads.csv", 4, "to", ""),
        ("roads.csv", 5, "season", "spring"),
        ("roads.csv", 5, "seconds", "x"),
    ]
    assert found.matrix.metres.tolist() == [20000]


def test_blank_lines_do_not_shift_the_numbers_of_rows(tmp_path: Path) -> None:
    """Before the heading, between rows, and lines of separators alone: a complaint names the row that the editor shows."""
    file = tmp_path / "roads.csv"
    file.write_text("\n\nfrom,to,metres,seconds\n\n150400,593630200,20000,1200\n,,,\n   \n150400,593630300,x,60\n", encoding="utf-8")
    found = read_matrix(file, "summer")
    assert [(each.row, each.column, each.value) for each in found.complaints] == [(8, "metres", "x")]
    assert found.matrix.metres.tolist() == [20000]


def test_a_workbook_is_read_with_its_own_row_numbers(tmp_path: Path) -> None:
    """Numbers or text in the cells, an empty row between."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [("from", "to", "metres", "seconds"), ("150400", 593630200, 20000, 1201), (), ("150400", "593630300", "far", 60)]:
        sheet.append(row)
    book.save(tmp_path / "roads.xlsx")
    found = read_matrix(tmp_path / "roads.xlsx", "summer")
    assert legs(Roads(SETTINGS, found.matrix).table([OFFICE, VILLAGE]))[0] == (20000, 21, "matrix")
    assert [(each.file, each.row, each.column, each.value) for each in found.complaints] == [("roads.xlsx", 4, "metres", "far")]


def test_utf_16_is_read_as_a_spreadsheet_program_writes_it(tmp_path: Path) -> None:
    """«Unicode text» of Excel: tabs and a mark at the start."""
    (tmp_path / "roads.txt").write_text("from\tto\tmetres\tseconds\n150400\t593630200\t7\t60\n", encoding="utf-16")
    assert read_matrix(tmp_path / "roads.txt", "summer").matrix.metres.tolist() == [7]


@pytest.mark.parametrize("start", [b"\xd0\xcf\x11\xe0\0", b"%PDF-1.4\n\xff\xfe", b"PK\x03\x04nothing", b"\xff\xd8\xff\0"])
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, start: bytes) -> None:
    """An old spreadsheet, a PDF, a broken workbook, a picture: a sentence that says what to do, no codec's complaint."""
    (tmp_path / "roads.csv").write_bytes(start + b"rest" * 50)
    with pytest.raises(InputRefused) as refused:
        read_matrix(tmp_path / "roads.csv", "summer")
    assert "codec" not in str(refused.value)
    assert refused.value.hint


def test_a_thousand_bad_rows_are_counted_not_listed(tmp_path: Path) -> None:
    """The first ones are told, the rest summed up."""
    file = tmp_path / "roads.csv"
    file.write_text("from,to,metres,seconds\n1,2,3,4\n" + "1,2,-1,4\n" * 1000, encoding="utf-8")
    complaints = read_matrix(file, "summer").complaints
    assert len(complaints) == 21
    assert "980" in complaints[-1].text


@pytest.mark.parametrize("text", ["from,to,metres\n1,2,3\n", "", "from,to,metres,seconds\n1,2,-3,4\n", "\x00\x01"])
def test_a_file_without_one_good_leg_is_refused(tmp_path: Path, text: str) -> None:
    """With a sentence, not a traceback."""
    with pytest.raises(InputRefused):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "heading", ["from,to,metres,seconds,Metres", "from,to,metres,seconds,from", "from,to,metres,seconds,season, Season "]
)
def test_a_column_that_stands_there_twice_is_refused_by_name(tmp_path: Path, heading: str) -> None:
    """Nobody can say which of the two is meant."""
    with pytest.raises(InputRefused, match=f"column {heading.rsplit(',', maxsplit=1)[-1].strip().lower()} more than once"):
        read(tmp_path, f"{heading}\n593230100,593230200,10,20,30\n")


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    """A CSV with the wrong name."""
    with pytest.raises(InputRefused):
        read(tmp_path, "from,to,metres,seconds\n", name="roads.parquet")


def test_a_matrix_is_named_by_its_legs() -> None:
    """Another metre is another matrix, so a plan is made anew."""
    rows = pd.DataFrame({"from": ["1"], "to": ["2"], "metres": ["3"], "seconds": ["4"], "season": [""]})
    first, second = (_matrix(rows, np.array([metres]), np.array([4.0])).digest for metres in (3.0, 5.0))
    assert first != second
