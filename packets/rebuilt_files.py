"""Packets that have rows already, with a new file: it takes the place of the standing one only when the rows that name it are kept.

packets/press_room writes such files apart, in a folder of their own, under the packet's code and their digest; packets/bundle puts them into their places.
Whatever ends a build, the rows say which file is right: what is left apart is put into its place or removed by the next build (`finish`), and until then
`pupils forget` finds it by its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy.orm import Session

from packets.archive import Standing, standing_packets
from packets.planning import Job, Scope, changed_meanwhile
from packets.press_room import APART, FOLDER, Pressed, lying_path
from records.errors import PoshtaError
from records.files import explained, remove, require_removable, sweep, sync_folder
from records.home import Home
from records.lifecycle import PacketState
from records.named_files import forgotten_since
from settlements.codes import scope_prefix


def require_places(home: Home, both: Iterable[tuple[Job, Pressed]]) -> None:
    """Raise Busy or NotAllowed where a new file is gone or cannot take its place: before rows are kept, so that the packets stay as they were."""
    for job, made in both:
        if job.before is None:
            continue
        if not (home.path / lying_path(job, made.digest)).is_file():  # another build has tidied up
            raise changed_meanwhile()
        for path in {home.path / made.path, home.path / job.before.pdf}:
            if path.is_file():
                require_removable(path)


def put_in_place(home: Home, both: Sequence[tuple[Job, Pressed]]) -> None:
    """Let the new files take the places of the standing ones, now that their rows are kept; a former village's file goes."""
    anew = [(job, lying_path(job, made.digest), job.before.pdf) for job, made in both if job.before is not None]
    if not anew:
        return
    with home.database.write() as session:  # nobody withdraws, forgets or builds between the look and the act
        standing = standing_packets(session, codes=[job.order.packet for job, _lying, _former in anew])
        gone = forgotten_since(session, [job.order.learner.code for job, _lying, _former in anew if job.order.first_name])
        for job, lying, former in anew:
            _settle(home, home.path / lying, standing.get(job.order.packet), gone, [home.path / former])
    _flush(home.path / made.path for _job, made in both)


def finish(home: Home, week: str, scope: Scope) -> None:
    """Settle what builds of these pupils that ended early have left apart. Raises Busy where a file is open elsewhere."""
    sweep((home.path / FOLDER / week / APART).resolve())
    if not (left := _apart(home, week)):
        return
    with home.database.write() as session:
        standing = standing_packets(session, codes=list({_packet_of(path) for path in left}))
        _settle_all(session, home, [path for path in left if _within(standing.get(_packet_of(path)), scope)], standing)


def give_up(home: Home, week: str, packets: Collection[str]) -> None:
    """Settle what a build that ends early has left apart of these packets; what cannot be settled now is left to the next build."""
    for path in _apart(home, week):
        if _packet_of(path) in packets:
            with suppress(PoshtaError), home.database.write() as session:
                _settle_all(session, home, [path], standing_packets(session, codes=[_packet_of(path)]))


def _settle_all(session: Session, home: Home, left: Sequence[Path], standing: dict[str, Standing]) -> None:
    gone = forgotten_since(session, [each.pupil for each in standing.values()])
    for path in left:
        code = _packet_of(path)
        _settle(home, path, standing.get(code), gone, list(path.parent.parent.glob(f"[0-9]*/{code}.pdf")))
    _flush(home.path / each.pdf for each in standing.values())


def _settle(home: Home, lying: Path, standing: Standing | None, gone: Collection[str], known: Iterable[Path]) -> None:
    """Put a file into its place where it is the one that the packet's row names, else remove it; of `known` files of the packet no other stays."""
    if standing is None or standing.state is PacketState.VOID or standing.pupil in gone or not _is_of(lying, standing):
        for former in known if standing is not None and standing.state is PacketState.VOID else ():
            remove(former)
        remove(lying)
        return
    place = home.path / standing.pdf
    for former in known:
        if former != place:
            remove(former)
    if lying.is_file():  # else another build has done it
        with explained(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            lying.replace(place)


def _flush(files: Iterable[Path]) -> None:
    for folder in {file.parent for file in files}:
        if folder.is_dir():
            sync_folder(folder)


def files_of(home: Home, week: str, packet: str) -> list[str]:
    """Every file of a packet's own pages that lies there, relative to the home: builds that ended early may have left it in a former village's folder, or apart."""
    folder = home.path / FOLDER / week
    return sorted(home.relative(path) for pattern in (f"[0-9]*/{packet}.pdf", f"{APART}/{packet}+*.pdf") for path in folder.glob(pattern))


def _apart(home: Home, week: str) -> list[Path]:
    return sorted((home.path / FOLDER / week / APART).glob("*+*.pdf"))


def _packet_of(path: Path) -> str:
    return path.name.partition("+")[0]


def _is_of(path: Path, standing: Standing) -> bool:
    return path.stem.partition("+")[2] == standing.pdf_digest


def _within(standing: Standing | None, scope: Scope) -> bool:
    """Whether it belongs to the pupils of a build: another's, who builds another district at this moment, stays."""
    if standing is None:
        return True
    places = [place for place in (scope.district, scope.village) if place]
    return scope.pupil in ("", standing.pupil) and all(standing.kato.startswith(scope_prefix(place)) for place in places)
