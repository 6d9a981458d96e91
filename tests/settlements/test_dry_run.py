"""A trial run changes nothing: the whole content of the database is the same before and after, for every list and every option."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from settlements.columns import KINDS
from tests.conftest import Poshta

KATO = "kato,kato_version,level,type_code,name_ru,name_kk"
LISTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "settlements": (
        ("kato;name_ru;lat", "599830100;Село;"),
        ("id;name_ru;lat", "599830100;СЕЛО НОВОЕ;", "599830200;Хутор;", "354435100;Актау;", "1;x;"),
    ),
    "offices": (("index;name", "150000;Почта"), ("index;name", "150000;Другая", "150 100;Ещё")),
    "vehicles": (("office;vehicle;payload_kg", "150000;А1;800"), ("office;vehicle;payload_kg", "150000;А1;900", "150000;А2;400")),
    "schools": (("school;name_ru", "s1;Школа"), ("school;name_ru", "s1;Другая", "s2;Ещё")),
    "teachers": (
        ("teacher;name;school;subject;grade;language", "T1;Мелкова Ольга;s1;math;5;kk"),
        ("teacher;name;school;subject;grade;language", "T2;Партина Ева;s1;math;5;kk"),
    ),
    "pupils": (
        ("code;last_name;first_name;grade;language;kato", "A1;Қаламов;Әділ;3;kk;599830100", "A2;Тетрадкина;Вера;5;ru;599830100"),
        (
            "code;last_name;first_name;grade;language;kato",
            "A1;Қағазов;Әділ;4;kk;599830100",
            ";Тетрадкина;Вера;5;ru;599830100",
            ";Новый;Марк;1;ru;354435100",
        ),
    ),
}
OPTIONS = {"settlements": ("--columns", "kato=id"), "teachers": ("--replace",), "pupils": ("--remember", "3")}


def content(desk: Path) -> str:
    """The digest of everything in the database."""
    with closing(sqlite3.connect(desk / "poshta.sqlite3")) as database:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"schedule", "loans"})
)  # one comes in through `routes`; the other has a test of its own in test_loan_lists.py
def test_a_trial_run_leaves_the_database_as_it_was_and_the_run_itself_does_not(
    desk: Path, poshta: Poshta, tmp_path: Path, kind: str
) -> None:
    kato, first, second = tmp_path / "kato.csv", tmp_path / "first.csv", tmp_path / "second.csv"
    kato.write_text(
        f"{KATO}\n620000000,NK RK 11-2025,oblast,0,Ұ,Ұ\n623635100,NK RK 11-2025,settlement,2,с.Актау,Ақтау а.\n", encoding="utf-8"
    )
    poshta("settlements", "load-kato", str(kato))
    for path, lines in zip((first, second), LISTS[kind], strict=True):
        path.write_text("\n".join(lines), encoding="utf-8")
    assert poshta(kind, "import", str(first)).code == 0
    if kind == "pupils":
        poshta("pupils", "forget", "A2")
    options = OPTIONS.get(kind, ())
    before = content(desk)
    trial = poshta(kind, "import", str(second), *options, "--copy", str(tmp_path / "copy.xlsx"), "--dry-run")
    assert trial.data["dry_run"] is True
    assert content(desk) == before
    done = poshta(kind, "import", str(second), *options)
    assert content(desk) != before, "the look sees a change"
    counts = ("added", "changed", "unchanged", "refused", "doubled", "replaced", "mended")
    assert [trial.data[name] for name in counts] == [done.data[name] for name in counts], "the trial told what then happened"
