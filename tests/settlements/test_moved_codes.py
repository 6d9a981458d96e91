"""Lists with codes of before a reform, and rows without a code whose village is known by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Poshta
from tests.small_desk import Told

HEADING = "kato,kato_version,level,type_code,name_ru,name_kk"
EDITION = (
    "620000000,NK RK 11-2025,oblast,0,область Ұлытау,Ұлытау облысы",
    "623600000,NK RK 11-2025,district,2,Жанааркинский район,Жаңаарқа ауданы",
    "623635000,NK RK 11-2025,sub_district,2,Актауский с.о.,Ақтау а.о.",
    "623635100,NK RK 11-2025,settlement,2,с.Актау,Ақтау а.",
    "623635300,NK RK 11-2025,settlement,2,с.Сары,Сары а.",
)
PUPILS = "code,last_name,first_name,grade,language,kato"


@pytest.fixture
def classified(desk: Path, poshta: Poshta, tmp_path: Path) -> Path:
    """A desk with a small edition of the classifier."""
    path = tmp_path / "kato.csv"
    path.write_text("\n".join([HEADING, *EDITION]) + "\n", encoding="utf-8")
    assert poshta("settlements", "load-kato", str(path)).code == 0
    return desk


def take(poshta: Poshta, folder: Path, kind: str, *lines: str, lang: str = "en") -> Told:
    path = folder / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return poshta(kind, "import", str(path), lang=lang)


def katos(poshta: Poshta) -> list[str]:
    return [village["kato"] for village in poshta("settlements", "list").data["settlements"]]


def test_an_old_code_becomes_the_one_of_today_where_the_names_agree(classified: Path, poshta: Poshta, tmp_path: Path) -> None:
    lines = ("kato,name_ru", "354435100,село Актау", "354435300,Другое", "354435900,Нигде")
    told = take(poshta, tmp_path, "settlements", *lines)
    assert (told.code, told.data["added"]) == (0, 3)
    (error,) = told.body["errors"]
    assert (error["code"], error["row"], error["column"], error["value"]) == ("mended", 2, "kato", "354435100")
    assert error["text"] == "354435100 is 623635100 (Ақтау а.) since 2022-06-08."
    assert katos(poshta) == ["354435300", "354435900", "623635100"], "another name, and a code without an heir, stay"
    assert take(poshta, tmp_path, "settlements", *lines).data["unchanged"] == 3
    codes = {error["code"] for error in poshta("settlements", "check").body["errors"]}
    assert "code_moved" in codes


def test_a_pupils_old_village_becomes_the_one_of_today_unless_the_desk_holds_the_old_one(
    classified: Path, poshta: Poshta, tmp_path: Path
) -> None:
    told = take(poshta, tmp_path, "pupils", PUPILS, "A1,Қаламов,Әділ,3,kk,354435100")
    assert [error["code"] for error in told.body["errors"]] == ["mended"]
    assert poshta("pupils", "list").data["pupils"][0]["kato"] == "623635100"
    take(poshta, tmp_path, "settlements", "kato,name_ru", "354435300,Другое")
    told = take(poshta, tmp_path, "pupils", PUPILS, "A2,Тетрадкина,Вера,5,ru,354435300")
    assert (told.code, told.body["errors"]) == (0, []), "the register knows this village by its old code"


def test_without_a_classifier_an_old_code_stays(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    told = take(poshta, tmp_path, "settlements", "kato,name_ru", "354435100,село Актау")
    assert (told.code, told.body["errors"], katos(poshta)) == (0, [], ["354435100"])


def test_an_older_edition_that_calls_the_place_otherwise_leaves_a_pupils_code(classified: Path, poshta: Poshta, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text(f"{HEADING}\n354435100,NK RK 11-2020,settlement,2,с.Иное,Өзге а.\n", encoding="utf-8")
    assert poshta("settlements", "load-kato", str(path)).code == 3, "its region is missing"
    told = take(poshta, tmp_path, "pupils", PUPILS, "A1,Қаламов,Әділ,3,kk,354435100")
    assert told.body["errors"] == []


def test_a_row_without_a_code_is_asked_whether_it_meant_the_place_of_that_name(classified: Path, poshta: Poshta, tmp_path: Path) -> None:
    told = take(poshta, tmp_path, "settlements", "kato,name_kk", "623635300,Сары", ",Актау", "62363,Жоқ жер")
    assert [(error["row"], error["hint"]) for error in told.body["errors"]] == [
        (3, "Did you mean 623635100 (Ақтау а., Жаңаарқа ауданы)?"),
        (4, "A KATO code has nine digits and begins with 1 to 7."),
    ]
