"""What the review's page says: its fixed words, and each case in words and numbers for the script that shows it.

scanning/review_app sends both. Texts are in the language of the desk; a question's own words stay in the language of its sheet.
"""

from __future__ import annotations

from typing import Any

from packets.assignment import OpenQuestion, Question
from packets.markdown import blocks, inline
from packets.subjects import subject_name
from records.comments import MOST_LETTERS
from records.grades import DOUBT, Recorded
from records.language import N_, _, current_language
from records.road_words import field_words
from scanning.review_queue import NUMBER, ONE, Case, Group
from scanning.review_road import OUTCOMES, RoadCase, value_words
from scanning.words import ANSWER_WORDS, reason_words

WORDS = {
    "title": N_("Answers that wait for a person"),
    "doubt": N_("In doubt: {reason}"),
    "candidates": N_("It may be: {values}"),
    "waiting": N_("The written answer waits for points, from 0 to {most}."),
    "choose": N_("Choose, then Enter"),
    "choose_several": N_("Choose all that the pupil chose, then Enter"),
    "type_number": N_("Type the number, then Enter"),
    "give_points": N_("Give points: one key"),
    "type_points": N_("Type the points, then Enter"),
    "confirm": N_("Confirm"),
    "blank": N_("Not answered"),
    "unreadable": N_("Cannot be read"),
    "undo": N_("Undo"),
    "around": N_("Whole sheet"),
    "back": N_("Back"),
    "forward": N_("Forward"),
    "close": N_("Finish"),
    "keys_told": N_(
        "Letters or digits choose, Enter confirms. Space or 0: not answered. U: cannot be read. Z: undo. Arrows: back and forward. W: whole sheet. M: a word to the pupil."
    ),
    "tally": N_("Left: {left} · decided: {done} · keystrokes: {keys}"),
    "group": N_("{subject}, grade {grade} · {title} · question {item}"),
    "place": N_("Page {code} · sheet {number} · pupil {pupil}"),
    "road_group": N_("Driver's sheet · route {route} · {date}"),
    "road_place": N_("Page {code}"),
    "nothing_said": N_("Nothing said"),
    "aside_left": N_("{count} more were looked at and could not be read."),
    "show_aside": N_("Show them"),
    "rubric": N_("What earns points"),
    "to_pupil": N_("To the pupil, for the next cover"),
    "letters_left": N_("Letters left: {count}"),
    "comment_kept": N_("Kept. The pupil will read it on the next cover."),
    "comment_gone": N_("Taken back: the pupil will not read it."),
    "works_alone": N_("This page needs no net and sends nothing. Save your answers to a file and give that back to the desk; S saves."),
    "save": N_("Save the answers"),
    "saved": N_("Saved as {file}: give this file to the desk."),
    "give_number": N_("Give a whole number from 0 to {last}."),
    "give_decimal": N_("Give a number up to {last}."),
    "give_up_to": N_("Give points from 0 to {points}."),
    "space": N_("Space"),
    "empty": N_("Nothing waits for a person here."),
    "finished": N_("All done. You can finish."),
    "to_sheets": N_("Sheets without a name: {count}"),
    "to_cases": N_("Back to the answers"),
    "code": N_("The short code beside the QR code, then Enter"),
    "closed": N_("The review has ended. This page can be closed."),
    "picture_lost": N_("The picture of this sheet is not on the desk any more."),
    "lost": N_("The desk does not answer. Was the program stopped? Start `poshta scan review` again."),
    "choose_first": N_("Choose first."),
    "nothing_to_undo": N_("Nothing was decided here yet."),
    "taken_back": N_("Taken back."),
    "stands": N_("What stands now: {value}"),
}


def page_words() -> dict[str, str]:
    """The fixed words of the page, by their names in its script."""
    return {name: _(sentence) for name, sentence in WORDS.items()} | {"most_letters": str(MOST_LETTERS)}


def group_json(group: Group) -> dict[str, Any]:
    """A question with its cases, as the page's script takes it."""
    work = group.assignment
    return {
        "subject": subject_name(work.subject, current_language()),
        "grade": work.grade,
        "language": work.language,
        "title": work.title,
        "week": work.week,
        "item": group.question.number,
        "text": "".join(run.text for run in inline(group.question.text)),
        "rubric": rubric_lines(group.question),
        "cases": [case_json(case) for case in group.cases],
    }


def case_json(case: Case) -> dict[str, Any]:
    """A case: codes, never names."""
    held = case.held
    labels = {option.value: option.label for option in case.options}
    return {
        "id": held.id,
        "kind": case.kind,
        "code": case.code,
        "number": held.number,
        "pupil": held.pupil,
        "aside": case.set_aside,
        "doubt": held.state == DOUBT,
        "reason": reason_words(held.reason),
        "candidates": [_labelled(value, labels) for value in held.candidates],
        "options": [
            {"value": each.value, "label": each.label, "text": "".join(run.text for run in inline(each.text))} for each in case.options
        ],
        "most": case.most,
        "comment": case.said.words if case.said else "",
        "said": case.said.id if case.said else 0,
    }


def road_group_json(case: RoadCase) -> dict[str, Any]:
    """A field of a driver's sheet as a group of its own, for the same script."""
    field = field_words(case.note.item)
    return {
        "route": case.route.code,
        "date": case.route.day.isoformat(),
        "language": current_language(),
        "text": f"{field} · {case.village}" if case.village else field,
        "rubric": [],
        "cases": [road_case_json(case)],
    }


def road_case_json(case: RoadCase) -> dict[str, Any]:
    """A field in doubt: of an outcome the four that there are, by number as they stand on the sheet."""
    options = () if case.most else OUTCOMES
    return {
        "id": case.record,
        "road": True,
        "field": case.note.item,
        "kind": NUMBER if case.most else ONE,
        "code": case.code,
        "aside": case.set_aside,
        "doubt": True,
        "reason": reason_words(case.note.reason),
        "candidates": [value_words(value) for value in case.note.candidates],
        "options": [{"value": value, "label": str(place), "text": value_words(value)} for place, value in enumerate(options, 1)],
        "most": str(case.most or ""),
        "comment": "",
        "said": 0,
    }


def rubric_lines(question: Question) -> list[str]:
    """What earns points, a paragraph or an item of a list each, without bold and italics; none where nobody wrote it."""
    text = question.rubric if isinstance(question, OpenQuestion) else ""
    found = ((block, "".join(run.text for run in block.runs)) for block in blocks(text))
    return [f"{block.number}. {words}" if block.number else words for block, words in found]


def printed_words(case: Case, subject: str, grade: int) -> str:
    """The line above a picture on a printed review sheet: whose answer, to what, and why it waits."""
    held = case.held
    why = _("In doubt: {reason}").format(reason=reason_words(held.reason)) if held.state == DOUBT else _("points")
    place = _("{subject}, grade {grade}, question {item} · page {code} · pupil {pupil}")
    return f"{place.format(subject=subject, grade=grade, item=held.item, code=case.code, pupil=held.pupil)} · {why}"


def stands_in_words(held: Recorded) -> str:
    """What holds of an answer now, for a reviewer who came second."""
    return ", ".join(held.reading) or _(ANSWER_WORDS[held.state])


def _labelled(value: str, labels: dict[str, str]) -> str:
    return ",".join(labels.get(letter, letter) for letter in value.split(","))
