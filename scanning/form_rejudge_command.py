"""`poshta forms rejudge`: what other thresholds would make of the sheets of forms that were read, and with --apply, making it so. Results are returned, not printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from records.desk import desk_of
from records.errors import Complaint
from records.grades import DOUBT, READ
from records.language import N_, _, ngettext
from records.terminal import Answer, Sheet, progress
from scanning.rejudge_command import refuse_senseless
from scanning.rejudge_words import LEFT, MOST_ROWS
from scanning.words import ANSWER_WORDS, reason_words

if TYPE_CHECKING:
    from scanning.form import Form
    from scanning.form_rejudge import AnswerChange, SheetOutcome

FORM_LEFT = LEFT | {"boxes_changed": N_("The sheet was read by other boxes than the form's file has today: scan it again with --form.")}


def rejudge(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FORM...", help="A form's JSON or YAML file; docs/forms.md shows one.")],
    apply: Annotated[bool, typer.Option("--apply", help="Write it. Without this, only say what would change.")] = False,
    trial: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A threshold for a trial; may be repeated.")
    ] = None,
) -> Answer:
    """Judge the sheets of these forms again by the thresholds of poshta.toml, from what was measured on them: what would change, without the paper."""
    from scanning.form_file import read_forms
    from scanning.form_rejudge import apply as write
    from scanning.form_rejudge import arises, survey
    from scanning.rules import desk_thresholds, differences, digest_of, on_trial

    refuse_senseless(apply, trial or [])
    desk = desk_of(context)
    with desk.opened() as home:
        thresholds = on_trial(desk_thresholds(home.loaded), trial or [])
        forms = read_forms(files)
        with progress(_("Judging again"), None, desk.quiet or desk.as_json) as tick:
            found = list(survey(home.database, forms, thresholds, tick))
        if apply:
            written = {each.id: each for each in write(home.database, found, forms, thresholds)}
            found = [written.get(each.id, each) for each in found]
    left = [each for each in found if each.left]
    changes = [(each, change) for each in found for change in each.changes]
    data: dict[str, object] = {"forms": [form.code for form in forms], "applied": apply, "rules": digest_of(thresholds)}
    data |= {"thresholds": [each.as_json() for each in differences(thresholds)], **_told(found, {form.code: form for form in forms})}
    again = " ".join(["poshta forms rejudge", *map(str, files), "--apply"])
    waiting = bool(left) or any(arises(change) for _outcome, change in changes)
    complaints = [Complaint(each.left, f"{each.sheet}: {_(FORM_LEFT[each.left])}", file=each.original, value=each.sheet) for each in left]
    return Answer(data, _lines(found, changes, apply, bool(trial), again), _sheets(changes, apply), complaints, waiting)


def _told(found: Sequence[SheetOutcome], forms: Mapping[str, Form]) -> dict[str, object]:
    """What became of the sheets, as the contract has it."""
    from scanning.rejudge import KINDS

    judged = [each for each in found if not each.left]
    counts = Counter(change.kind for each in judged for change in each.changes)
    return {
        "sheets": len(judged),
        "answers": sum(each.items for each in judged),
        "changes": [_change_json(each, change, forms[each.form]) for each in judged for change in each.changes],
        "counts": {kind: counts[kind] for kind in (*KINDS, *sorted(set(counts) - set(KINDS)))},
        "sheet_states": [
            {"sheet": each.sheet, "form": each.form, "before": each.before[0], "after": each.stands[0]}
            for each in judged
            if each.before[0] != each.stands[0]
        ],
        "left": [
            {"sheet": each.sheet, "form": each.form, "file": each.original, "frame": each.frame, "reason": each.left}
            for each in found
            if each.left
        ],
    }


def _change_json(outcome: SheetOutcome, change: AnswerChange, form: Form) -> dict[str, object]:
    from scanning.form_results import points_json

    before, after = points_json(form, change.before), points_json(form, change.after)
    return {
        "sheet": outcome.sheet,
        "file": outcome.original,
        "frame": outcome.frame,
        "form": outcome.form,
        "form_page": outcome.form_page,
        "item": change.before["item"],
        "change": change.kind,
        "before": _side(change.before, before["points"]),
        "after": _side(change.after, after["points"]),
        "max_points": after["max_points"],
    }


def _side(answer: Mapping[str, Any], points: object) -> dict[str, object]:
    return {name: answer[name] for name in ("state", "reason", "reading", "candidates")} | {"points": points}


def _lines(
    found: Sequence[SheetOutcome], changes: Sequence[tuple[SheetOutcome, AnswerChange]], applied: bool, trial: bool, again: str
) -> list[str]:
    """What a person reads below the tables."""
    judged = sum(not each.left for each in found)
    if not found:
        return [_("No sheet of these forms was read yet.")]
    told = [ngettext("{count} sheet was judged again.", "{count} sheets were judged again.", judged).format(count=judged)]
    if not changes:
        return [*told, _("No answer changes.")]
    if applied:
        told.append(ngettext("{count} answer was changed.", "{count} answers were changed.", len(changes)).format(count=len(changes)))
        return [*told, _("What was measured stays: judged by the earlier thresholds again, the answers are the earlier ones.")]
    told.append(ngettext("{count} answer would change.", "{count} answers would change.", len(changes)).format(count=len(changes)))
    if trial:
        text = _("Nothing was written. To keep these thresholds, write them below [scan.thresholds] in poshta.toml; then `{command}`.")
        return [*told, text.format(command=again)]
    return [*told, _("Nothing was written. `{command}` writes it.").format(command=again)]


def _sheets(changes: Sequence[tuple[SheetOutcome, AnswerChange]], applied: bool) -> list[Sheet]:
    if not changes:
        return []
    headings = (_("File"), _("Picture"), _("Form"), _("Question"), _("Before"), _("After"))
    rows = [
        (outcome.original, outcome.frame, outcome.form, change.before["item"], _words(change.before), _words(change.after))
        for outcome, change in changes[:MOST_ROWS]
    ]
    return [Sheet(_("Answers that were changed") if applied else _("Answers that would change"), headings, rows)]


def _words(answer: Mapping[str, Any]) -> str:
    """An answer in a few words: its values, or why it is in doubt and what it may be."""
    state = answer["state"]
    if state == READ:
        return ", ".join(answer["reading"])
    may_be = f" ({' / '.join(answer['candidates'])})" if answer["candidates"] else ""
    return _(ANSWER_WORDS[state]) + (f": {reason_words(answer['reason'])}{may_be}" if state == DOUBT else "")
