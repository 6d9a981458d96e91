"""Variants at a desk: neighbours get different sheets, and whoever has one keeps it, whoever comes, leaves or is printed alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cli import invoke
from packets.assignment import Assignment, ChoiceQuestion
from packets.layout import Layout
from packets.preview import preview_pdf
from packets.shelf import Kept, compare, keep
from packets.worksheet import draw_assignment
from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST, WEEK, assignment, texts

CODE = "math-kk-W41"
ROUND = replace(assignment(CODE), variants=3)


@pytest.fixture
def varied(home: Home) -> Home:
    """The small week with an assignment of three variants, and four more neighbours in its first village."""
    with home.database.write() as session:
        keep(session, ROUND)
        for code in ("P7", "P8", "P9"):
            add_pupil(session, code)
    return home


def add_pupil(session: Session, code: str) -> None:
    row = schema.Pupil(code=code, grade=5, language="kk", kato=FIRST, school="S1", print="normal", channels="post")
    session.add(row)


def dealt(home: Home) -> dict[str, int]:
    with home.database.read() as session:
        return {row.pupil: row.variant for row in session.scalars(select(schema.DealtVariant))}


def printed_orders(home: Home, question: str = "1") -> dict[str, str]:
    """By pupil, the author's letters in the order of print."""
    found = {}
    with home.database.read() as session:
        pages = session.scalars(select(schema.Page).where(schema.Page.assignment == CODE, schema.Page.void.is_(False)))
        for page in pages:
            layout = Layout.from_json(session.get_one(schema.Layout, page.layout).geometry)
            boxes = layout.boxes_of(question)
            if boxes:
                assert [box.label for box in boxes] == list("ABCDEFGH"[: len(boxes)])
                found[str(page.pupil)] = "".join(box.value for box in boxes)
    return found


def test_neighbours_get_different_sheets_and_the_same_ones_for_good(varied: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    first = dealt(varied)
    assert sorted(first) == ["P1", "P3", "P7", "P8", "P9"]
    neighbours = [first[code] for code in ("P1", "P7", "P8", "P9")]
    assert sorted(set(neighbours)) == [1, 2, 3]
    orders = printed_orders(varied)
    by_variant = {variant: ROUND.in_variant(variant).order(ROUND.questions[0]) for variant in (1, 2, 3)}  # type: ignore[arg-type]
    assert orders == {pupil: by_variant[variant] for pupil, variant in first.items()}
    with varied.database.write() as session:
        add_pupil(session, "P0")  # stands before everybody in the order of codes
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["built"], said.data["rebuilt"], said.data["unchanged"]) == (1, 0, 6)
    assert dealt(varied) == first | {"P0": dealt(varied)["P0"]}


