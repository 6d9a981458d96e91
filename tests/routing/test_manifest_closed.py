"""A manifest that was handed over never changes; a packet stands on one open manifest; what comes later is a supplement."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.home import open_home
from records.keys import make_key
from records.schema import Manifest, ManifestPacket, Office, Packet, Page, Settlement, Vehicle
from tests.conftest import Poshta
from tests.routing.desks import MORNING, copied, made_desk
from tests.routing.test_commands import change
from tests.routing.weeks import add_packet, fill_desk

WEEK = ("--week", "2026-W41")
ROUTE = "26W41A-150400-1-MON"
FILE = f"routes/2026-W41/manifest-{ROUTE}.pdf"
VILLAGE = "593631100"


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the route leaves."""
    monkeypatch.setenv("POSHTA_TODAY", MORNING)


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose one route is handed over: look, do not touch."""
    return made_desk(tmp_path_factory.mktemp("closed"), "plan", "manifest", "handover")


@pytest.fixture
def given(handed_over: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    return copied(handed_over, tmp_path)


def pages(desk: Path, void: bool = False) -> list[tuple[str, int]]:
    """The manifests' sheets as they are kept."""
    home = open_home(desk)
    with home.database.read() as session:
        found = session.execute(
            select(Page.id, Page.number).where(Page.kind == "manifest", Page.void.is_(void)).order_by(Page.pdf, Page.number)
        )
        told = [(page, number) for page, number in found]
    home.close()
    return told


def words(desk: Path, code: str) -> str:
    """What a manifest says."""
    document = pypdfium2.PdfDocument(desk / f"routes/2026-W41/manifest-{code}.pdf")
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def late(desk: Path, kato: str = VILLAGE, code: str = "P999", grams: int = 150) -> str:
    """A packet that is built after the hand-over."""
    change(desk, lambda session: add_packet(session, kato, code, grams=grams))
    return f"K-{kato}-{code}"


def test_a_closed_manifest_is_printed_again_byte_for_byte(given: Path, poshta: Poshta) -> None:
    """After villages were renamed, offices imported, the key changed and the file was lost."""
    before, sheets = (given / FILE).read_bytes(), pages(given)
    change(given, lambda session: session.execute(update(Settlement).values(name_kk="Басқа", name_ru="Другое")))
    change(given, lambda session: session.add(Office(index="150499", name="Жаңа", kato=VILLAGE)))
    home = open_home(given)
    make_key(home.keys_folder, home.keys()[0].made_at.replace(year=2027))
    home.close()
    assert poshta("routes", "manifest", *WEEK).data["manifests"][0]["closed"] is True
    assert (given / FILE).read_bytes() == before
    (given / FILE).unlink()
    assert poshta("routes", "manifest", *WEEK).code == 0
    assert (given / FILE).read_bytes() == before
    assert pages(given) == sheets


def test_an_open_manifest_follows_what_is_known(desk: Path, poshta: Poshta) -> None:
    """A place of handing over becomes known: new sheets, the old ones void; printed once more, nothing changes."""
    change(desk, fill_desk)
    poshta("routes", "plan", *WEEK)
    poshta("routes", "manifest", *WEEK)
    first = pages(desk)
    change(desk, lambda session: session.add(Office(index="150499", name="Жаңа", kato=VILLAGE)))
    poshta("routes", "manifest", *WEEK)
    second = pages(desk)
    assert pages(desk, void=True) == first
    assert {page for page, _number in first}.isdisjoint(page for page, _number in second)
    assert "150499 Жаңа" in words(desk, ROUTE)
    poshta("routes", "manifest", *WEEK)
    assert pages(desk) == second


def test_a_closed_manifest_that_would_be_drawn_otherwise_is_refused(given: Path, poshta: Poshta) -> None:
    """A newer program may draw another sheet: no second paper under the same code."""
    change(given, lambda session: session.execute(update(Manifest).values(pdf_digest="0" * 64)))
    before = (given / FILE).read_bytes()
    said = poshta("routes", "manifest", *WEEK)
    assert (said.code, said.body["errors"][0]["code"]) == (10, "integrity")
    assert (given / FILE).read_bytes() == before


def test_the_hand_over_prints_what_was_not_printed(desk: Path, poshta: Poshta) -> None:
    """No bag leaves without its paper."""
    change(desk, fill_desk)
    poshta("routes", "plan", *WEEK)
    assert poshta("routes", "handover", *WEEK).data["files"] == [FILE]
    assert (desk / FILE).exists()
    assert len(pages(desk)) == 2


def test_packets_that_are_no_longer_those_of_the_plan_stop_the_printing(desk: Path, poshta: Poshta) -> None:
    """A manifest that could not be handed over is not printed."""
    change(desk, fill_desk)
    poshta("routes", "plan", *WEEK)
    late(desk)
    assert poshta("routes", "manifest", *WEEK).code == 7
    assert not (desk / FILE).exists()


