"""The user's road matrix: a long table `from,to,metres,seconds[,season]` in CSV, XLSX or Parquet, from/to a KATO or an office's index.

routing/commands reads it for `routes plan --matrix FILE`. Bad rows are told with row, column and value, good ones kept. A row whose metres and
seconds are both empty says that there is no road. A leg that is not in the file is estimated, and its source says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from records.errors import Complaint, InputRefused
from records.exchange import read_sheets
from records.files import explained
from records.language import _
from routing.roads import RoadMatrix

COLUMNS = ("from", "to", "metres", "seconds")
SEASONS = ("", "summer", "winter")
WINTER_MONTHS = (11, 12, 1, 2, 3)
TOLD = 20  # complaints about single rows; the rest are counted
MOST = 1_000_000_000
FIRST_ROW = 2  # a table's heading is row 1
PROBED_BYTES = 4096
Figures = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReadMatrix:
    """The legs of a file, and what was refused in it."""

    matrix: RoadMatrix
    complaints: tuple[Complaint, ...]


def season_of(day: date) -> str:
    """winter from November to March, else summer: the seasons that a matrix may name."""
    return "winter" if day.month in WINTER_MONTHS else "summer"


def read_matrix(path: Path, season: str) -> ReadMatrix:
    """The legs that hold in `season`; a row of that season goes before one of the whole year, a later row before an earlier one.

    Raises InputRefused where no row can be used.
    """
    rows = _table(path)
    metres, seconds = (pd.to_numeric(rows[name], errors="coerce").to_numpy(np.float64) for name in ("metres", "seconds"))
    closed = ((rows["metres"] == "") & (rows["seconds"] == "")).to_numpy(np.bool_)
    bad = _bad_cells(rows, {"metres": metres, "seconds": seconds}, closed)
    good = ~np.logical_or.reduce(list(bad.values())) & rows["season"].isin(("", season)).to_numpy()
    complaints = _complaints(path, rows, bad)
    if not good.any():
        raise InputRefused(
            _("{file} holds no leg that can be used.").format(file=path.name),
            _("Correct the rows that are named, or plan without --matrix."),
            complaints,
        )
    return ReadMatrix(_matrix(rows[good], np.where(closed, -1, metres)[good], np.where(closed, 0, seconds)[good]), complaints)


def _table(path: Path) -> pd.DataFrame:
    """The file's rows as text, without the spaces around it, by their numbers in the file; the columns are found by name in any order."""
    try:
        with explained(path), path.open("rb") as file:
            rows = _read(path, file.read(PROBED_BYTES))
    except (ValueError, OSError) as failure:
        raise InputRefused(
            _("{file} cannot be read: {reason}").format(file=path.name, reason=failure), _("Save it as CSV, XLSX or Parquet.")
        ) from None
    rows.columns = [str(name).strip().lower() for name in rows.columns]
    _refuse_doubled(path, rows.columns)
    missing = [name for name in COLUMNS if name not in rows.columns]
    if missing:
        raise InputRefused(
            _("{file} lacks the column {column}.").format(file=path.name, column=", ".join(missing)),
            _("A matrix has the columns from, to, metres, seconds and, if wanted, season."),
        )
    if "season" not in rows.columns:
        rows["season"] = ""
    tidy: pd.DataFrame = rows[[*COLUMNS, "season"]].astype("string").fillna("").apply(lambda column: column.str.strip())
    return tidy[(tidy != "").any(axis=1)]


def _refuse_doubled(path: Path, names: Iterable[str]) -> None:
    """Refuse a column that stands there twice; pandas calls the second of two equal ones `from.1`."""
    counts = Counter(re.sub(r"\.\d+$", "", name) for name in names)
    doubled = [name for name in (*COLUMNS, "season") if counts[name] > 1]
    if doubled:
        raise InputRefused(
            _("{file} has the column {column} more than once.").format(file=path.name, column=", ".join(doubled)),
            _("A matrix has the columns from, to, metres, seconds and, if wanted, season."),
        )


