"""The words in which a person is told what became of a page or an answer; programs get the short English ones.

scanning/commands and scanning/annotate call this. A reason without a sentence here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from records.grades import BLANK, DOUBT, READ, WAITING
from records.language import N_, _, ngettext
from records.road_checks import CHECK_WORDS
from records.road_words import field_words
from scanning.copies import DISAGREEMENT
from scanning.verdict import FAULT, DoubtReason, PageState

PAGE_WORDS = {
    PageState.READ: N_("read"),
    PageState.DOUBTFUL: N_("doubtful"),
    PageState.DUPLICATE: N_("duplicate"),
    PageState.FOREIGN: N_("foreign"),
    PageState.UNSIGNED: N_("unsigned"),
    PageState.VOID: N_("withdrawn"),
    PageState.EMPTY: N_("blank paper"),
    PageState.UNREADABLE: N_("unreadable"),
    PageState.REFUSED: N_("refused"),
}

NOT_LEGIBLE = "not_legible"  # the reason of a doubt that a person has looked at in vain

ANSWER_WORDS = {
    READ: N_("answered"),
    BLANK: N_("not answered"),
    DOUBT: N_("in doubt"),
    WAITING: N_("waits for points"),
}

REASONS: dict[str, str] = {
    DoubtReason.TWO_MARKS: N_("more than one mark"),
    DoubtReason.FAINT: N_("a faint mark"),
    DoubtReason.ERASED: N_("rubbed out"),
    DoubtReason.CROSSED_OUT: N_("crossed out"),
    DoubtReason.TORN: N_("the paper is torn there"),
    DoubtReason.STAINED: N_("a stain"),
    DoubtReason.OUT_OF_PLACE: N_("the print does not lie where it should"),
    DoubtReason.GAP: N_("an empty column within the number"),
    DoubtReason.OTHER_PEN: N_("a red or green mark on a page of other marks: perhaps a teacher's"),
    NOT_LEGIBLE: N_("a person could not read it either"),
    DISAGREEMENT: N_("two copies of the page disagree"),
    "same_file": N_("this file has been filed before"),
    "same_page": N_("a second copy of the page"),
    "unknown_page": N_("this desk never printed it"),
    "void_packet": N_("its packet was withdrawn"),
    "withdrawn": N_("the page was withdrawn"),
    "no_code": N_("no code of ours on it"),
    "code_lost": N_("our sheet, but its codes cannot be read: `poshta scan FILE --page CODE` with its short code"),
    "newer_format": N_("printed by a newer program: update this one"),
    "another_page": N_("its codes name another page"),
    "several_sheets": N_("it shows several sheets without a name"),
    "codes_disagree": N_("its two codes name different pages"),
    "seal_broken": N_("the seal in its code is not ours"),
    "key_missing": N_("the key that sealed it is not on this desk"),
    "mirrored": N_("the picture is mirrored"),
    "does_not_fit": N_("the print cannot be found where it should be"),
    "too_small": N_("the picture is too small"),
    "nothing_found": N_("nothing was recognised"),
    "our_page": N_("one of our own pages: scan it without --form"),
    "other_form": N_("none of the forms that were named"),
    "forms_alike": N_("it fits two forms equally well"),
    "not_filled": N_("nothing is filled in"),
    "decided_meanwhile": N_("somebody has decided otherwise since; that stays"),
    "answer_gone": N_("the answer is no more"),
    "took_too_long": N_("it took too long to read"),
}


def reason_words(reason: str) -> str:
    """The reason in the language of the desk."""
    if reason.startswith(FAULT):
        return _("a fault of the program ({kind}): please report it").format(kind=reason.removeprefix(FAULT))
    words = REASONS.get(reason) or CHECK_WORDS.get(reason)
    return _(words) if words else reason


def doubt_words(item: str, reason: str) -> str:
    """What is in doubt, and why: a question of a pupil's sheet, a field of a driver's (s3.back), or the sheet as a whole."""
    words = reason_words(reason)
    if item[:1].isdigit():
        return _("question {item}: {reason}").format(item=item, reason=words)
    return f"{field_words(item)}: {words}" if "." in item else words


def seen_lines(states: Sequence[PageState], waiting: Sequence[PageState]) -> list[str]:
    """How many sheets of a batch were seen, how many of those wait for a person, and how many files or pictures were refused: those are no sheets."""
    refused = sum(state is PageState.REFUSED for state in states)
    sheets, left = len(states) - refused, sum(state is not PageState.REFUSED for state in waiting)
    lines = [ngettext("{count} sheet was seen.", "{count} sheets were seen.", sheets).format(count=sheets)]
    if left:
        lines.append(ngettext("{count} sheet waits for a person.", "{count} sheets wait for a person.", left).format(count=left))
    if refused:
        lines.append(
            ngettext("{count} file or picture was refused.", "{count} files or pictures were refused.", refused).format(count=refused)
        )
    return lines
