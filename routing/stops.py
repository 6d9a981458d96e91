"""The week's calls: how many packets and grams go to each village, counted from built packets; void ones do not travel.

routing/draft asks for them. A village without coordinates is a call all the same: roads may know it from the user's matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from records.errors import NotAllowed
from records.language import _
from records.lifecycle import PacketState
from records.schema import Manifest, ManifestPacket, Packet
from routing.waiting import waited, worth
from settlements.register import WORKING_DAYS, Village, villages


@dataclass(frozen=True, slots=True)
class Call:
    """What one village gets and gives back on one visit. `days` are the weekdays on which its post may come."""

    kato: str
    name_kk: str
    name_ru: str
    lat: float | None
    lon: float | None
    office: str
    days: tuple[str, ...]
    packets_out: int
    packets_back: int
    grams_out: int
    grams_back: int
    visit: int = 1
    visits: int = 1
    worth: int | None = (
        None  # metres that routes may be longer for it, where its packets may wait (routing/waiting); else it must be served
    )


def week_calls(
    session: Session, week: str, return_share: float, under_way: Mapping[str, tuple[int, int]] | None = None, optional_metres: int = 0
) -> list[Call]:
    """One call for each village with packets in `week`, by KATO; raises NotAllowed where no packet is built.

    `return_share`: expected grams back for each gram out. `under_way`: packets and grams that left on routes, by KATO; they count as those
    routes say, whatever became of them since, and of such a village's other packets those that still stand at the office. Packets that waited
    last week travel with this week's, and their village waits no longer.
    """
    gone = under_way or {}
    loads = dict(gone)
    travels = (Packet.week == week, Packet.state != PacketState.VOID.value, Packet.code.not_in(added_packets()))
    wanted = select(Packet.kato, Packet.state, Packet.grams).where(*travels)
    for kato, state, grams in session.execute(wanted):
        if kato not in gone or state == PacketState.BUILT.value:
            packets, load = loads.get(kato, (0, 0))
            loads[kato] = packets + 1, load + grams
    if not loads:
        raise nothing_built(week)
    late = waited(session, week)
    for kato, packets_late in late.items():
        packets, load = loads.get(kato, (0, 0))
        loads[kato] = packets + len(packets_late), load + sum(grams for _code, grams in packets_late)
    known = {village.kato: village for village in villages(session)}
    calls = [_call(kato, known.get(kato), *loads[kato], return_share) for kato in sorted(loads)]
    waiting = {kato: worth(village.priority, optional_metres) for kato, village in known.items() if kato not in {*late, *gone}}
    return [replace(call, visits=1, worth=waiting[call.kato]) if waiting.get(call.kato) is not None else call for call in calls]


def added_packets() -> Select[str]:
    """The packets that wait on a supplement for their van: they need no call of their own."""
    return select(ManifestPacket.packet).join(Manifest).where(Manifest.supplement > 0, Manifest.closed_at.is_(None))


def nothing_built(week: str) -> NotAllowed:
    """The refusal to plan, or to show plans, where no packet is built."""
    return NotAllowed(
        _("No packet is built for the week {week}.").format(week=week),
        _("Run `poshta packets build --week {week}` first.").format(week=week),
    )


def deal_visits(call: Call, days: tuple[str, ...]) -> list[Call]:
    """The call's visits with the `days` dealt among them in order: packets go out with the first and come back with the last.

    Each weekday belongs to one visit only, so that two visits never fall on one day. Visits beyond the number of days are not made.
    """
    visits = min(call.visits, len(days))
    bounds = [len(days) * place // visits for place in range(visits + 1)]
    dealt = []
    for number in range(1, visits + 1):
        visit = replace(call, visit=number, days=days[bounds[number - 1] : bounds[number]])
        if number > 1:
            visit = replace(visit, packets_out=0, grams_out=0)
        if number < visits:
            visit = replace(visit, packets_back=0, grams_back=0)
        dealt.append(visit)
    return dealt


def _call(kato: str, village: Village | None, packets: int, out: int, return_share: float) -> Call:
    back = round(out * return_share)
    packets_back = packets if return_share > 0 else 0
    if village is None:
        return Call(kato, "", "", None, None, "", WORKING_DAYS, packets, packets_back, out, back)
    return Call(
        kato=kato,
        name_kk=village.name_kk,
        name_ru=village.name_ru,
        lat=village.lat,
        lon=village.lon,
        office=village.office,
        days=village.mail_days,
        packets_out=packets,
        packets_back=packets_back,
        grams_out=out,
        grams_back=back,
        visits=max(1, village.visits),
    )
