"""A played week as the district tells it: report, file for the region, and the region's page; no names and no small numbers anywhere."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from records import schema
from records.home import open_home
from tests.small_desk import NEXT_WEEK, WEEK, SmallDesk, here

LATER = "2026-11-02"


def told(desk: SmallDesk, *words: str, lang: str = "en", day: str = LATER) -> Any:
    return here(desk.home, "district", *words, lang=lang, day=day)


def people(desk: SmallDesk) -> set[str]:
    """Whatever names a child: its code, and its names."""
    home = open_home(desk.home)
    with home.database.read() as session:
        codes = {row.code for row in session.query(schema.Pupil)}
        names = {
            name
            for row in session.query(schema.Person).filter_by(role="pupil")
            for name in (row.last_name, row.first_name)
            if len(name) > 3
        }
    home.close()
    return codes | names


def test_a_report_is_a_page_and_a_paper_in_both_languages_and_twice_the_same_bytes(own_desk: SmallDesk) -> None:
    first = told(own_desk, "report", "--week", WEEK)
    assert first.code == 0
    assert first.data["files"] == [
        f"district/district-{WEEK}.{language}.{kind}" for language in ("kk", "ru", "en") for kind in ("html", "pdf")
    ]
    before = {file: (own_desk.home / file).read_bytes() for file in first.data["files"]}
    again = told(own_desk, "report", "--week", WEEK)
    assert again.data == first.data
    assert {file: (own_desk.home / file).read_bytes() for file in first.data["files"]} == before
    text = (own_desk.home / f"district/district-{WEEK}.kk.html").read_text(encoding="utf-8")
    words = set(re.findall(r"[\w-]+", text))
    assert not people(own_desk) & words


def test_the_exact_counts_are_those_of_the_ledger_the_roster_and_the_grades(own_desk: SmallDesk, tmp_path: Path) -> None:
    told(own_desk, "export", str(tmp_path / "one.json"), "--week", WEEK)
    districts = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))["districts"]
    ledger = here(own_desk.home, "packets", "ledger", "--week", WEEK, "--by", "packet", day=LATER).data
    for name in ("expected", "printed", "handed_over", "arrived", "read", "decided"):
        assert sum(each["pages"].get(name, 0) for each in districts) == ledger["totals"][name]
    parts = [part for each in districts for part in each["parts"].values()]
    assert sum(sum(part.values()) for part in parts) == len(here(own_desk.home, "pupils", "list", day=LATER).data["pupils"])
    assert sum(part["whole"] for part in parts) == sum(row["read"] == row["printed"] for row in ledger["rows"])
    assert sum(part["partly"] for part in parts) == sum(0 < row["read"] < row["printed"] for row in ledger["rows"])
    grades = here(own_desk.home, "grades", "list", "--week", WEEK, day=LATER).data["grades"]
    assert sum(sum(each["marks"].values()) for each in districts) == sum(row["mark"] is not None for row in grades)
    waiting = [
        row for row in here(own_desk.home, "grades", "answers", "--week", WEEK, day=LATER).data["answers"] if row["state"] == "waiting"
    ]
    assert sum(each["loads"][""]["waiting"] for each in districts) == len(waiting)


def test_of_a_handful_of_children_nothing_is_told(own_desk: SmallDesk) -> None:
    data = told(own_desk, "report", "--week", WEEK).data
    assert data["hidden"] > 0
    assert set(data["pages"].values()) == {None}
    assert all(count is None or count == 0 or count >= 5 for row in data["rows"] for count in row.values() if not isinstance(count, str))


def test_the_file_for_the_region_is_exact_and_names_nobody(own_desk: SmallDesk, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    said = told(own_desk, "export", str(file), "--week", WEEK)
    assert (said.code, said.data["files"]) == (0, [file.as_posix()])
    text = file.read_text(encoding="utf-8")
    assert not people(own_desk) & set(re.findall(r"[\w-]+", text))
    body = json.loads(text)
    assert sum(sum(part.values()) for each in body["districts"] for part in each["parts"].values()) == said.data["pupils"]
    made = told(own_desk, "rollup", str(file))
    assert made.code == 0
    assert [each["file"] for each in made.data["counted"]] == ["one.json"]
    report = told(own_desk, "report", "--week", WEEK).data
    for name in ("rows", "marks", "turnaround", "pages", "silent_villages"):
        assert made.data[name] == report[name], name


def test_two_districts_become_a_region_and_what_is_wrong_is_told(own_desk: SmallDesk, tmp_path: Path) -> None:
    one, two, damaged, later = (tmp_path / f"{name}.json" for name in ("one", "two", "damaged", "later"))
    told(own_desk, "export", str(one), "--week", WEEK)
    body = json.loads(one.read_text(encoding="utf-8"))
    body["desk"] = "other"
    for each in body["districts"]:
        each["kato"] = each["kato"][:2] + "9900000"
    from scanning.district_file import _digest

    body["digest"] = _digest({name: value for name, value in body.items() if name != "digest"})
    two.write_text(json.dumps(body), encoding="utf-8")
    damaged.write_text(one.read_text(encoding="utf-8").replace(WEEK, NEXT_WEEK), encoding="utf-8")
    shutil.copyfile(one, later)
    said = told(own_desk, "rollup", *map(str, (one, two, damaged, later, tmp_path)))
    assert said.code == 3
    assert sorted(error["code"] for error in said.body["errors"]) == ["damaged", "not_allowed", "same_desk"]
    assert len(said.data["rows"]) == 3
    assert said.data["kato"] == body["districts"][0]["kato"][:2] + "0000000"
    assert all((own_desk.home / each).is_file() for each in said.data["files"])
    assert said.data["files"][0] == f"district/region-{WEEK}.kk.html"
    alone = told(own_desk, "rollup", str(damaged))
    assert (alone.code, alone.body["errors"][1]["code"]) == (4, "damaged")


def test_a_village_of_which_nothing_came_is_silent_from_so_many_weeks_on(own_desk: SmallDesk) -> None:
    home = open_home(own_desk.home)
    with home.database.write() as session:
        village = session.query(schema.Packet).filter_by(week=WEEK).order_by(schema.Packet.kato).first()
        assert village is not None
        mine = session.query(schema.Packet).filter_by(week=WEEK, kato=village.kato)
        pages = [row.id for packet in mine for row in session.query(schema.Page).filter_by(packet=packet.code)]
        session.query(schema.Answer).filter(schema.Answer.page.in_(pages)).delete()
        session.query(schema.Scan).filter(schema.Scan.page.in_(pages)).delete()
        mine.update({"state": "handed_over"})
        kato = village.kato
        count = mine.count()
    home.close()
    data = told(own_desk, "report", "--week", WEEK, "--silent-weeks", "1").data
    named = [each["kato"] for each in data["silent_villages"]]
    assert (kato in named) == (count >= 5)
    assert len(named) + data["small_silent_villages"] >= 1
    assert told(own_desk, "report", "--week", WEEK).data["small_silent_villages"] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("report",), 2),
        (("report", "--week", WEEK, "--quarter", "2026-27/1"), 2),
        (("report", "--week", "2026-W30"), 6),
        (("report", "--week", WEEK, "--district", "nonsense"), 2),
        (("report", "--week", WEEK, "--district", "710000000"), 6),
        (("report", "--week", WEEK, "--district", "599830100"), 2),
        (("report", "--quarter", "2026/1"), 2),
        (("export", "counts.txt", "--week", WEEK), 2),
        (("rollup", "nowhere.json"), 4),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(small_desk: SmallDesk, words: tuple[str, ...], code: int) -> None:
    said = told(small_desk, *words)
    assert (said.code, bool(said.body["errors"][0]["text"])) == (code, True)
    assert not (small_desk.home / "district").exists()


def test_a_quarter_holds_its_weeks(own_desk: SmallDesk) -> None:
    said = told(own_desk, "report", "--quarter", "2026-27/1")
    assert WEEK in said.data["span"]["weeks"]
    assert said.data["files"][0] == "district/district-2026-27-1.kk.html"