def test_what_is_built_later_goes_along_on_a_supplement(given: Path, poshta: Poshta) -> None:
    """Its own sheet and number, which refers to the first; the first stays as it was; the packet is not planned again."""
    before, code = (given / FILE).read_bytes(), late(given)
    said = poshta("routes", "supplement", *WEEK, "--route", ROUTE)
    assert (said.code, said.data["route"], said.data["packets"], said.data["supplement_to"]) == (0, f"{ROUTE}-S1", [code], ROUTE)
    printed = words(given, f"{ROUTE}-S1")
    assert f"Дополнение к маршрутному листу: {ROUTE}" in printed
    assert VILLAGE in printed
    assert "593631101" not in printed
    assert poshta("routes", "supplement", *WEEK, "--route", ROUTE).data == said.data
    assert poshta("routes", "plan", *WEEK).data["changed"] is False
    assert poshta("routes", "handover", *WEEK, "--route", f"{ROUTE}-S1").data["routes"] == [{"route": f"{ROUTE}-S1", "packets": 1}]
    assert poshta("packets", "list", *WEEK).data["packets"][5]["state"] == "handed_over"
    assert poshta("routes", "plan", *WEEK).data["changed"] is False
    assert (given / FILE).read_bytes() == before


def test_a_second_supplement_has_its_own_number_and_items(given: Path, poshta: Poshta) -> None:
    """What the reader finds on it does not get mixed up with the first."""
    for number in (1, 2):
        late(given, code=f"P90{number}")
        assert poshta("routes", "supplement", *WEEK, "--route", ROUTE).data["route"] == f"{ROUTE}-S{number}"
        poshta("routes", "handover", *WEEK, "--route", f"{ROUTE}-S{number}")
    items = {box["item"] for page in poshta("packets", "layout", *WEEK).data["pages"] for box in page["boxes"]}
    order = next(stop["order"] for stop in poshta("routes", "export", *WEEK).data["routes"][0]["stops"] if stop["kato"] == VILLAGE)
    assert {f"x1.s{order}.outcome", f"x2.s{order}.outcome", f"s{order}.outcome", f"s{order}.back"} <= items
    files = poshta("routes", "manifest", *WEEK).data["files"]
    assert [file.rsplit("MON", 1)[-1] for file in files[:-1]] == [".pdf", "-S1.pdf", "-S2.pdf"]
    assert len(pypdfium2.PdfDocument(given / files[-1])) == 4


def test_an_open_supplement_takes_what_comes_next(given: Path, poshta: Poshta) -> None:
    """As long as it is not handed over, it is one sheet that grows."""
    first, second = late(given, code="P901"), late(given, kato="593631101", code="P902")
    poshta("routes", "supplement", *WEEK, "--route", ROUTE, "--packet", first)
    said = poshta("routes", "supplement", *WEEK, "--route", ROUTE, "--packet", second).data
    assert (said["route"], sorted(said["packets"])) == (f"{ROUTE}-S1", sorted([first, second]))


@pytest.mark.parametrize(
    ("kato", "packet", "said"),
    [("593631999", "K-593631999-P999", "does not stop"), (VILLAGE, f"K-{VILLAGE}-P00000", "at the office"), (VILLAGE, "K-1", "no packet")],
)
def test_a_packet_that_cannot_go_along_is_told_why(given: Path, poshta: Poshta, kato: str, packet: str, said: str) -> None:
    """Another village, one that has left, one that does not exist."""
    late(given, kato)
    told = poshta("routes", "supplement", *WEEK, "--route", ROUTE, "--packet", packet)
    assert told.code == 7
    assert said in told.body["errors"][0]["text"]


