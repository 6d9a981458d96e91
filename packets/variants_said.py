"""What an assignment file says of its variants, and which questions keep the order of their choices because of their words. packets/authoring calls this."""

from __future__ import annotations

from typing import Any

from packets.document import Listing, Mapping, Scalar
from packets.fields import Fields
from packets.kinds import LAST, LETTERS, SHUFFLES, WHOLE
from packets.variants import MOST_VARIANTS, stays_by_words
from records.errors import Complaint
from records.language import _

SHUFFLE = "shuffle"
_SAID = {stays: word for word, stays in SHUFFLES.items()}


def read_variants(fields: Fields) -> dict[str, int]:
    """How many variants there are, where there are several; an empty field means one."""
    value = fields.mapping.fields.get("variants")
    if value is None or (isinstance(value, Scalar) and (value.null or not value.text.strip())):
        return {}
    count = fields.whole("variants", 1, MOST_VARIANTS)
    return {"variants": count} if count and count > 1 else {}


def read_shuffle(fields: Fields) -> dict[str, str]:
    """Whether the choices of a question may move in the variants: true, false or but_last."""
    word = fields.choice(SHUFFLE, ("true", *SHUFFLES)) if fields.has(SHUFFLE) else None
    return {SHUFFLE: word} if word in SHUFFLES else {}


def settle_shuffles(fields: Fields, body: dict[str, Any]) -> None:
    """Write into the parts of `body` which choices stay where the file does not say it; it is kept with the assignment, so that a later program prints the same.

    Complains where all variants would be alike.
    """
    listing = fields.mapping.fields.get("parts")
    if "variants" not in body or not isinstance(listing, Listing):
        return
    for place, (part, value) in enumerate(zip(body["parts"], listing.items, strict=True), start=1):
        if part and part.get("choices") and isinstance(value, Mapping):
            _settle(Fields(fields.document, value, f"parts[{place}]"), part)
    if not any(part is None or (part.get("choices") and _moves(part)) for part in body["parts"]):
        text = _("There are variants, but no question has choices that may change their places.")
        fields.complain("nothing_to_shuffle", "variants", text, _("Leave out the field «variants», or let choices be shuffled."))


def _settle(fields: Fields, part: dict[str, Any]) -> None:
    if fields.has("true_false"):
        part[SHUFFLE] = _SAID[WHOLE]
    elif not fields.has(SHUFFLE) and SHUFFLE not in part and (stays := stays_by_words(part.get("question") or "", part["choices"])):
        part[SHUFFLE] = _SAID[stays]
        if stays == WHOLE:
            _tell(fields)


def _tell(fields: Fields) -> None:
    """That a question looks alike in all variants, though its author did not ask for that."""
    text = _("The choices of this question keep their order in every variant: its words name them by letters or by their places.")
    hint = _("Where that is not so, say `shuffle: true`; `shuffle: false` says the same as this line.")
    name = "choices" if fields.has("choices") else "question"
    line, path = fields.line_of(name), fields.path_of(name)
    fields.document.complaints.append(Complaint("choices_stay", text, hint, fields.document.file, row=line, column=path, refused=False))


def _moves(part: dict[str, Any]) -> bool:
    free = len(part["choices"][: len(LETTERS)]) - (part.get(SHUFFLE) == _SAID[LAST])
    return part.get(SHUFFLE) != _SAID[WHOLE] and free > 1
