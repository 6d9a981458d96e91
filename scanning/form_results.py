"""What was read on the sheets of a form, as rows and as tables: readings, points by the form's key, who it was, what a person has to decide. Pure.

scanning/form_batch writes `answers_of` into the records, scanning/form_commands tells and exports. Points are never stored: they follow the key that the form's
file has today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from records.exchange import Table
from records.grades import BLANK, DOUBT, READ, WAITING
from records.language import _
from scanning.form import Form, FormPage
from scanning.score import HUNDREDTH
from scanning.verdict import Blank, Chosen, Doubt, ItemVerdict, PageState
from scanning.words import PAGE_WORDS, reason_words

NOT_FILLED = "not_filled"  # the identity field is empty
UNKNOWN_DIGIT = "?"
READ_STATES = (PageState.READ, PageState.DOUBTFUL)
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FormRow:
    """What became of one picture. `answers`: as `answers_of` made them, the identity among them; `text`: a refusal's sentence; `sheet`: where it is kept."""

    file: str
    frame: int
    state: PageState
    reason: str = ""
    sheet: str = ""
    form: str = ""
    form_page: int = 0
    answers: tuple[Answer, ...] = ()
    ms: int = 0
    text: str = ""

    def as_json(self, forms: Mapping[str, Form]) -> dict[str, object]:
        """The row of `scan`, with the form, its answers and points."""
        form = forms.get(self.form)
        own = [each for each in self.answers if form is None or each["item"] != form.identity]
        told = [{**each, **points_json(form, each)} for each in own]
        earned = [each["points"] for each in told if each["points"] is not None]
        return {
            "file": self.file,
            "frame": self.frame,
            "part": 1,
            "state": self.state.value,
            "reason": self.reason,
            "late": False,
            "page": None,
            "packet": None,
            "doubts": [{"item": each["item"], "reason": each["reason"]} for each in self.answers if each["state"] == DOUBT],
            "ms": self.ms,
            "sheet": self.sheet or None,
            "form": self.form or None,
            "form_page": self.form_page or None,
            "identity": next((_identity_json(each) for each in self.answers if form is not None and each["item"] == form.identity), None),
            "answers": told,
            "points": _plain(sum(map(Decimal, map(str, earned)), Decimal(0))) if earned else None,
        }

    @property
    def doubts(self) -> tuple[tuple[str, str], ...]:
        """Items that a person has to decide, with their reasons."""
        return tuple((each["item"], each["reason"]) for each in self.answers if each["state"] == DOUBT)


def answers_of(form: Form, page: FormPage, items: Sequence[ItemVerdict]) -> list[Answer]:
    """The readings of a page, in its order, the identity first: plain JSON values."""
    said = {each.item: each.judgement for each in items}
    columns = form.identity_columns(page)
    found = [_identity_of(form.identity, [said[column] for column in columns])] if columns else []
    return found + [_answer(item.item, item.rule, said[item.item]) for item in form.items_of(page)]


def standing_of(state: PageState, reason: str, answers: Sequence[Answer]) -> tuple[PageState, str]:
    """The state and reason of a sheet whose boxes gave `state` for `reason`: an identity field that is not whole is a doubt too."""
    doubts = [each["reason"] for each in answers if each["state"] == DOUBT]
    return (PageState.DOUBTFUL, reason or doubts[0]) if doubts else (state, reason)


def points_of(form: Form, answer: Answer) -> Decimal | None:
    """What an answer earns by the form's key; None without a key, and while a person has to decide. Several: all or nothing."""
    item, state = answer["item"], answer["state"]
    if form.rules.get(item) == "score":
        return Decimal(answer["reading"][0]) if state == READ else None
    if item not in form.key or state not in (READ, BLANK):
        return None
    return form.points[item] if tuple(answer["reading"]) == form.key[item] else Decimal(0)


def result_tables(forms: Sequence[Form], rows: Sequence[FormRow]) -> list[Table]:
    """A table of sheets for every form, a column for each question, and one of what waits for a person. A doubt is told as ? and what it may be."""
    tables = [_sheets(form, [row for row in rows if row.form == form.code]) for form in forms]
    headings = (_("File"), _("Picture"), _("Form"), _("Question"), _("State"), _("Why"), _("May be"))
    waiting = [line for row in rows for line in _waiting(row)]
    return [*tables, Table(_("For a person"), headings, waiting)]