def test_a_supplement_needs_a_closed_manifest_a_packet_and_a_van_that_waits(
    given: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each refusal says what to do instead."""
    supplement = ("routes", "supplement", *WEEK, "--route", ROUTE)
    assert "waits for the villages" in poshta(*supplement).body["errors"][0]["text"]
    late(given, grams=399_000)
    assert "would carry" in poshta(*supplement).body["errors"][0]["text"]
    change(given, lambda session: session.get_one(Vehicle, ("150400", "УАЗ 1")).__setattr__("payload_kg", 900))
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-29")
    assert "left on 2026-09-28" in poshta(*supplement).body["errors"][0]["text"]
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    assert poshta(*supplement).code == 0
    assert "supplement itself" in poshta("routes", "supplement", *WEEK, "--route", f"{ROUTE}-S1").body["errors"][0]["text"]
    poshta("undo")
    assert "not handed over yet" in poshta(*supplement).body["errors"][0]["text"]


def test_a_packet_withdrawn_after_the_supplement_was_printed_stops_its_hand_over(given: Path, poshta: Poshta) -> None:
    """The paper counts one more than the bag holds: print again; nothing half done."""
    late(given, code="P901")
    code = late(given, code="P902")
    poshta("routes", "supplement", *WEEK, "--route", ROUTE)
    change(given, lambda session: session.get_one(Packet, code).__setattr__("state", "void"))
    assert poshta("routes", "handover", *WEEK, "--route", f"{ROUTE}-S1").code == 7
    assert poshta("packets", "show", f"K-{VILLAGE}-P901").data["state"] == "built"
    assert len(poshta("routes", "supplement", *WEEK, "--route", ROUTE).data["packets"]) == 1
    assert poshta("routes", "handover", *WEEK, "--route", f"{ROUTE}-S1").code == 0


def test_a_hand_over_of_a_supplement_is_undone(given: Path, poshta: Poshta) -> None:
    """Its packets stand at the office again, those of the route stay with the driver; then the route's own, and the supplement is gone.

    Printed once more, it is the same sheet, and valid again.
    """
    code = late(given)
    poshta("routes", "supplement", *WEEK, "--route", ROUTE)
    poshta("routes", "handover", *WEEK, "--route", f"{ROUTE}-S1")
    assert poshta("undo").data["subject"] == f"{ROUTE}-S1"
    assert poshta("packets", "show", code).data["state"] == "built"
    assert poshta("packets", "show", f"K-{VILLAGE}-P00000").data["state"] == "handed_over"
    sheets = pages(given)
    assert poshta("undo").data["subject"] == ROUTE
    assert len(pages(given)) == 2
    assert len(pages(given, void=True)) == 1
    change(given, lambda session: session.get_one(Packet, code).__setattr__("state", "void"))
    poshta("routes", "handover", *WEEK)
    change(given, lambda session: session.get_one(Packet, code).__setattr__("state", "built"))
    assert poshta("routes", "supplement", *WEEK, "--route", ROUTE).code == 0
    assert pages(given) == sheets


def test_a_packet_stands_on_one_open_manifest(given: Path) -> None:
    """The database holds that too, whatever a command may do."""

    def twice(session: Session) -> None:
        session.add(Manifest(code="X", route=ROUTE, week="2026-W41", supplement=9, definition={}, issue=1, pdf="", pdf_digest=""))
        session.flush()
        session.add(ManifestPacket(manifest="X", packet=f"K-{VILLAGE}-P00000", stop=1, released=False))

    with pytest.raises(IntegrityError):
        change(given, twice)


def test_a_packet_on_another_open_manifest_is_refused_by_name(given: Path, poshta: Poshta) -> None:
    """Two routes are under way to one village; the packet waits on the supplement of one."""
    code = late(given)
    poshta("routes", "supplement", *WEEK, "--route", ROUTE)

    def move(session: Session) -> None:
        session.get_one(Manifest, f"{ROUTE}-S1").supplement = 7
        session.execute(update(ManifestPacket).where(ManifestPacket.packet == code).values(manifest=ROUTE))

    change(given, move)
    change(given, lambda session: session.get_one(Manifest, ROUTE).__setattr__("closed_at", None))
    said = poshta("routes", "supplement", *WEEK, "--route", ROUTE, "--packet", code)
    assert (said.code, ROUTE in said.body["errors"][0]["text"]) == (7, True)


def test_a_packet_that_came_back_undelivered_travels_by_the_next_manifest(given: Path, poshta: Poshta) -> None:
    """Nobody was there: it stands at the office again, is planned anew, and the first manifest lets go of it."""
    change(given, lambda session: session.execute(update(Packet).where(Packet.kato == VILLAGE).values(state="built")))
    assert poshta("routes", "plan", *WEEK).data["changed"] is True
    assert poshta("routes", "manifest", *WEEK).code == 0
    assert poshta("routes", "handover", *WEEK).data["packets"] == 5


def test_a_supplement_that_went_along_without_a_hand_over_is_closed_by_what_is_said_of_it(given: Path, poshta: Poshta) -> None:
    """Nobody was there: the packet is at the office again, is planned anew, and the supplement does not hold it."""
    code = late(given)
    poshta("routes", "supplement", *WEEK, "--route", ROUTE)
    order = next(stop["order"] for stop in poshta("routes", "export", *WEEK).data["routes"][0]["stops"] if stop["kato"] == VILLAGE)
    assert poshta("routes", "note", f"{ROUTE}-S1", str(order), "nobody").code in {0, 3}
    assert poshta("packets", "show", code).data["state"] == "built"
    assert poshta("routes", "handover", *WEEK).data["packets"] == 0
    assert poshta("routes", "plan", *WEEK).data["changed"] is True
    assert poshta("routes", "handover", *WEEK).data["packets"] == 1
    assert poshta("packets", "show", code).data["state"] == "handed_over"


def test_a_route_that_an_older_program_handed_over_is_printed_as_closed(given: Path, poshta: Poshta) -> None:
    """It kept no manifests: the first printing closes what it finds under way."""
    change(given, lambda session: session.execute(delete(ManifestPacket)))
    change(given, lambda session: session.execute(delete(Manifest)))
    change(given, lambda session: session.execute(update(Page).where(Page.kind == "manifest").values(void=True)))
    assert poshta("routes", "manifest", *WEEK).code == 0
    before = (given / FILE).read_bytes()
    change(given, lambda session: session.add(Office(index="150499", name="Жаңа", kato=VILLAGE)))
    (told,) = poshta("routes", "manifest", *WEEK).data["manifests"]
    assert told["closed"] is True
    assert (given / FILE).read_bytes() == before
