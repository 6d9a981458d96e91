"""What covers tell of earlier weeks: everything once, by the key that holds now, whatever was killed, withdrawn or lost meanwhile."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

import packets.archive
import scanning.rescore
from packets.archive import geometry
from packets.assignment import ChoiceQuestion
from packets.feedback import reach
from packets.shelf import keep
from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST, NEXT_WEEK, WEEK, answered, assignment, cover_of, printed, texts


class Killed(BaseException):
    """The process ends here."""


def test_a_key_corrected_by_a_command_that_was_killed_before_it_scored_again_is_scored_before_the_next_cover(
    home: Home, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1", reading=("A",))
    old = assignment(f"math-kk-{WEEK[-3:]}")
    assert isinstance(old.parts[1], ChoiceQuestion)
    corrected = replace(old, parts=(old.parts[0], replace(old.parts[1], answer=("B",)), *old.parts[2:]))
    (tmp_path / "corrected.json").write_text(json.dumps(corrected.as_json()), encoding="utf-8")

    def die(*_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(scanning.rescore, "rescore", die)
        with pytest.raises(Killed):
            poshta("assignments", "add", str(tmp_path / "corrected.json"))
    said = poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1")
    assert said.data["rescored"] == [old.code]
    assert "0 / 1 балл" in cover_of(home, "P1", NEXT_WEEK)
    assert poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1").data["rescored"] == []


def _second_week(home: Home, poshta: Poshta) -> str:
    poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1")
    return cover_of(home, "P1", NEXT_WEEK)


def test_the_next_cover_tells_what_was_decided_under_its_own_week(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    answered(home, f"{WEEK}-P1", "2", "read", "0.75", "1.5")
    answered(home, f"{WEEK}-P1", "3", "blank", "0", "2")
    answered(home, f"{WEEK}-P1", "5", "waiting", None, "3")
    cover = _second_week(home, poshta)
    assert f"{WEEK} оқу аптасы" in cover
    assert "1,75 / 4,5 балл" in cover
    for words in ("дұрыс", "жартылай дұрыс", "жауап берілмеген", "мұғалім әлі тексеріп жатыр", "бұл бет қайтып келген жоқ"):
        assert words in cover


def test_what_a_cover_told_is_not_told_again_and_news_waits_for_the_next(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    cover = _second_week(home, poshta)
    before = printed(home)
    answered(home, f"{WEEK}-P1", "2", "read", "1.5", "1.5")
    assert poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1").data["unchanged"] == 1
    assert printed(home) == before
    assert "1 / 1 балл" in cover


def test_a_third_cover_is_silent_about_what_the_second_told(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    assert f"{WEEK} оқу аптасы" in _second_week(home, poshta)
    with home.database.write() as session:
        keep(session, assignment("third", week="2026-W43"))
    poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1")
    assert WEEK not in cover_of(home, "P1", "2026-W43")


def test_what_a_withdrawn_cover_would_have_told_is_told_by_the_next(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    _second_week(home, poshta)
    poshta("packets", "void", f"{NEXT_WEEK}-P1")
    with home.database.write() as session:
        keep(session, assignment("third", week="2026-W43"))
    poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1")
    assert f"{WEEK} оқу аптасы" in cover_of(home, "P1", "2026-W43")


def test_a_cover_drawn_again_tells_what_it_told_even_after_a_mark_was_corrected(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "0", "1")
    _second_week(home, poshta)
    before = printed(home)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    (home.path / f"packets/{NEXT_WEEK}/{FIRST}/{NEXT_WEEK}-P1.pdf").unlink()
    assert poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1").data["redrawn"] == 1
    assert printed(home) == before


def test_long_feedback_takes_a_second_cover_page(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.database.write() as session:
        for number in range(12):
            keep(session, assignment(f"extra-{number:02d}"))
    poshta("packets", "build", "--week", WEEK, "--pupil", "P1")
    with home.database.read() as session:
        pages = [page for page in geometry(session, WEEK, f"{WEEK}-P1") if page["assignment"] and page["boxes"]]
    with home.database.write() as session:
        session.add_all(
            schema.Answer(
                page=page["page"], item=page["boxes"][0]["item"], reading=[], candidates=[], state="read", reason="", points="1", max_points="1",
                decided_by="reader", scan=None, made_at=packets.archive.now(), why="", superseded_by=None,
            )
            for page in pages
        )  # fmt: skip
    _second_week(home, poshta)
    kinds = [page["kind"] for page in poshta("packets", "layout", "--week", NEXT_WEEK).data["pages"]]
    assert kinds[:2] == ["cover", "cover"]
    assert kinds[2:] == ["worksheet"] * (len(kinds) - 2)
    first = texts(home, f"packets/{NEXT_WEEK}/{FIRST}/{NEXT_WEEK}-P1.pdf")[0]
    assert re.search(r"(?<![–\d])3(–\d+-беттер|-бет)", first), "the contents count both pages of the cover"


def test_what_a_packet_withdrawn_after_the_next_was_built_had_told_is_told_by_that_next(home: Home, poshta: Poshta) -> None:
    with home.database.write() as session:
        keep(session, assignment("third", week="2026-W43"))
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    assert f"{WEEK} оқу аптасы" in _second_week(home, poshta)
    answered(home, f"{WEEK}-P1", "2", "read", "1.5", "1.5")
    poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1")
    said = poshta("packets", "void", f"{NEXT_WEEK}-P1")
    assert said.data["build_again"] == "2026-W43-P1"
    assert poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1").data["rebuilt"] == 1
    cover = cover_of(home, "P1", "2026-W43")
    assert f"{WEEK} оқу аптасы" in cover
    assert "2,5 / 2,5 балл" in cover
    assert poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1").data["unchanged"] == 1


def test_news_of_a_withdrawn_cover_is_told_even_when_the_next_has_gone_out(home: Home, poshta: Poshta) -> None:
    with home.database.write() as session:
        for week in ("2026-W43", "2026-W44"):
            keep(session, assignment(f"later-{week[-3:]}", week=week))
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    _second_week(home, poshta)
    poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1")
    with home.database.write() as session:
        session.execute(update(schema.Packet).where(schema.Packet.week == "2026-W43").values(state="handed_over"))
    assert poshta("packets", "void", f"{NEXT_WEEK}-P1").data["build_again"] is None
    assert poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1").data["unchanged"] == 1
    poshta("packets", "build", "--week", "2026-W44", "--pupil", "P1")
    assert f"{WEEK} оқу аптасы" in cover_of(home, "P1", "2026-W44")


@given(ends=st.lists(st.integers(0, 9), max_size=6), lost=st.integers(0, 5))
def test_covers_reach_as_far_as_the_first_one_that_is_missing(ends: list[int], lost: int) -> None:
    ends = sorted(set(ends))
    ranges = list(zip([0, *ends], ends, strict=False))
    assert reach(reversed(ranges)) == (ends[-1] if ends else 0)
    if lost < len(ranges) and ranges[lost][0] < ranges[lost][1]:
        assert reach(ranges[:lost] + ranges[lost + 1 :]) == ranges[lost][0]
