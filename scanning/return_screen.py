"""A teacher's return as one HTML file that asks nothing of the net: the same content in the same order as the PDF, for a telephone, a screen or a printer.

scanning/return_commands calls `page_of`. No script runs in it; its own policy forbids scripts and everything that is not in the file. Pictures stand inside,
with the verdicts drawn over them. The same records, pictures and day give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from packets.layout import PAGE_MM
from records.language import N_
from scanning.annotate import PIXELS, Outcome, Place, draw_sign, draw_verdicts, outcome_of
from scanning.class_table import LEGEND
from scanning.item_bars import Bar, all_answers, bars, beside, class_said, draw_bar, letters_said, share_said, told_apart, worth_telling
from scanning.return_words import (
    NOT_RETURNED,
    STRUGGLING,
    TO_SCORE,
    TO_TEACH,
    Words,
    asked,
    class_title,
    first_back,
    heading,
    lesson,
    not_returned,
    percent,
    points_text,
    remarks,
    struggling,
    to_score,
    verdicts_on,
    whole_said,
)
from scanning.returns import ClassWork, PupilWork, SheetBack, TeachersReturn
from scanning.svg import Svg

TEMPLATES = Path(__file__).parent / "data"
LONGEST = 200  # letters of a question's text
BAR_MM, BAR_HIGH = 50.0, 4.0
WORDS = {
    "contents": N_("Contents"),
    "tables": N_("Class tables"),
    "questions": N_("Question by question"),
    "pages": N_("Scanned pages"),
    "pupil": N_("Pupil"),
    "points": N_("points"),
    "mark": N_("mark"),
    "share": N_("% of the points"),
    "absent": N_("page not returned"),
    "top": N_("to the top"),
    "gone": N_("The picture of this page is no longer kept."),
    "patterns": N_("Black is right, hatched is wrong, empty is blank, dashed waits. The number behind a bar counts pupils."),
}


def page_of(report: TeachersReturn, pictures: Mapping[int, bytes]) -> bytes:
    """The HTML of one return. `pictures` are the upright sheets by the id of their scan."""
    words = Words(report.language)
    style = (TEMPLATES / "return.css").read_text(encoding="utf-8")
    title, whose, lines = heading(words, report)
    written = (
        _templates()
        .get_template("return.html.jinja")
        .render(
            language=report.language,
            say={name: words.translate(sentence) for name, sentence in WORDS.items()},
            style=Markup(style),  # noqa: S704 - a file of ours
            style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            title=title,
            whose=whose,
            lines=lines,
            foot=f"{report.code} · {report.week}",
            signs=_signs(),
            legend=[(outcome.value, words.translate(sentence)) for outcome, sentence in LEGEND],
            sections=_sections(words, report.works),
            teach=(words.translate(TO_TEACH), [lesson(words, work, LONGEST) for work in report.works]),
            tables=[_table(words, work) for work in report.works],
            questions=[_questions(words, work) for work in report.works if worth_telling(work)],
            sheets=[each for work in report.works for pupil in work.pupils for each in _sheets(words, report, work, pupil, pictures)],
            percent=percent,
            pixels=PIXELS,
            paper=PAGE_MM,
            bar_size=(BAR_MM, BAR_HIGH),
        )
    )
    return (written + "\n").encode()


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)


def _sections(words: Words, works: Sequence[ClassWork]) -> list[dict[str, Any]]:
    """What is to be done first, as on the first page of the PDF; a section of which there is nothing to say is left out."""
    told = (
        ("missing", NOT_RETURNED, not_returned(words, works)),
        ("struggling", STRUGGLING, struggling(words, works)),
        ("waiting", TO_SCORE, to_score(words, works)),
    )
    return [{"id": name, "title": words.translate(title), "lines": lines} for name, title, lines in told if lines]


def _signs() -> list[tuple[str, Markup]]:
    found = []
    for outcome in Outcome:
        drawing = Svg()
        draw_sign(drawing, outcome, 2.0, 2.0, 1.1)
        found.append((outcome.value, Markup(drawing.elements)))  # noqa: S704 - our own shapes
    return found


def _table(words: Words, work: ClassWork) -> dict[str, Any]:
    said = {outcome: words.translate(sentence) for outcome, sentence in LEGEND}
    rows = []
    for pupil in work.pupils:
        answers = (pupil.answers.get(question.number) for question in work.assignment.questions)
        outcomes = [None if held is None else outcome_of(held) for held in answers]
        cells = [None if each is None else (each.value, said[each]) for each in outcomes]
        rows.append({"name": pupil.name, "page": first_back(pupil), "cells": cells, "sums": _sums(pupil)})
    shares = [f"{percent(each.share)}" if each.decided else "–" for each in work.figures.questions]
    numbers = [question.number for question in work.assignment.questions]
    notes = whole_said(words, work, work.assignment.questions)
    return {"title": class_title(words, work), "numbers": numbers, "rows": rows, "shares": shares, "notes": notes}


def _sums(pupil: PupilWork) -> tuple[str, str, str]:
    """Points, percent and mark."""
    total = pupil.total
    if total is None:
        return "", "", ""
    points = f"{points_text(total.points)}/{points_text(total.max_points)}"
    return points, str(total.percent), "–" if total.mark is None else str(total.mark)


def _questions(words: Words, work: ClassWork) -> dict[str, Any]:
    cards = []
    for place, each in enumerate(work.figures.questions):
        everybody, drawn = beside(work.everybody, place), bars(words, each)
        whole = max(all_answers(each), *(bar.count for bar in drawn), 1)
        said = [share_said(words, each, everybody), told_apart(words, each, everybody)]
        rows = [(bar, _bar(bar, whole)) for bar in drawn]
        cards.append(
            {
                "number": each.question.number,
                "text": asked(each.question, LONGEST),
                "said": [line for line in said if line],
                "bars": rows,
            }
        )
    return {
        "title": class_title(words, work),
        "said": [*class_said(words, work.figures, work.everybody), *letters_said(words, work)],
        "cards": cards,
    }


def _bar(bar: Bar, whole: int) -> Markup:
    drawing = Svg()
    draw_bar(drawing, 0.2, 0.4, (BAR_MM - 0.4) * bar.count / whole, BAR_HIGH - 0.8, bar.pattern)
    return Markup(drawing.elements)  # noqa: S704 - our own shapes


def _sheets(words: Words, report: TeachersReturn, work: ClassWork, pupil: PupilWork, pictures: Mapping[int, bytes]) -> list[dict[str, Any]]:
    return [
        _sheet(words, report, work, pupil, sheet, pictures.get(sheet.scan) if pupil.is_named else None)
        for sheet in pupil.sheets
        if sheet.scan is not None
    ]


def _sheet(
    words: Words, report: TeachersReturn, work: ClassWork, pupil: PupilWork, sheet: SheetBack, picture: bytes | None
) -> dict[str, Any]:
    earned = _sums(pupil)[0]
    where = words.translate("page {number} of {of} of the packet", number=sheet.number, of=sheet.of)
    layout, verdicts = report.layouts.get(sheet.layout), verdicts_on(work, pupil, sheet)
    found = {
        "id": sheet.page,
        "name": pupil.name,
        "code": pupil.pupil,
        "points": words.translate("{points} points", points=earned),
        "where": f"{class_title(words, work)} · {where}",
        "remarks": remarks(words, sheet),
        "picture": "",
    }
    if picture is None or layout is None:
        return found
    drawing = Svg()
    draw_verdicts(drawing, Place(0, 0, 1), sheet.measurements, layout, verdicts)
    signs = dict(LEGEND)
    answers = "; ".join(f"{each.held.item} – {words.translate(signs[outcome_of(each.held)])}" for each in verdicts)
    drawn = Markup(drawing.elements)  # noqa: S704 - our own shapes
    return found | {"picture": base64.b64encode(picture).decode(), "verdicts": drawn, "alt": f"{pupil.name}, {where}. {answers}"}
