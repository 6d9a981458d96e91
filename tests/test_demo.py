"""The demo is the program's promise in one command: both weeks go round, nothing is silently wrong, and every file it names is there."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml

import scanning.demo
from cli import invoke, main
from records.errors import IntegrityFailed, NotAllowed
from records.grades import recorded
from records.home import open_home
from records.language import translate
from records.terminal import Answer
from scanning.demo import _neighbours
from scanning.rehearsal.truth import Comparison, Finding, compare
from settlements.roster import learners
from tests.conftest import Poshta


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small demo, played once for this module."""
    answer = invoke(("--lang", "en", "--quiet", "demo", "--out", str(tmp_path_factory.mktemp("demo")), "--villages", "2", "--workers", "1"))
    assert answer is not None
    return answer.data


def test_nothing_is_silently_wrong_and_pages_come_back(played: dict[str, Any]) -> None:
    for week in played["weeks"]:
        assert week["silently_wrong"] == 0
        assert week["right"] > 0.8 * week["answers"] > 20  # some marks are truly doubtful
        assert sum(week["states"].values()) == week["pictures"] > 10


def test_the_post_lost_and_delayed_pages_and_the_desk_noticed(played: dict[str, Any]) -> None:
    assert sum(week["lost_by_post"] for week in played["weeks"]) == sum(week["missing"] for week in played["weeks"])
    assert all({"refused", "foreign"} <= set(week["states"]) for week in played["weeks"])


def test_the_drivers_sheets_come_back_and_tell_what_became_of_the_bags(played: dict[str, Any]) -> None:
    for week in played["weeks"]:
        assert week["route_sheets"] >= week["routes"] > 0
        assert week["bags_delivered"] >= 1
        assert week["route_fields"] > 2 * week["route_doubts"]


def test_every_file_that_is_named_exists(played: dict[str, Any]) -> None:
    assert played["files"]
    assert [name for name in played["files"] if not (Path(played["home"]) / name).exists()] == []


def test_the_second_cover_tells_the_results_of_the_first_week(played: dict[str, Any]) -> None:
    covers = [_first_page(path) for path in sorted(Path(played["home"]).glob("packets/2026-W44/*/*.pdf"))]
    assert covers
    assert sum("2026-W41" in cover for cover in covers) >= 0.8 * len(covers)
    assert not any("2026-W41" in _first_page(path) for path in Path(played["home"]).glob("packets/2026-W44/labels*.pdf"))


def test_neighbours_have_their_choices_in_other_orders_and_each_is_graded_by_the_own_key(played: dict[str, Any]) -> None:
    """What a sheet prints behind a letter is in `packets layout`, what is right in the assignment file, what was read and earned in `grades answers`."""
    home = Path(played["home"])
    pages = [page for page in asked(home, "packets", "layout", "--week", "2026-W44")["pages"] if page["kind"] == "worksheet"]
    answers = {(row["page"], row["item"]): row for row in asked(home, "grades", "answers", "--week", "2026-W44")["answers"]}
    graded = dict[
        tuple[str, str, str], dict[str, str]
    ]()  # by village, assignment and question: what each neighbour's sheet prints for the right choice
    for page in pages:
        key = right_choices(home / "inputs" / "assignments" / f"{page['assignment']}.yaml")
        for item, right in key.items():
            row = answers.get((page["page"], item))
            if row is None or row["state"] != "read":
                continue
            assert (row["points"] == row["max_points"]) is (row["reading"] == [right]), (page["pupil"], item)
            printed = {box["value"]: box["label"] for box in page["boxes"] if box["item"] == item}
            graded.setdefault((Path(page["pdf"]).parent.name, page["assignment"], item), {})[page["pupil"]] = printed[right]
    together = [sheets for sheets in graded.values() if len(sheets) > 1 and len(set(sheets.values())) == len(sheets)]
    assert together, "no two neighbours had the same question in other orders"
    week = played["weeks"][1]
    assert week["answers"] > week["answers_in_other_orders"] > 5
    assert played["weeks"][0]["answers_in_other_orders"] == 0


def test_the_table_names_two_packets_of_neighbours_and_no_others() -> None:
    def page(village: str, pupil: str, item: str, order: str) -> dict[str, Any]:
        boxes = [{"item": item, "value": letter, "kind": "choice"} for letter in order]
        return {"pdf": f"packets/2026-W44/{village}/{pupil}.pdf", "assignment": "math" if order else None, "boxes": boxes}

    cover = page("1", "A", "", "")
    assert (
        _neighbours([cover, page("1", "A", "1", "ABC"), page("1", "A", "2", "BCA"), page("2", "B", "1", "BCA"), page("1", "C", "1", "ABC")])
        == []
    )
    found = _neighbours([page("1", "A", "1", "ABC"), page("1", "B", "1", "BCA"), page("1", "C", "1", "CAB")])
    assert found == [("packets/2026-W44/1/A.pdf", "packets/2026-W44/1/B.pdf")]


def right_choices(file: Path) -> dict[str, str]:
    """By its number, the right choice of every question of one choice."""
    asked = [part for part in yaml.safe_load(file.read_text(encoding="utf-8"))["parts"] if "question" in part]
    return {str(number): part["answer"] for number, part in enumerate(asked, start=1) if isinstance(part.get("answer"), str)}


