"""The format that a GIFT file may name before words, `[markdown]`, and where such a name would be printed instead. Pure.

packets/gift asks before it makes words of a stretch of the file.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from packets.looks import LOOK_ALIKES
from records.language import _

FORMATS = ("moodle", "html", "markdown", "plain")
_ELSEWHERE = ("wiki", "text", "auto", "tex", "latex", "md")  # names that other programs know, and words as well
_ALIKE, _LONG = 0.8, 7  # of difflib, for names of so many letters: markdwn is markdown, but plan is not plain
_FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*(\[\s*([^\W\d_]+)\s*\])")
_NAME = re.compile(r"\s*(::.*?::)", re.DOTALL)
Fault = tuple[str, str, int]  # what is wrong, what to do, and the place in the text


def format_before(text: str) -> tuple[str, int]:
    """The format that stands before the words, and where they begin; empty, and 0, where none does."""
    found = _FORMAT.match(text)
    return (found[1].lower(), found.end()) if found else ("", 0)


def fault_before(text: str, question: bool = False) -> Fault | None:
    """What is wrong with what stands before words that are a text, an answer or, where formats of other programs are looked for too, a question."""
    form, place = format_before(text)
    if not form:
        return _unknown(text, question)
    mark, rest = text[:place].strip(), text[place:]
    if another := _FORMAT.match(rest):
        said = _("{another} stands behind {mark}: it would be printed.").format(another=another[0].strip(), mark=mark)
        return said, _("Keep the one in which the words are written."), place
    if name := _NAME.match(rest):
        said = _("The name {name} stands behind {mark}: it would be printed.").format(name=name[1], mark=mark)
        return said, _("Write the name first, then the format, then the words."), place
    return None


def fault_alone(text: str) -> Fault | None:
    """What is wrong with a paragraph without braces that is a format and no words."""
    form, place = format_before(text)
    if not form or text[place:].strip():
        return None
    hint = _("Write the words on the same line or the next: an empty line ends a question.")
    return _("Behind {mark} stand no words.").format(mark=text.strip()), hint, 0


def fault_behind(text: str) -> Fault | None:
    """What is wrong with words behind the braces, which are of the same format as those before."""
    form, place = format_before(text)
    if not form:
        return None
    said = _("{mark} stands behind the braces: it would be printed.").format(mark=text[:place].strip())
    return said, _("Leave it out: the format before the question holds there too."), 0


def _unknown(text: str, question: bool) -> Fault | None:
    """A word in brackets before the words that is meant as a format, by the look of it."""
    found = _BRACKETS.match(text)
    if not found:
        return None
    word = found[2].translate(LOOK_ALIKES).lower()
    if not (_misspelt(word) or (question and word in _ELSEWHERE)):
        return None
    known = ", ".join(f"[{each}]" for each in FORMATS)
    said = _("{mark} is no format that can be read: it would be printed.").format(mark=found[1])
    return said, _("Known are {known}. Where it is to be printed, write [plain] before it.").format(known=known), found.start(1)


def _misspelt(word: str) -> bool:
    """Whether a word is a format's name with a slip in it; of a short name only one whose letters are out of place, for it is soon like another word."""
    out_of_place = any(sorted(word) == sorted(form) for form in FORMATS)
    return out_of_place or bool(get_close_matches(word, [form for form in FORMATS if len(form) >= _LONG], 1, _ALIKE))
