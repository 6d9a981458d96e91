"""What is to be said where the packets of a week that somebody asked for are none: not built, withdrawn, or of a place that nobody knows or where no pupil lives.

`packets print` and `packets labels` raise it. Reads the tables; writes nothing.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from packets.archive import Standing, standing_packets
from records.errors import NotAllowed, NotFound, PoshtaError
from records.language import _
from settlements.roster import learners
from settlements.scope import unknown_places


def nothing_there(session: Session, week: str, place: str = "", pupil: str = "") -> PoshtaError:
    """The refusal, to be raised: NotFound for a place or a pupil without any, NotAllowed where they can be built. `place` is any KATO code."""
    withdrawn = [each for each in standing_packets(session, week, place).values() if pupil in ("", each.pupil)]
    if withdrawn:
        again = _("`poshta packets build --week {week} --pupil {pupil}` prints a new one.")  # a place renews none
        one = withdrawn[0].pupil if len(withdrawn) == 1 else "CODE"
        return NotAllowed(_withdrawn(withdrawn, week, place, pupil), again.format(week=week, pupil=one))
    if pupil:
        return NotFound(
            _("There is no packet of the pupil {pupil} in the study week {week}.").format(pupil=pupil, week=week),
            _("`poshta packets list --week W` shows the codes."),
        )
    for unknown in unknown_places(session, place):  # first: a code that was mistyped is not to be built
        return NotFound(unknown.text, unknown.hint)
    if place and not learners(session, place):
        return NotFound(_("There are no pupils there."), _("`poshta pupils list` shows who is known, and in which village."))
    if not place or not standing_packets(session, week):
        return NotAllowed(
            _("There are no packets of the study week {week}.").format(week=week), _("Build them first: `poshta packets build --week W`.")
        )
    return NotAllowed(
        _("No packets of {span} were built there.").format(span=week),
        _("`poshta packets build --week {week}{narrowed}` builds them, or says who gets none, and why.").format(
            week=week, narrowed=f" --district {place}"
        ),
    )


def _withdrawn(packets: list[Standing], week: str, place: str, pupil: str) -> str:
    if pupil:
        return _("The packet {code} was withdrawn.").format(code=packets[0].code)
    if place:
        return _("All packets of {week} there were withdrawn.").format(week=week)
    return _("All packets of the study week {week} were withdrawn.").format(week=week)
