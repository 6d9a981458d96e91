"""What a draft of a form's boxes is not sure of, in words: a sentence and what to do for each code of scanning/form_draft."""

from __future__ import annotations

from records.errors import Complaint
from records.language import N_, _
from scanning import form_draft
from scanning.form_draft import Unsure

SENTENCES = {
    form_draft.COUNTED: (
        N_("The questions were counted, {value}: their printed numbers are not read."),
        N_("Compare them with the print, and write other numbers into `item` where they differ."),
    ),
    form_draft.NAMED: (
        N_("The choices were called A, B, C, in their order: the printed letters are not read."),
        N_("Where the print says А, Б, В or 1, 2, 3, write that into `value` and `label`."),
    ),
    form_draft.DIGITS_SEEN: (
        N_("Question {item}: ten boxes in a line were taken for the digits of a number, the first for {value}."),
        N_("If they are choices, make `kind` choice and leave `column` out."),
    ),
    form_draft.IDENTITY_GUESSED: (
        N_("The columns of digits were taken for the pupil's code, the first digit for {value}."),
        N_("If they are an answer, write a question's number in place of «{item}» and leave `identity` out."),
    ),
    form_draft.DIRECTION: (
        N_("Question {item} and those with it stand in a block of ten: nothing printed tells whether they are choices or digits."),
        N_("If they are the digits of a number, make `kind` digit, `value` the digit and `column` its place from the left."),
    ),
    form_draft.SINGLE: (
        N_("Question {item}: {count} boxes below each other were taken for the choices of one question."),
        N_("If each is a question of its own, correct `item`; if several may be marked, make `kind` tick."),
    ),
    form_draft.LOST: (
        N_("Question {item}: the box {value} was not found; it should stand {across} mm from the left and {down} mm from the top."),
        N_("Look at the print there, and write the box into the file."),
    ),
    form_draft.SHARED: (
        N_("Squares that share their lines were left out, as places to write letters into: {count}."),
        N_("If they are to be marked, write them into the file as a grid (docs/forms.md)."),
    ),
    form_draft.ALONE: (
        N_("Circles and squares that stand alone were left out: {count}."),
        N_("Look for boxes without a drawn outline in the picture, and write them into the file."),
    ),
    form_draft.SKEW: (
        N_("The print is turned by {value} degrees."),
        N_("The boxes follow it; a straight scan or the PDF is better."),
    ),
}


def complaint_of(unsure: Unsure, file: str, page: int) -> Complaint:
    """The sentence, with the file of the draft, the page, the question and the value."""
    text, hint = SENTENCES[unsure.code]
    across, down = unsure.place or (0.0, 0.0)
    fields = {"item": unsure.item, "value": unsure.value, "count": unsure.count, "across": f"{across:.1f}", "down": f"{down:.1f}"}
    where = _("page {page}").format(page=page)
    return Complaint(
        unsure.code, _(text).format(**fields), _(hint).format(**fields), file, where, None, unsure.item, unsure.value, refused=False
    )
