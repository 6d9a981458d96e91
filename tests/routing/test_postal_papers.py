"""Labels of bags and lists of items: every bag and packet once, codes that are read back, no names of people, numbers never made up."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from packets.paper import missing_letters
from records.schema import Person
from routing.form103 import Item, ItemList, draw_form103
from tests.conftest import Poshta
from tests.routing.desks import MORNING, copied, made_desk
from tests.routing.test_commands import change
from tests.routing.weeks import add_packet

WEEK = ("--week", "2026-W41")
ROUTE = "26W41A-150400-1-MON"


@pytest.fixture(scope="module")
def with_a_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a plan: look, do not touch."""
    return made_desk(tmp_path_factory.mktemp("papers"), "plan")


@pytest.fixture
def planned(with_a_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same for one test, on the morning of the route."""
    monkeypatch.setenv("POSHTA_TODAY", MORNING)
    return copied(with_a_plan, tmp_path)


def text(pdf: Path | bytes) -> list[str]:
    """The words of each sheet."""
    document = pypdfium2.PdfDocument(pdf if isinstance(pdf, Path) else io.BytesIO(pdf))
    return [page.get_textpage().get_text_range() for page in document]


def test_every_bag_has_one_label_in_the_order_of_loading(planned: Path, poshta: Poshta) -> None:
    """The last stop first; its code is read back at 150 dpi and says the same as the words."""
    said = poshta("routes", "labels", *WEEK)
    assert [bag["stop"] for bag in said.data["bags"]] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert sum(bag["packets"] for bag in said.data["bags"]) == 40
    page = pypdfium2.PdfDocument(planned / said.data["files"][0])[0]
    codes = {code.text for code in zxingcpp.read_barcodes(np.asarray(page.render(scale=150 / 72, grayscale=True).to_numpy()))}
    assert codes == {f"{ROUTE}-B{stop}" for stop in range(1, 9)} == {bag["bag"] for bag in said.data["bags"]}
    words = " ".join(text(planned / said.data["files"][0]))
    assert all(code in words for code in codes)


def test_labels_and_lists_are_the_same_bytes_again(planned: Path, poshta: Poshta) -> None:
    """Printed twice, before and after the hand-over."""
    files = poshta("routes", "labels", *WEEK).data["files"] + poshta("routes", "form103", *WEEK).data["files"]
    before = [(planned / file).read_bytes() for file in files]
    poshta("routes", "handover", *WEEK)
    assert poshta("routes", "labels", *WEEK).data["files"] + poshta("routes", "form103", *WEEK).data["files"] == files
    assert [(planned / file).read_bytes() for file in files] == before


def test_a_list_holds_every_packet_of_a_route_once(planned: Path, poshta: Poshta) -> None:
    """In the order of the stops, with its mass; the sum in words; marked as unverified on each sheet."""
    (told,) = poshta("routes", "form103", *WEEK).data["lists"]
    assert (told["items"], told["grams"], told["numbered"]) == (40, 6000, 0)
    sheets = text(planned / told["pdf"])
    assert all("не сверено с собственной формой Казпочты" in sheet and "тексерілмеген" in sheet for sheet in sheets)
    listed = re.findall(r"K-593631\d{3}-P\d{5}", " ".join(sheets))
    assert (len(listed), len(set(listed))) == (40, 40)
    assert "40 (сорок), масса 6000 г (шесть тысяч)" in sheets[-1]
    assert "40 (қырық), салмағы 6000 г (алты мың)" in sheets[-1]
    assert missing_letters(" ".join(sheets).replace("\r\n", " ")) == ""


def test_no_person_stands_on_labels_and_lists(planned: Path, poshta: Poshta) -> None:
    """Neither pupils nor parents, nor their address; the packet's code stands for them."""

    def named(session: Session) -> None:
        session.add(Person(code="P00000", role="pupil", last_name="Сыздықова", first_name="Айгерім", parent="Болат", address="Абай 1"))

    change(planned, named)
    files = poshta("routes", "labels", *WEEK).data["files"] + poshta("routes", "form103", *WEEK).data["files"]
    words = " ".join(sheet for file in files for sheet in text(planned / file))
    assert not any(secret in words for secret in ("Сыздықова", "Айгерім", "Болат", "Абай 1"))


def test_a_supplement_has_bags_and_a_list_of_its_own(planned: Path, poshta: Poshta) -> None:
    """What was added, under its own code."""
    poshta("routes", "handover", *WEEK)
    change(planned, lambda session: add_packet(session, "593631100", "P901"))
    code = poshta("routes", "supplement", *WEEK, "--route", ROUTE).data["route"]
    (bag,) = poshta("routes", "labels", *WEEK, "--route", code).data["bags"]
    assert (bag["bag"].startswith(f"{ROUTE}-S1-B"), bag["packets"]) == (True, 1)
    assert [each["items"] for each in poshta("routes", "form103", *WEEK).data["lists"]] == [40, 1]
    assert poshta("routes", "labels", *WEEK, "--route", "X").code == 6


def test_a_number_is_noted_once_its_check_digit_is_right(planned: Path, poshta: Poshta) -> None:
    """Typed as people type it; it stands on the list from then on; twice changes nothing; undone, it is gone."""
    packet = "K-593631100-P00000"
    said = poshta("packets", "s10", packet, "rа 47312482 9 kz")
    assert (said.code, said.data) == (0, {"packet": packet, "number": "RA473124829KZ", "changed": True, "before": []})
    assert poshta("packets", "s10", packet, "RA473124829KZ").data["changed"] is False
    (told,) = poshta("routes", "form103", *WEEK).data["lists"]
    assert told["numbered"] == 1
    assert "RA473124829KZ" in " ".join(text(planned / told["pdf"]))
    assert poshta("undo").data["action"] == "packets.s10"
    assert poshta("routes", "form103", *WEEK).data["lists"][0]["numbered"] == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("RA473124828KZ", "check digit"),
        ("RA473124829GB", "another country"),
        ("473124829", "no number"),
        ("", "no number"),
        ("RA4731248299KZ", "no number"),
    ],
)
def test_a_wrong_number_is_refused_with_its_fault(planned: Path, poshta: Poshta, number: str, said: str) -> None:
    """Exit 4; nothing is noted, and the right digit is not told: the sticker knows it."""
    told = poshta("packets", "s10", "K-593631100-P00000", number)
    assert (told.code, said in told.body["errors"][0]["text"]) == (4, True)
    assert "829" not in told.body["errors"][0]["hint"]
    assert poshta("routes", "form103", *WEEK).data["lists"][0]["numbered"] == 0