def _read(path: Path, start: bytes) -> pd.DataFrame:
    """The file's table by what it begins with. Plain text goes to pandas, since a country has more legs than a spreadsheet rows."""
    if start.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        rows = pd.read_parquet(path)
        return rows.set_axis(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(rows)))
    if b"\0" in start or start.startswith(b"PK\x03\x04"):
        return _read_sheet(path)
    try:
        return _read_csv(path)
    except UnicodeDecodeError:
        return _read_sheet(path)


def _read_csv(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig") as file:
        before, head = next(((number, line) for number, line in enumerate(file) if line.strip()), (0, ""))
    separator = max(",;\t", key=head.count)
    rows = pd.read_csv(path, dtype=str, sep=separator, encoding="utf-8-sig", keep_default_na=False, header=before, skip_blank_lines=False)
    return rows.set_axis(pd.RangeIndex(before + FIRST_ROW, before + FIRST_ROW + len(rows)))


def _read_sheet(path: Path) -> pd.DataFrame:
    """The first sheet that holds a word, by records/exchange, which refuses what is no table."""
    (_number, head), *rows = next(sheet.rows for sheet in read_sheets(path) if sheet.rows)
    cells = [(*row, *[""] * (len(head) - len(row)))[: len(head)] for _number, row in rows]
    return pd.DataFrame(cells, columns=list(head), index=[number for number, _row in rows], dtype=str)


def _bad_cells(rows: pd.DataFrame, figures: dict[str, Figures], closed: Flags) -> dict[str, Flags]:
    """Per column, which rows hold a value that cannot be used: no code, no whole number from 0, a season nobody knows."""
    bad = {name: (rows[name] == "").to_numpy(np.bool_) for name in ("from", "to")}
    for name, values in figures.items():
        bad[name] = ~closed & ~((values >= 0) & (values <= MOST))
    bad["season"] = ~rows["season"].isin(SEASONS).to_numpy(np.bool_)
    return bad


def _complaints(path: Path, rows: pd.DataFrame, bad: dict[str, Flags]) -> tuple[Complaint, ...]:
    """The first bad cells one by one, in the order of rows, and how many more there are."""
    cells = sorted((int(place), column) for column, flags in bad.items() for place in np.flatnonzero(flags))
    told = [_complaint(path, int(rows.index[place]), column, str(rows[column].iloc[place])) for place, column in cells[:TOLD]]
    if len(cells) > TOLD:
        text = _("{file} has {count} more bad cells; their rows are left out.").format(file=path.name, count=len(cells) - TOLD)
        told.append(Complaint("matrix_more", text, file=path.name))
    return tuple(told)


def _complaint(path: Path, row: int, column: str, value: str) -> Complaint:
    if column == "season":
        text = _("«{value}» is no season: write summer, winter, or nothing. The row is left out.").format(value=value)
    elif column in ("from", "to"):
        text = _("The code of a place is missing. The row is left out.")
    else:
        text = _("«{value}» is no number of {column} from 0. The row is left out.").format(value=value, column=column)
    hint = _("Leave both metres and seconds empty where there is no road.") if column in ("metres", "seconds") else ""
    return Complaint("matrix_cell", text, hint, path.name, row=row, column=column, value=value)


def _matrix(rows: pd.DataFrame, metres: Figures, seconds: Figures) -> RoadMatrix:
    """The good rows as arrays; the stable sort puts a season's rows last, where they overrule the year's."""
    order = np.argsort((rows["season"] != "").to_numpy(), kind="stable")
    codes, names = pd.factorize(pd.concat([rows["from"], rows["to"]], ignore_index=True))
    half = len(rows)
    whole = [np.rint(values).astype(np.int64)[order] for values in (metres, np.ceil(seconds))]
    start, end = codes[:half].astype(np.int64)[order], codes[half:].astype(np.int64)[order]
    return RoadMatrix({str(name): place for place, name in enumerate(names)}, start, end, whole[0], whole[1])