def test_the_lists_tell_how_many_variants_there_are_and_which_one_a_packet_holds(varied: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    counts = {each["assignment"]: each["variants"] for each in poshta("assignments", "list").data["assignments"]}
    assert counts.pop(CODE) == 3
    assert set(counts.values()) == {1}
    for pupil, variant in dealt(varied).items():
        told = poshta("packets", "show", f"{WEEK}-{pupil}").data["pages"]
        assert {(page["kind"], page["variant"]) for page in told} == {("cover", None), ("worksheet", variant)}
    poshta("packets", "void", f"{WEEK}-P1")
    assert {page["variant"] for page in poshta("packets", "show", f"{WEEK}-P1").data["pages"]} == {None, dealt(varied)["P1"]}
    assert {page["variant"] for page in poshta("packets", "show", f"{WEEK}-P2").data["pages"]} == {None}


@pytest.mark.parametrize(
    ("language", "variant", "variants"), [("en", "Variant", "Variants"), ("kk", "Нұсқа", "Нұсқалар"), ("ru", "Вариант", "Варианты")]
)
def test_the_screen_has_a_column_for_variants_where_there_are_any(
    varied: Home, poshta: Poshta, language: str, variant: str, variants: str
) -> None:
    poshta("packets", "build", "--week", WEEK)

    def headings(*words: str) -> set[str]:
        answer = invoke(("--home", str(varied.path), "--lang", language, "--quiet", *words))
        assert answer is not None
        return {heading for sheet in answer.sheets for heading in sheet.headings}

    assert variants in headings("assignments", "list")
    assert variant in headings("packets", "show", f"{WEEK}-P1")
    assert variant not in headings("packets", "show", f"{WEEK}-P2")
    assert variants not in headings("assignments", "list", "--week", "2026-W50")


def test_whoever_is_built_alone_gets_what_the_whole_village_would_have_given(varied: Home, poshta: Poshta, tmp_path: Path) -> None:
    poshta("packets", "build", "--week", WEEK, "--pupil", "P8")
    alone = dealt(varied)
    poshta("packets", "build", "--week", WEEK)
    assert dealt(varied)["P8"] == alone["P8"]
    assert sorted(set(dealt(varied).values())) == [1, 2, 3]


def test_a_lost_file_is_drawn_again_in_the_same_variant_byte_for_byte(varied: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    files = [varied.path / f"packets/{WEEK}/{FIRST}/{WEEK}-{pupil}.pdf" for pupil in ("P1", "P7", "P8")]
    before = [file.read_bytes() for file in files]
    with varied.database.write() as session:
        session.execute(update(schema.Packet).values(state="handed_over"))
    for file in files:
        file.unlink()
    assert poshta("packets", "build", "--week", WEEK).data["redrawn"] == 3
    assert [file.read_bytes() for file in files] == before


def test_the_sheet_says_which_variant_it_is_in_its_language(varied: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    variant = dealt(varied)["P1"]
    assert f"{variant}-нұсқа" in texts(varied, f"packets/{WEEK}/{FIRST}/{WEEK}-P1.pdf")[1]
    assert "вариант" not in texts(varied, f"packets/{WEEK}/{FIRST}/{WEEK}-P2.pdf")[1]


def test_another_number_of_variants_is_another_print_and_a_key_is_not(varied: Home) -> None:
    more = replace(ROUND, variants=4)
    assert compare(ROUND, more, printed=True) is Kept.ALREADY_PRINTED
    assert compare(ROUND, replace(ROUND, variants=1), printed=True) is Kept.ALREADY_PRINTED
    one, *rest = ROUND.parts[1:]
    assert isinstance(one, ChoiceQuestion)
    corrected = replace(ROUND, parts=(ROUND.parts[0], replace(one, answer=("B",)), *rest))
    assert compare(ROUND, corrected, printed=True) is Kept.KEY_CHANGED


def test_variants_print_all_words_of_each_question_and_never_the_same_letter_for_the_same_choice() -> None:
    places = []
    for shown in ROUND.in_all_variants:
        layouts = draw_assignment(shown).layouts
        places.append({(box.item, box.value): box.label for layout in layouts for box in layout.boxes if box.kind == "choice"})
    assert places[0].keys() == places[1].keys() == places[2].keys()
    assert all(len({place[key] for place in places}) == 3 for key in places[0])


def test_a_preview_shows_every_variant_with_its_own_key(tmp_path: Path) -> None:
    drawn = preview_pdf(ROUND, key=True)
    own = preview_pdf(replace(ROUND, variants=1), key=True)
    assert drawn.pages == 3 * own.pages
    (tmp_path / "p.pdf").write_bytes(drawn.pdf)
    with pikepdf.open(tmp_path / "p.pdf") as pdf:
        assert len(pdf.pages) == 3 * (own.pages + 1)
    from pypdfium2 import PdfDocument

    document = PdfDocument(drawn.pdf)
    words = [page.get_textpage().get_text_range() for page in document]
    document.close()
    keys = [text for text in words if text.startswith("Key of variant")]
    letters = []
    for text, shown in zip(keys, ROUND.in_all_variants, strict=True):
        printed = "ABCD"[shown.order(ROUND.questions[0]).index("A")]  # type: ignore[arg-type]
        assert f"{printed} 3/4" in text
        letters.append(printed)
    assert len(set(letters)) == 3


def test_an_assignment_of_variants_comes_back_from_the_shelf_as_it_was() -> None:
    assert Assignment.from_json(ROUND.as_json()) == ROUND
    assert ROUND.as_json()["variants"] == 3
    assert "variants" not in replace(ROUND, variants=1).as_json()