def test_covers_show_this_weeks_lessons_to_those_who_have_a_television_set(played: dict[str, Any]) -> None:
    home = Path(played["home"])
    heading = {language: translate("This week on television, radio and platforms", language) for language in ("kk", "ru")}
    with open_home(home).database.read() as session:
        watching = {learner.code: "tv" in learner.channels for learner in learners(session)}
    assert set(watching.values()) == {True, False}
    for week in played["weeks"]:
        assert week["lessons"] >= 18
        for path in home.glob(f"packets/{week['week']}/*/*.pdf"):
            told = any(words in _first_page(path) for words in heading.values())
            assert told is watching[path.stem.removeprefix(f"{week['week']}-")], path


def test_a_corrected_key_scores_again_at_once(played: dict[str, Any], tmp_path: Path) -> None:
    """The next cover is printed by `packets build`, which cannot score: the points have to be right before it."""
    home = tmp_path / "desk"
    shutil.copytree(played["home"], home)
    answers = asked(home, "grades", "answers", "--week", "2026-W41")["answers"]
    wrong = next(each for each in answers if each["item"] == "1" and each["points"] == 0 and len(each["reading"]) == 1)
    file = home / "inputs" / "assignments" / f"{wrong['assignment']}.yaml"
    corrected = re.sub(r"answer: [A-H]\n", f"answer: {wrong['reading'][0]}\n", file.read_text(encoding="utf-8"), count=1)
    file.write_text(corrected, encoding="utf-8")
    assert asked(home, "assignments", "add", str(file))["rescore"] == [wrong["assignment"]]
    with open_home(home).database.read() as session:
        now = next(each for each in recorded(session, week="2026-W41") if (each.page, each.item) == (wrong["page"], "1"))
    assert now.points == now.max_points


def asked(home: Path, *words: str) -> Any:
    """The data of one command."""
    answer = invoke(("--home", str(home), "--lang", "en", "--quiet", *words))
    assert answer is not None
    return answer.data


def test_a_silent_error_fails_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*arguments: Any) -> Comparison:
        return replace(compare(*arguments), silent=(Finding("silent", "00", "1", "A", "B", file="scan.jpg"),))

    monkeypatch.setattr(scanning.demo, "compare", planted)
    with pytest.raises(IntegrityFailed) as failure:
        invoke(("--lang", "en", "--quiet", "demo", "--out", str(tmp_path / "demo"), "--villages", "1", "--workers", "1"))
    assert failure.value.complaints[0].code == "silent"


def test_a_folder_of_somebody_else_is_never_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").write_text("dear grandmother")
    assert main(["--json", "demo", "--out", str(tmp_path)]) == NotAllowed.exit_code
    assert json.loads(capsys.readouterr().out)["status"] == "error"
    assert (tmp_path / "letter.txt").read_text() == "dear grandmother"


def _first_page(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return str(document[0].get_textpage().get_text_range())
    finally:
        document.close()


def test_the_country_demo_prints_every_village_and_one_districts_paper_goes_round(tmp_path: Path) -> None:
    words = ("demo", "--country", "--country-villages", "24", "--country-offices", "20", "--country-pupils", "3", "5", "--workers", "1")
    answer = invoke(("--lang", "kk", "--quiet", *words, "--out", str(tmp_path / "country")))
    assert answer is not None
    told = answer.data
    assert told["register"]["settlements"] == 24
    assert told["register"]["pupils"] == told["packets"] >= 72
    assert told["unplanned"] == told["silently_wrong"] == 0
    assert told["right"] >= 0.7 * told["answers"] > 0
    assert set(told["steps"]) == {"register", "packets", "routes", "round"}
    assert [name for name in told["files"] if not (tmp_path / "country" / name).exists()] == []


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        (("--country", "--villages", "7"), "--villages means nothing with"),
        (("--country-villages", "24"), "--country-villages means nothing without"),
        (("--country-offices", "20"), "--country-offices means nothing without"),
        (("--country-pupils", "3", "5"), "--country-pupils means nothing without"),
    ],
)
def test_a_size_that_the_demo_would_not_heed_is_refused_before_anything_is_made(
    poshta: Poshta, tmp_path: Path, words: tuple[str, ...], flag: str
) -> None:
    said = poshta("demo", *words, "--out", str(tmp_path / "made"))
    assert (said.code, said.body["errors"][0]["text"].startswith(flag)) == (2, True)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(("flag", "out", "expected"), [("x", None, "x"), ("x", "y", "y"), (None, "y", "y"), (None, None, "demo-home")])
def test_the_demo_plays_where_it_was_told_to(
    flag: str | None, out: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of a desk in daily use, named by POSHTA_HOME, is never taken."""
    taken = list[Path]()

    def play(_invoke: object, folder: Path, *_more: object) -> Answer:
        taken.append(folder)
        return Answer({})

    monkeypatch.setattr(scanning.demo, "play", play)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POSHTA_HOME", str(tmp_path / "daily"))
    assert main([*(["--home", flag] if flag else []), "--json", "demo", *(["--out", out] if out else [])]) == 0
    assert taken == [Path(expected)]