def test_one_number_is_on_one_packet_and_one_packet_under_one_number(planned: Path, poshta: Poshta) -> None:
    """A second is refused by name, and takes the place of the first only where a person says so."""
    first, second = "K-593631100-P00000", "K-593631100-P00001"
    poshta("packets", "s10", first, "RA473124829KZ")
    told = poshta("packets", "s10", second, "RA473124829KZ")
    assert (told.code, first in told.body["errors"][0]["text"]) == (7, True)
    told = poshta("packets", "s10", first, "CP123456785KZ")
    assert (told.code, "RA473124829KZ" in told.body["errors"][0]["text"]) == (7, True)
    assert poshta("packets", "s10", first, "CP123456785KZ", "--instead").data["before"] == ["RA473124829KZ"]
    assert poshta("packets", "s10", second, "RA473124829KZ").code == 0
    assert poshta("packets", "s10", "K-1", "RA473124829KZ").code == 6


@given(st.integers(0, 60))
def test_a_list_of_any_length_counts_every_item_and_never_ends_with_a_bare_foot(count: int) -> None:
    """Each number from 1 once; the last sheet holds an item unless there is none."""
    items = tuple(Item(f"K-{place:03d}", "150400", "а.", 100) for place in range(count))
    sheets = text(draw_form103(ItemList("R", "2026-W41", "2026-09-28", "150400", "", items)))
    assert sum(sheet.count("K-") for sheet in sheets) == count
    assert count == 0 or "K-" in sheets[-1]
