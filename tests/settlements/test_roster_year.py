"""The roster through the year: who leaves, comes back, changes school or language; siblings; lists on screen and in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlements.households import family_name, households, siblings
from settlements.roster import Learner, PersonName
from tests.conftest import Poshta
from tests.small_desk import NEXT_WEEK, WEEK, SmallDesk, here

HEAD = "code,last_name,first_name,grade,language,kato,school,parent,address,channels"
BROTHER = "B1,Тетрадкин,Павел,3,ru,599830100,s1,Тетрадкина О.,Абая 5,post"
SISTER = 'B2,Тетрадкина,Вера,5,ru,599830100,s1,Тетрадкин С.,«Абая» 5,"post,tv"'
NEIGHBOUR = "A9,Қаламов,Әділ,3,kk,599830200,s2,Қаламова Г.,Абая 5,web"


@pytest.fixture
def roster(desk: Path, poshta: Poshta, tmp_path: Path) -> Path:
    """A desk with two villages, two schools, one teacher and three pupils."""
    take(poshta, tmp_path, "settlements", "kato,name_ru", "599830100,Село", "599830200,Аул")
    take(poshta, tmp_path, "schools", "school,name_ru", "s1,Школа 1", "s2,Школа 2")
    take(poshta, tmp_path, "teachers", "teacher,school,subject,grade,language", "T1,s1,math,3,ru", "T1,s2,math,3,kk")
    take(poshta, tmp_path, "pupils", HEAD, BROTHER, SISTER, NEIGHBOUR)
    return desk


def take(poshta: Poshta, folder: Path, kind: str, *lines: str) -> None:
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert poshta(kind, "import", str(path)).code == 0


def listed(poshta: Poshta, *options: str) -> list[str]:
    return [pupil["code"] for pupil in poshta("pupils", "list", *options).data["pupils"]]


def acts(poshta: Poshta) -> list[tuple[str, str, object]]:
    return [
        (act["action"], act["subject"], act["details"])
        for act in poshta("journal", "--action", "pupils.").data["acts"]
        if act["subject"] in ("A9", "B1", "B2")
    ]


def test_leaving_and_coming_back_are_acts_that_happen_once(roster: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-08")
    said = [poshta("pupils", "leave", "B1", "--on", "2026-10-05") for _time in range(2)]
    assert [(each.code, each.data["changed"], each.data["left_on"]) for each in said] == [(0, True, "2026-10-05"), (0, False, "2026-10-05")]
    assert poshta("pupils", "leave", "B1").data == {"pupil": "B1", "changed": False, "left_on": "2026-10-05", "packets": [], "devices": []}
    assert poshta("pupils", "leave", "B1", "--on", "2026-10-06").data["changed"] is True, "another day corrects the first"
    assert listed(poshta) == ["B2", "A9"]
    assert [(row["code"], row["left_on"]) for row in poshta("pupils", "list", "--with-left").data["pupils"]] == [
        ("B1", "2026-10-06"),
        ("B2", None),
        ("A9", None),
    ]
    assert [poshta("pupils", "come-back", "B1").data["changed"] for _time in range(2)] == [True, False]
    assert listed(poshta) == ["B1", "B2", "A9"]
    assert acts(poshta) == [
        ("pupils.come_back", "B1", {"before": "2026-10-06"}),
        ("pupils.leave", "B1", {"before": "2026-10-05", "after": "2026-10-06"}),
        ("pupils.leave", "B1", {"before": None, "after": "2026-10-05"}),
    ]
    assert poshta("pupils", "leave", "B1", "--on", "2026-10-09").code == 2, "a day that lies ahead"


def test_a_change_is_told_with_what_was_before_and_happens_once(roster: Path, poshta: Poshta) -> None:
    words = (
        "pupils",
        "change",
        "A9",
        "--school",
        "s1",
        "--language",
        "орысша",
        "--grade",
        "4",
        "--print",
        "large",
        "--channels",
        "тв, post",
    )
    first, second = poshta(*words).data, poshta(*words).data
    before = {"school": "s2", "language": "kk", "grade": 3, "print": "normal", "channels": "web"}
    after = {"school": "s1", "language": "ru", "grade": 4, "print": "large", "channels": "post,tv"}
    assert first == {"pupil": "A9", "changed": True, "before": before, "after": after, "packets": []}
    assert second == {"pupil": "A9", "changed": False, "before": {}, "after": {}, "packets": []}
    assert acts(poshta) == [("pupils.change", "A9", {"before": before, "after": after})]
    assert poshta("pupils", "change", "A9", "--channels", "none").data["after"] == {"channels": ""}
    assert poshta("pupils", "list", "--grade", "4").data["pupils"][0]["channels"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("change", "B1"), 2),
        (("change", "B1", "--grade", "13"), 2),
        (("change", "B1", "--grade", ""), 2),
        (("change", "B1", "--language", "клингон"), 2),
        (("change", "B1", "--school", "s9"), 6),
        (("change", "ZZ", "--grade", "4"), 6),
        (("leave", "ZZ"), 6),
        (("come-back", "ZZ"), 6),
        (("list", "--teacher", "T9"), 6),
        (("list", "--village", "село"), 2),
        (("list", "--out", "list.doc"), 2),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(roster: Path, poshta: Poshta, words: tuple[str, ...], code: int) -> None:
    told = poshta("pupils", *words)
    assert told.code == code
    assert told.body["errors"][0]["hint"]
    assert acts(poshta) == []


def test_a_forgotten_pupil_neither_leaves_nor_comes_back_nor_changes(roster: Path, poshta: Poshta) -> None:
    poshta("pupils", "forget", "B1")
    for words in (("leave", "B1"), ("come-back", "B1"), ("change", "B1", "--grade", "4"), ("move", "B1", "599830200")):
        told = poshta("pupils", *words)
        assert (told.code, "forgotten" in told.body["errors"][0]["text"]) == (7, True), words


def test_somebody_who_left_cannot_be_moved_or_changed_until_back(roster: Path, poshta: Poshta) -> None:
    poshta("pupils", "leave", "B1")
    for words in (("change", "B1", "--grade", "4"), ("move", "B1", "599830200")):
        told = poshta("pupils", *words)
        assert (told.code, "come-back B1" in told.body["errors"][0]["hint"]) == (7, True)


def test_an_old_list_does_not_bring_back_who_left_under_any_code(roster: Path, poshta: Poshta, tmp_path: Path) -> None:
    poshta("pupils", "leave", "B1")
    path = tmp_path / "old.csv"
    for row in (BROTHER, BROTHER.removeprefix("B1")):
        path.write_text(f"{HEAD}\n{row}\n{NEIGHBOUR}", encoding="utf-8")
        told = poshta("pupils", "import", str(path))
        assert [(error["code"], "come-back B1" in error["hint"]) for error in told.body["errors"]] == [("left", True)]
        assert (told.data["added"], told.data["refused"]) == (0, 1)
    path.write_text("\n".join([HEAD, BROTHER.removeprefix("B1").replace(",3,", ",4,")]), encoding="utf-8")
    told = poshta("pupils", "import", str(path))
    assert (told.data["added"], [error["code"] for error in told.body["errors"]]) == (1, ["namesake"]), "another grade may be another child"
    assert "B1" in told.body["errors"][0]["text"]


def test_lists_are_narrowed_by_school_teacher_grade_and_language(roster: Path, poshta: Poshta) -> None:
    assert listed(poshta, "--school", "s1") == ["B1", "B2"]
    assert listed(poshta, "--teacher", "T1") == ["B1", "A9"]
    assert listed(poshta, "--teacher", "T1", "--village", "599830200") == ["A9"]
    assert listed(poshta, "--grade", "5") == ["B2"]
    assert listed(poshta, "--language", "қазақша") == ["A9"]
    assert listed(poshta, "--district", "591000000") == []


def test_siblings_are_grouped_by_a_code_and_named_only_on_request(roster: Path, poshta: Poshta) -> None:
    told = poshta("pupils", "list", "--siblings")
    assert [(row["code"], row["household"]) for row in told.data["pupils"]] == [("B1", "B1"), ("B2", "B1")]
    assert "Тетрадкин" not in told.out
    assert "Тетрадкина" in poshta("pupils", "list", "--siblings", "--names").out


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_a_list_in_a_file_holds_codes_and_names_only_on_request(roster: Path, poshta: Poshta, suffix: str) -> None:
    path = roster / f"list.{suffix}"
    readers: dict[str, Any] = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}
    read = readers[suffix]
    assert poshta("pupils", "list", "--out", str(path)).data["files"] == [f"list.{suffix}"]
    assert list(read(path).columns) == ["code", "grade", "language", "kato", "school", "print", "channels"]
    poshta("pupils", "list", "--names", "--siblings", "--with-left", "--out", str(path))
    found = read(path)
    assert {"household", "last_name", "left_on"} <= set(found.columns)
    assert found["code"].tolist() == ["B1", "B2"]


def test_forgetting_deletes_a_list_with_the_name_and_says_how_to_write_it_again(roster: Path, poshta: Poshta, tmp_path: Path) -> None:
    named, coded, outside = roster / "named.csv", roster / "coded.csv", tmp_path / "outside.csv"
    poshta("pupils", "list", "--school", "s1", "--names", "--out", str(named))
    poshta("pupils", "list", "--out", str(coded))
    assert "outside of the desk" in poshta("pupils", "list", "--names", "--out", str(outside), json=False).out
    assert "outside of the desk" not in poshta("pupils", "list", "--names", "--out", str(named), json=False).out
    poshta("pupils", "list", "--school", "s1", "--names", "--out", str(named))
    assert poshta("pupils", "forget", "A9").data["removed"] == [], "the pupil of another school is not in it"
    told = poshta("pupils", "forget", "B1").data
    assert (told["removed"], told["again"]) == (["named.csv"], [f"poshta pupils list --school s1 --names --out {named}"])
    assert (named.exists(), coded.exists()) == (False, True)
    poshta(*told["again"][0].removeprefix("poshta ").split())
    assert "Павел" not in named.read_text(encoding="utf-8-sig")


def test_a_list_that_was_written_again_without_names_is_not_deleted(roster: Path, poshta: Poshta) -> None:
    path = roster / "list.csv"
    poshta("pupils", "list", "--names", "--out", str(path))
    poshta("pupils", "list", "--out", str(path))
    assert poshta("pupils", "forget", "B1").data["removed"] == []


def test_a_list_with_names_can_be_imported_again_and_changes_nothing(roster: Path, poshta: Poshta, tmp_path: Path) -> None:
    poshta("pupils", "change", "A9", "--channels", "none")
    poshta("pupils", "list", "--names", "--out", str(tmp_path / "list.xlsx"))
    told = poshta("pupils", "import", str(tmp_path / "list.xlsx"))
    assert (told.code, told.data["unchanged"], told.data["changed"]) == (0, 3, 0)


# ---- paper


def test_packets_of_who_leaves_are_named_kept_and_not_built_again(own_desk: SmallDesk) -> None:
    home = own_desk.home
    code = own_desk.played[0].removeprefix(f"{WEEK}-")
    next_packet = f"{NEXT_WEEK}-{code}"
    assert here(home, "packets", "build", "--week", NEXT_WEEK).code in (0, 3)
    before = here(home, "packets", "list", "--week", NEXT_WEEK).data["packets"]
    assert next_packet in [packet["packet"] for packet in before]
    told = here(home, "pupils", "leave", code)
    assert (told.code, told.data["packets"]) == (3, [next_packet])
    assert [error["code"] for error in told.body["errors"]] == ["packet_left_over"]
    assert here(home, "packets", "list", "--week", NEXT_WEEK).data["packets"] == before, "nothing is deleted"
    built = here(home, "packets", "build", "--week", NEXT_WEEK)
    assert next_packet not in built.data["packets"]
    assert {"reason": "left_over", "pupils": [code]} in built.data["without"]
    here(home, "pupils", "come-back", code)
    again = here(home, "packets", "build", "--week", NEXT_WEEK)
    assert next_packet in again.data["packets"]


def test_a_change_leaves_earlier_paper_as_it_is_and_the_next_build_uses_it(own_desk: SmallDesk) -> None:
    home = own_desk.home
    code = own_desk.played[0].removeprefix(f"{WEEK}-")
    here(home, "packets", "build", "--week", NEXT_WEEK)
    earlier = here(home, "packets", "layout", "--week", WEEK).data
    told = here(home, "pupils", "change", code, "--print", "large")
    assert told.data["packets"] == [f"{NEXT_WEEK}-{code}"]
    built = here(home, "packets", "build", "--week", NEXT_WEEK).data
    assert (built["rebuilt"], built["built"]) == (1, 0)
    assert here(home, "packets", "layout", "--week", WEEK).data == earlier


# ---- households


def learner(code: str, kato: str = "599830100") -> Learner:
    return Learner(code, 3, "kk", kato, "s1")


def test_brothers_and_sisters_meet_by_parent_or_by_last_name_at_one_address() -> None:
    people = {
        "C": PersonName("C", "Қаламұлы", "Әділ", "Қалам Г.", ""),
        "D": PersonName("D", "Басқа", "Әсел", "ҚАЛАМ Г", ""),
        "E": PersonName("E", "Тетрадкина", "Вера", "", "Абая 5"),
        "F": PersonName("F", "Тетрадкин", "Пётр", "", "абая, 5"),
        "G": PersonName("G", "Тетрадкин", "Иван", "", ""),
        "H": PersonName("H", "Басқа", "Еркін", "Қалам Г.", ""),
    }
    found = households([*(learner(code) for code in "FEDCG"), learner("H", "599830200"), learner("I")], people)
    assert found == {"C": "C", "D": "C", "E": "E", "F": "E", "G": "G", "H": "H", "I": "I"}
    assert siblings(found) == {"C": "C", "D": "C", "E": "E", "F": "E"}


@pytest.mark.parametrize(
    ("hers", "his"), [("Тетрадкина", "Тетрадкин"), ("Қаламова", "Қаламов"), ("Бумажская", "Бумажский"), ("Қаламқызы", "Қаламұлы")]
)
def test_a_sisters_last_name_is_her_brothers(hers: str, his: str) -> None:
    assert family_name(hers) == family_name(his)


PEOPLE = st.lists(
    st.tuples(st.sampled_from("АБВ"), st.sampled_from(["", "Ата", "Ана"]), st.sampled_from(["", "1", "2"]), st.sampled_from(["1", "2"])),
    max_size=8,
)


@given(PEOPLE, st.randoms(use_true_random=False))
def test_households_do_not_depend_on_the_order_of_the_roster_and_never_cross_villages(
    people: list[tuple[str, str, str, str]], order: object
) -> None:
    learners = [learner(f"P{number}", village) for number, (_last, _parent, _address, village) in enumerate(people)]
    names = {
        f"P{number}": PersonName(f"P{number}", last, "", parent, address) for number, (last, parent, address, _village) in enumerate(people)
    }
    found = households(learners, names)
    shuffled = list(learners)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert households(shuffled, names) == found
    village = {each.code: each.kato for each in learners}
    assert all(village[code] == village[household] and household <= code for code, household in found.items())
