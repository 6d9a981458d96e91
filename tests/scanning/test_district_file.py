"""Counts go to the region as a file without names, and come back exact; damaged files, other weeks and a desk twice are told."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from records.errors import InputRefused, NotFound
from scanning.district_counts import District
from scanning.district_file import DeskCounts, as_text, desk_name, read_counts, together
from scanning.district_report import Span, report
from tests.scanning.district_desks import WEEK, districts, plain

SPAN = Span(WEEK, (WEEK,))


def counts(*found: District, desk: str = "d1", made_at: str = "2026-11-02T09:00:00", span: Span = SPAN, file: str = "a.json") -> DeskCounts:
    return DeskCounts(file, desk, made_at, span, found)


@settings(max_examples=8)
@given(districts())
def test_what_was_written_is_read_and_says_the_same_of_the_region(found: list[District]) -> None:
    text = as_text(counts(*found))
    assert text == as_text(counts(*found))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "district.json"
        file.write_text(text, encoding="utf-8")
        back = read_counts(file)
    assert [each.children for each in back.districts] == [each.children for each in found]
    assert [each.marks for each in back.districts] == [each.marks for each in found]
    assert [each.days for each in back.districts] == [each.days for each in found]
    assert '"T0' not in text, "a teacher's code"
    if len(found) > 1:
        assert report(back.districts, SPAN).as_json() == report(found, SPAN).as_json()


def test_any_changed_number_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    text = as_text(counts(plain()))
    file.write_text(text, encoding="utf-8")
    assert read_counts(file).desk == "d1"
    body = json.loads(text)
    body["districts"][0]["parts"]["s1"]["whole"] += 1
    for damaged in ("[" * 200_000, json.dumps(body), text[: len(text) // 2], "[]", "", '{"format": "other"}', "\x00\x01"):
        file.write_text(damaged, encoding="utf-8")
        with pytest.raises(InputRefused):
            read_counts(file)
    with pytest.raises(NotFound):
        read_counts(tmp_path / "nowhere.json")


@pytest.mark.parametrize(("field", "value"), [("districts", [{"kato": 5}]), ("span", {}), ("made_at", "yesterday")])
def test_a_file_that_says_nonsense_under_a_right_digest_is_refused(tmp_path: Path, field: str, value: object) -> None:
    from scanning.district_file import _digest

    body = {name: each for name, each in json.loads(as_text(counts(plain()))).items() if name != "digest"} | {field: value}
    (tmp_path / "a.json").write_text(json.dumps(body | {"digest": _digest(body)}), encoding="utf-8")
    with pytest.raises(InputRefused):
        read_counts(tmp_path / "a.json")


def test_a_number_below_nought_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(as_text(counts(plain(silent=-1))), encoding="utf-8")
    with pytest.raises(InputRefused):
        read_counts(tmp_path / "a.json")


def test_other_weeks_are_left_away_and_told() -> None:
    other = counts(plain("599900000"), desk="d2", span=Span("2026-W42", ("2026-W42",)), file="b.json")
    found, used, doubts = together([counts(plain()), other])
    assert ([each.kato for each in found], len(used)) == (["599800000"], 1)
    assert [(each.code, each.file) for each in doubts] == [("other_weeks", "b.json")]


@pytest.mark.parametrize("turned", [False, True])
def test_of_one_desk_twice_the_later_file_counts_in_whatever_order(turned: bool) -> None:
    older, newer = counts(plain()), counts(plain(whole=20), made_at="2026-11-05T09:00:00", file="b.json")
    found, used, doubts = together([newer, older] if turned else [older, newer])
    assert (found[0].children.whole, [each.file for each in used]) == (20, ["b.json"])
    assert [(each.code, each.file) for each in doubts] == [("same_desk", "a.json")]


def test_a_district_of_two_desks_is_added_and_told() -> None:
    found, _used, doubts = together([counts(plain()), counts(plain(), desk="d2", file="b.json")])
    (district,) = found
    assert (district.children.whole, district.marks["math/5/2"], district.days[9], district.loads["T1"].pages) == (30, 10, 20, 120)
    assert [each.code for each in doubts] == ["shared_district"]


def test_a_desk_is_told_from_others_by_its_first_key() -> None:
    assert desk_name(["b", "a"]) == desk_name(["a"]) != desk_name(["b"])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("span", "name"), "a" * 400),
        (("span", "name"), "../2026-W41"),
        (("span", "name"), "2026-W41\x00"),
        (("span", "weeks"), ["every"]),
        (("districts", 0, "kato"), "<b>"),
        (("districts", 0, "days"), {"9": 10**11}),
        (("districts", 0, "pages", "printed"), 10**400),
    ],
)
def test_what_no_desk_can_have_counted_is_refused_before_it_names_files_or_fills_the_memory(
    tmp_path: Path, place: tuple[str | int, ...], value: object
) -> None:
    from scanning.district_file import _digest

    body = json.loads(as_text(counts(plain())))
    del body["digest"]
    part = body
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    (tmp_path / "a.json").write_text(json.dumps(body | {"digest": _digest(body)}), encoding="utf-8")
    with pytest.raises(InputRefused):
        read_counts(tmp_path / "a.json")


def test_half_a_letter_is_damage_and_no_fault_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(as_text(counts(plain())).replace("Район", "\\ud800"), encoding="utf-8")
    with pytest.raises(InputRefused):
        read_counts(tmp_path / "a.json")
