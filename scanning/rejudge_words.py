"""What `poshta scan rejudge` tells a person: sums, sentences and tables. Nothing is judged or written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from records.errors import Complaint
from records.grades import DOUBT, READ, Decision
from records.language import N_, _, ngettext
from records.terminal import Sheet
from scanning.words import ANSWER_WORDS, reason_words

if TYPE_CHECKING:
    from scanning.rejudge import Change, PageOutcome
    from scanning.rejudge_points import Moved, Pair, Sibling
    from scanning.rules import Difference

MOST_ROWS = 200  # on a screen; --json tells all
LEFT = {
    "measurements_lost": N_("Nothing that was measured on this page is left: scan the sheet again to have it judged by these thresholds."),
    "measurements_older": N_(
        "An older program measured this page and did not take all the numbers that are judged today: scan the sheet again."
    ),
    "measurements_damaged": N_("What was measured on this page does not fit its layout: restore the last backup, or scan the sheet again."),
    "layout_gone": N_("The layout of this page is gone from the desk: restore the last backup."),
    "question_gone": N_("The assignment of this page has lost a question that was printed: restore the last backup."),
    "answers_gone": N_("The answers that were once read on this page are gone from the desk: restore the last backup."),
    "withdrawn": N_("The page was withdrawn; its answers stay as they are."),
}


@dataclass(slots=True)
class Sums:
    """What all pages together come to."""

    pages: int = 0
    items: int = 0
    by_hand: Counter[str] = field(default_factory=Counter)
    touched: list[PageOutcome] = field(default_factory=list)
    left: list[PageOutcome] = field(default_factory=list)

    def add(self, outcome: PageOutcome) -> None:
        """Take in one page."""
        if outcome.left:
            self.left.append(outcome)
            return
        self.pages += 1
        self.items += outcome.items
        self.by_hand.update(outcome.by_hand)
        if not outcome.same:
            self.touched.append(outcome)

    @property
    def changes(self) -> list[Change]:
        """Every answer that changes."""
        return [change for outcome in self.touched for change in outcome.changes]


def complaints(left: Iterable[PageOutcome]) -> list[Complaint]:
    """The pages that were not judged, each with the reason and what to do."""
    return [Complaint(each.left, f"{each.short_code}: {_(LEFT[each.left])}", file=each.original, value=each.page) for each in left]


def lines(sums: Sums, applied: bool, trial: bool, again: str) -> list[str]:
    """What a person reads below the tables."""
    if not sums.pages and not sums.left:
        return [_("No page was read yet that could be judged again.")]
    pages = ngettext("{count} page was judged again.", "{count} pages were judged again.", sums.pages).format(count=sums.pages)
    hands = sum(sums.by_hand.values())
    told = [pages]
    if hands:
        kept = ngettext(
            "{count} answer that a person or a teacher decided stays.", "{count} answers that persons or teachers decided stay.", hands
        )
        told.append(kept.format(count=hands))
    changes = sums.changes
    if not changes:
        states = [
            ngettext(
                "{count} page has another reason for its state.", "{count} pages have other reasons for their states.", len(sums.touched)
            )
        ]
        told += [_("No answer changes."), *(each.format(count=len(sums.touched)) for each in states if sums.touched)]
        return [*told, *(_what_next(applied, trial, again) if sums.touched else ())]
    silent = sum(change.after.state != DOUBT and DOUBT not in (change.before.state, change.after.state) for change in changes)
    if applied:
        told.append(ngettext("{count} answer was changed.", "{count} answers were changed.", len(changes)).format(count=len(changes)))
    else:
        told.append(ngettext("{count} answer would change.", "{count} answers would change.", len(changes)).format(count=len(changes)))
    if silent:
        said = ngettext(
            "{count} of them goes from one answer to another without a doubt between: look at its page.",
            "{count} of them go from one answer to another without a doubt between: look at their pages.",
            silent,
        )
        told.append(said.format(count=silent))
    if len(changes) > MOST_ROWS:
        told.append(_("The table shows the first {count}; --json tells all of them.").format(count=MOST_ROWS))
    return [*told, *_what_next(applied, trial, again)]


def _what_next(applied: bool, trial: bool, again: str) -> list[str]:
    if applied:
        return [_("`poshta undo` takes all of it back, as long as nothing else was done since.")]
    if trial:
        return [
            _("Nothing was written. To keep these thresholds, write them below [scan.thresholds] in poshta.toml; then `{command}`.").format(
                command=again
            )
        ]
    return [_("Nothing was written. `{command}` writes it.").format(command=again)]


def sheets(sums: Sums, moved: Moved, differ: Sequence[Difference], applied: bool) -> list[Sheet]:
    """The tables: thresholds, answers, kinds of change, points, of single rows too where others of their grid move them."""
    found = []
    if differ:
        rows = [(each.name, each.shown, each.usual) for each in differ]
        found.append(Sheet(_("Other thresholds"), (_("Threshold"), _("Here"), _("Program")), rows))
    changes = [(outcome, change) for outcome in sums.touched for change in outcome.changes]
    if changes:
        headings = (_("Packet"), _("Page"), _("Question"), _("Before"), _("After"), _("Points"))
        title = _("Answers that were changed") if applied else _("Answers that would change")
        found.append(Sheet(title, headings, [_row(outcome, change, moved.earned) for outcome, change in changes[:MOST_ROWS]]))
        counts = Counter((_kind_words(change.before), _kind_words(change.after)) for _outcome, change in changes)
        kinds = [(before, after, count) for (before, after), count in counts.most_common()]
        found.append(Sheet(_("Changes by kind"), (_("Before"), _("After"), _("Count")), kinds))
    if moved.siblings:
        found.append(_beside(moved.siblings))
    if moved.sums:
        earned = [
            (pupil, assignment, _plain(before), _plain(after), _plain(of))
            for (pupil, _packet, assignment), (before, after, of) in moved.sums.items()
        ]
        columns = (_("Pupil"), _("Assignment"), _("Before"), _("After"), _("Of"))
        found.append(Sheet(_("Points that change"), columns, earned[:MOST_ROWS]))
    return found


def _beside(siblings: Sequence[Sibling]) -> Sheet:
    """Rows of grids that stay as they were and earn otherwise."""
    headings = (_("Packet"), _("Page"), _("Question"), _("Answer"), _("Because of"), _("Points"))
    rows = [
        (each.held.packet, each.short_code, each.held.item, _words(each.held), ", ".join(each.because), _pair((each.before, each.after)))
        for each in siblings[:MOST_ROWS]
    ]
    return Sheet(_("Rows whose points change with others of their grid"), headings, rows)


def _pair(points: Pair) -> str:
    before, after = points
    return "" if before == after else f"{_plain(before)} → {_plain(after)}"


def _row(outcome: PageOutcome, change: Change, earned: Mapping[tuple[str, str], Pair]) -> tuple[object, ...]:
    """An answer that changes, with what it earns beside the others of its page."""
    points = _pair(earned.get((outcome.page, change.before.item), (None, None)))
    return (outcome.packet, outcome.short_code, change.before.item, _words(change.before), _words(change.after), points)


def _words(said: Decision) -> str:
    """An answer in a few words: its values, or why it is in doubt and what it may be."""
    if said.state == READ:
        return ", ".join(said.reading)
    if said.state == DOUBT:
        return f"{_(ANSWER_WORDS[DOUBT])}: {reason_words(said.reason)}" + (f" ({' / '.join(said.candidates)})" if said.candidates else "")
    return _(ANSWER_WORDS[said.state])


def _kind_words(said: Decision) -> str:
    return f"{_(ANSWER_WORDS[DOUBT])}: {reason_words(said.reason)}" if said.state == DOUBT else _(ANSWER_WORDS[said.state])


def _plain(points: Decimal | None) -> str:
    return "–" if points is None else f"{number(points):g}"


def number(value: Decimal) -> int | float:
    """An exact decimal as a number of JSON."""
    return int(value) if value == int(value) else float(value)
