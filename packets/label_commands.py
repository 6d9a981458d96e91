"""`poshta packets labels`: address labels and return labels for the packets of a week."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from packets.archive import Standing, standing_packets
from packets.labels import AT_POST_OFFICE, FROM, PACKET, PUPIL_CODE, Label, draw_labels
from packets.nothing_there import nothing_there
from packets.press_room import FOLDER
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import Complaint
from records.files import write_bytes
from records.home import Home
from records.language import _, in_both, ngettext
from records.lifecycle import PacketState
from records.named_files import Written, naming
from records.terminal import Answer
from settlements.register import HubSchool, PostOffice, Village, office_of, offices, schools, villages
from settlements.roster import PersonName, names
from settlements.scope import narrowest

INDEX = re.compile(r"\b(?:[0-9]{6}|[A-ZА-Я][0-9]{2}[A-ZА-Я][0-9][A-ZА-Я][0-9])\b")  # the postal index, old or new
ADDRESSES, RETURNS = "labels-address.pdf", "labels-return.pdf"


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels that were written: how many, their files relative to home, what was wrong; `homeless`: whether some bear no address."""

    count: int
    files: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    homeless: bool


def labels(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="The study week, as 2026-W41.")],
    district: Annotated[str, typer.Option("--district", help="Only below this KATO code.")] = "",
    village: Annotated[str, typer.Option("--village", help="Only this village's KATO code.")] = "",
) -> Answer:
    """Address labels and return labels for the packets of a study week, by village."""
    study_week = str(StudyWeek.parse(week))
    place = narrowest(district, village)
    with desk_of(context).opened() as home:
        packets = _packets(home, study_week, place)
        folder = f"{FOLDER}/{study_week}" + (f"/{place}" if place else "")
        narrowed = f" --village {village}" if village else f" --district {district}" if district else ""
        made = write_labels(home, packets, folder, f"packets labels --week {study_week}{narrowed}")
    count = ngettext("Labels for {count} packet.", "Labels for {count} packets.", made.count).format(count=made.count)
    data = {"week": study_week, "labels": made.count, "files": list(made.files)}
    return Answer(data, [count, *made.files], complaints=made.complaints, waiting=made.homeless)


def write_labels(home: Home, packets: Sequence[Standing], folder: str, again: str) -> Labels:
    """Write the labels of these packets, in their order, below `folder` of the home; `again` is the command that writes them anew."""
    addresses, returns, named = _gather(home, packets)
    files = (f"{folder}/{ADDRESSES}", f"{folder}/{RETURNS}")
    with naming(home, {Written(files[0], again): named}):
        for file, each in zip(files, (addresses, returns), strict=True):
            write_bytes(home.path / file, draw_labels(each))
    homeless = [each for each in returns if not each.to]
    complaints = [_no_return_address(len(homeless))] if homeless else []
    unindexed = [each for each in returns if each.to and not INDEX.search(" ".join(each.to))]
    complaints += [_no_index(len(unindexed))] if unindexed else []
    return Labels(len(addresses), files, tuple(complaints), bool(homeless))


def _no_return_address(count: int) -> Complaint:
    sentence = ngettext("{count} return label has no address.", "{count} return labels have no address.", count).format(count=count)
    hint = _("Import the pupils' schools, or set packets.sender in poshta.toml to the desk's own address.")
    return Complaint("no_return_address", sentence, hint, refused=False)


def _no_index(count: int) -> Complaint:
    sentence = ngettext("{count} return label has no postal index.", "{count} return labels have no postal index.", count).format(
        count=count
    )
    hint = _("Import the post offices with their KATO codes, or write the index into packets.sender in poshta.toml.")
    return Complaint("no_postal_index", sentence, hint, refused=False)


def _packets(home: Home, week: str, scope: str) -> list[Standing]:
    with home.database.read() as session:
        packets = [each for each in standing_packets(session, week, scope).values() if each.state is not PacketState.VOID]
        if not packets:
            raise nothing_there(session, week, scope)
    return packets


def _gather(home: Home, packets: Sequence[Standing]) -> tuple[list[Label], list[Label], list[str]]:
    """The address labels, the return labels, and the pupils whose parents' names and addresses stand on the former."""
    with home.database.read() as session:
        people = names(session, codes=[packet.pupil for packet in packets])
        places = _Places(session)
    sender = home.settings.packets.sender
    addresses = [_address(packet, people.get(packet.pupil), places) for packet in packets]
    named = [code for code, person in people.items() if person.address]
    return addresses, [_return(packet, places, sender) for packet in packets], named


class _Places:
    """Villages, post offices and schools by code."""

    def __init__(self, session: Session) -> None:
        self.villages: Mapping[str, Village] = {village.kato: village for village in villages(session)}
        self.schools: Mapping[str, HubSchool] = schools(session)
        self._offices: Mapping[str, PostOffice] = {office.index: office for office in offices(session)}

    def village_line(self, kato: str) -> str:
        """The village's names in both languages."""
        village = self.villages.get(kato)
        return "" if village is None else " / ".join(dict.fromkeys(name for name in (village.name_kk, village.name_ru) if name))

    def office_line(self, kato: str) -> str:
        """The index and name of the post office that serves the village; empty where none is known."""
        village = self.villages.get(kato)
        return self._line(office_of(village, self._offices.values())) if village else ""

    def school_office_line(self, school: HubSchool) -> str:
        """The index and name of the school's post office: the one in its own place, which need not be on the list of villages, or the nearest."""
        here = [office for office in self._offices.values() if school.kato and office.kato == school.kato]
        place = Village(school.kato, school.name_kk, school.name_ru, school.lat, school.lon, None, "", (), 1)
        return self._line(office_of(place, here)) or self.office_line(school.kato) or self._line(office_of(place, self._offices.values()))

    def _line(self, index: str) -> str:
        office = self._offices.get(index)
        return f"{index} {office.name if office else ''}".strip()


def _address(packet: Standing, person: PersonName | None, places: _Places) -> Label:
    office, village = places.office_line(packet.kato), places.village_line(packet.kato)
    beneath = f"{in_both(PACKET)}: {packet.code}"
    if person is not None and person.address:
        return Label((person.parent, person.address, village, office), beneath)
    return Label((in_both(AT_POST_OFFICE), f"{in_both(PUPIL_CODE)}: {packet.pupil}", village, office), beneath)


def _return(packet: Standing, places: _Places, sender: str) -> Label:
    """To the desk's own address where the settings give one, line by line, else to the pupil's school; from a code, not from a child."""
    school = places.schools.get(packet.school)
    to = [line.strip() for line in sender.splitlines() if line.strip()]
    if school is not None:
        to += list(dict.fromkeys((school.name_kk, school.name_ru)))
        to += [line for line in (places.village_line(school.kato), places.school_office_line(school)) if line] if not sender else []
    return Label(tuple(to), f"{in_both(FROM)}: {in_both(PUPIL_CODE)} {packet.pupil} · {packet.code}")