def _sheets(form: Form, rows: Sequence[FormRow]) -> Table:
    items = list(form.rules)
    head = [_("File"), _("Picture"), _("Page of the form"), *([_("Code")] if form.identity else []), _("State"), _("Doubts")]
    scored = bool(form.key) or "score" in form.rules.values()
    lines: list[list[Any]] = []
    for row in rows:
        said = {each["item"]: each for each in row.answers}
        who = [_shown(said.get(form.identity))] if form.identity else []
        earned = [points for each in row.answers if (points := points_of(form, each)) is not None] if scored else []
        total = [_plain(sum(earned, Decimal(0))) if earned else None, _plain(_most(form, said))] if scored else []
        state = _(PAGE_WORDS[row.state])
        lines.append(
            [row.file, row.frame, row.form_page or None, *who, state, len(row.doubts), *total, *(_shown(said.get(item)) for item in items)]
        )
    return Table(form.code, [*head, *([_("Points"), _("Out of")] if scored else []), *items], lines)


def _most(form: Form, said: Mapping[str, Answer]) -> Decimal:
    """What the questions of a sheet that have a key can earn at most."""
    return sum((form.points[item] for item in said if item in form.key or form.rules.get(item) == "score"), Decimal(0))


def _waiting(row: FormRow) -> Iterator[list[Any]]:
    state = _(PAGE_WORDS[row.state])
    if row.state not in READ_STATES and not row.answers and row.state is not PageState.EMPTY:
        yield [row.file, row.frame, row.form, "", state, row.text or reason_words(row.reason), ""]
    for each in row.answers:
        if each["state"] == DOUBT:
            yield [row.file, row.frame, row.form, each["item"], state, reason_words(each["reason"]), " / ".join(each["candidates"])]


def _shown(answer: Answer | None) -> str | None:
    """A cell: what was read, nothing where it is blank, ? and the candidates of a doubt."""
    if answer is None:
        return None
    if answer["state"] == DOUBT:
        return f"{UNKNOWN_DIGIT} {'/'.join(answer['candidates'])}".strip()
    return ",".join(answer["reading"]) or None


def _answer(item: str, rule: str, said: Chosen | Blank | Doubt) -> Answer:
    match said:
        case Chosen(values):
            return _told(item, READ, reading=values)
        case Doubt(reason, candidates):
            return _told(item, DOUBT, reason.value, candidates)
        case Blank():
            return _told(item, WAITING if rule == "score" else BLANK)


def _identity_of(item: str, columns: Sequence[Chosen | Blank | Doubt]) -> Answer:
    """The digits of the identity field: all of them, or a doubt that tells those that are known."""
    digits = [said.values[0] if isinstance(said, Chosen) else UNKNOWN_DIGIT for said in columns]
    known = "".join(digits)
    if UNKNOWN_DIGIT not in digits:
        return _told(item, READ, reading=(known,))
    if all(isinstance(said, Blank) for said in columns):
        return _told(item, DOUBT, NOT_FILLED)
    reason = next((said.reason.value for said in columns if isinstance(said, Doubt)), "gap")
    return _told(item, DOUBT, reason, (known,))


def _told(item: str, state: str, reason: str = "", candidates: Sequence[str] = (), reading: Sequence[str] = ()) -> Answer:
    return {"item": item, "reading": list(reading), "candidates": list(candidates), "state": state, "reason": reason}


def _identity_json(answer: Answer) -> dict[str, object]:
    return {
        "digits": answer["reading"][0] if answer["reading"] else None,
        **{name: answer[name] for name in ("candidates", "state", "reason")},
    }


def points_json(form: Form | None, answer: Answer) -> dict[str, object]:
    """`points` and `max_points` of an answer by the form's key, as the contract tells them."""
    if form is None or (answer["item"] not in form.key and form.rules.get(answer["item"]) != "score"):
        return {"points": None, "max_points": None}
    points = points_of(form, answer)
    return {"points": None if points is None else _plain(points), "max_points": _plain(form.points[answer["item"]])}


def _plain(amount: Decimal) -> int | float:
    whole = amount.quantize(HUNDREDTH, ROUND_HALF_UP)
    return int(whole) if whole == whole.to_integral_value() else float(whole)
