"""Checked access to the fields of an assignment file: each look either gives a value or leaves a complaint with line and path.

packets/authoring and packets/parts read through this; nothing here knows what an assignment is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from packets.document import Document, Listing, Mapping, Scalar, Value, is_control, letter_name
from packets.markdown import Unsupported, seen, unsupported_inline
from packets.markdown_said import FEATURES, REMEDIES
from records.language import N_, _

MOST_LETTERS = 10_000  # of one text: three pages
INSTEAD = {"✕": "×", "✖": "×", "∗": "×", "∶": ":", "➗": "÷", "➕": "+", "➖": "–"}  # the font has the second
_WHOLE = re.compile(r"[+-]?\d{1,9}")
MarkdownCheck = Callable[[str], tuple[Unsupported, ...]]


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one mapping; `path` is empty for the whole file, parts[3] for its third part."""

    document: Document
    mapping: Mapping
    path: str = ""

    def path_of(self, name: str) -> str:
        """The full path of a field, as complaints show it."""
        return f"{self.path}.{name}" if self.path else name

    def line_of(self, name: str) -> int:
        """The line of a field; where it is missing, the line of what should hold it."""
        return self.mapping.lines.get(name, self.mapping.line)

    def complain(self, code: str, name: str, text: str, hint: str = "", value: str = "") -> None:
        """Note what is wrong with a field."""
        self.document.complain(code, text, hint, self.line_of(name), self.path_of(name), value)

    def allow(self, names: Sequence[str]) -> None:
        """Complain of every field that is not among `names`."""
        for name in self.mapping.fields:
            if name not in names:
                self.complain("unknown_field", name, _("There is no field «{field}» here.").format(field=name), suggestion(name, names))

    def has(self, name: str) -> bool:
        """Whether the field stands there, even without a value."""
        return name in self.mapping.fields

    def value(self, name: str) -> Value | None:
        """What stands in a required field; None, with a complaint, where nothing does."""
        value = self.mapping.fields.get(name)
        if value is None:
            self.complain("missing_field", name, _("The field «{field}» is missing.").format(field=name))
        elif isinstance(value, Scalar) and (value.null or not value.text.strip()):
            self.complain("empty_field", name, _("The field «{field}» is empty.").format(field=name))
        else:
            return value
        return None

    def scalar(self, name: str) -> Scalar | None:
        """A required text, number or date as it stands in the file."""
        value = self.value(name)
        if value is not None and not isinstance(value, Scalar):
            self.complain("wrong_type", name, _("The field «{field}» takes one text or number, not a list or fields.").format(field=name))
            return None
        return value

    def word(self, name: str) -> str | None:
        """A required value on one line, without spaces around it."""
        scalar = self.scalar(name)
        return None if scalar is None else scalar.text.strip()

    def words(self, name: str, check: MarkdownCheck | None = None) -> str | None:
        """A required text that will be printed; `check` finds Markdown that cannot be."""
        scalar = self.scalar(name)
        if scalar is None:
            return None
        self.check_letters(scalar, self.path_of(name))
        if check is not None:
            self.check_markdown(scalar, self.path_of(name), check)
        return scalar.text.strip()

    def check_markdown(self, scalar: Scalar, path: str, check: MarkdownCheck) -> None:
        """Complain of all Markdown that cannot be printed; a text that is too long is not looked into."""
        if len(scalar.text) > MOST_LETTERS:
            return
        every = check(scalar.text)
        if check is unsupported_inline and not every and not seen(scalar.text):
            self.document.complain("empty_field", _("Nothing stands here that can be seen."), line=scalar.line, path=path)
        for found in every:
            line = min(scalar.text_line + found.line - 1, scalar.last_line)
            remedy = _(REMEDIES.get(found.feature, N_("Say it in words for now.")))
            text = _(FEATURES[found.feature])
            text = f"{text.removesuffix('.')}: «{found.words}»." if found.words else text
            self.document.complain("unsupported", text, remedy, line, path, found.words or found.feature)

    def check_letters(self, scalar: Scalar, path: str) -> None:
        """Complain of every letter that the font lacks or that nobody can see, and of more letters than a text may have."""
        from packets.paper import missing_letters

        if len(scalar.text) > MOST_LETTERS:
            said = _("The text has {count} letters; one text has at most {most}.").format(count=len(scalar.text), most=MOST_LETTERS)
            self.document.complain("long_text", said, _("Part it into several."), scalar.line, path)

        for letter in dict.fromkeys(scalar.text):
            if letter != "\n" and is_control(letter):
                text = _("The text holds the invisible character {letter}.").format(letter=letter_name(letter))
                self.document.complain(
                    "control_character", text, _("Delete it: it cannot be printed."), self._line_with(letter, scalar), path
                )
        for letter in missing_letters(scalar.text):
            if not is_control(letter):
                text = _("The printed font has no letter {letter}.").format(letter=letter_name(letter))
                self.document.complain("missing_letter", text, _instead(letter), self._line_with(letter, scalar), path, letter)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A required whole number from `low` to `high`."""
        text = self.word(name)
        if text is None:
            return None
        if not _WHOLE.fullmatch(text):
            self.complain("wrong_type", name, _("«{value}» is not a whole number.").format(value=text), value=text)
        elif not low <= int(text) <= high:
            said = _("{value} is not between {low} and {high}.").format(value=text, low=low, high=high)
            self.complain("out_of_range", name, said, value=text)
        else:
            return int(text)
        return None

    def decimal(self, name: str) -> Decimal | None:
        """A required number with at most two decimals."""
        text = self.word(name)
        if text is None:
            return None
        try:
            number = Decimal(text) if re.fullmatch(r"[+-]?\d{1,6}(\.\d{1,2})?", text) else None
        except InvalidOperation:
            number = None
        if number is None:
            hint = _("Write 2 or 0.5, with a point and at most two decimals.")
            self.complain("wrong_type", name, _("«{value}» is not a number.").format(value=text), hint, text)
        return number

    def truth(self, name: str) -> bool:
        """A field of true or false; false where it is missing."""
        if not self.has(name):
            return False
        text = (self.word(name) or "").lower()
        if text not in ("true", "false", ""):
            self.complain("wrong_type", name, _("«{value}» is neither true nor false.").format(value=text), value=text)
        return text == "true"

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """A required word out of `allowed`."""
        text = self.word(name)
        if text is None or text in allowed:
            return text
        said = _("«{value}» cannot stand in «{field}».").format(value=text, field=name)
        self.complain("unknown_value", name, said, suggestion(text, allowed), text)
        return None

    def listing(self, name: str) -> Listing | None:
        """A required list."""
        value = self.value(name)
        if value is not None and not isinstance(value, Listing):
            self.complain("wrong_type", name, _("The field «{field}» takes a list.").format(field=name), _("Write it as [one, two]."))
            return None
        return value

    def scalars(self, name: str, listing: Listing) -> Iterator[tuple[str, Scalar]]:
        """The path and value of each text in a list; complains of empty ones and of what is no text."""
        for number, item in enumerate(listing.items, start=1):
            path = f"{self.path_of(name)}[{number}]"
            if not isinstance(item, Scalar):
                self.document.complain("wrong_type", _("A text is expected here, not a list or fields."), line=item.line, path=path)
            elif item.null or not item.text.strip():
                self.document.complain("empty_field", _("Nothing stands here."), line=item.line, path=path)
            else:
                yield path, item

    def _line_with(self, letter: str, scalar: Scalar) -> int:
        for number in range(scalar.line, min(scalar.last_line, len(self.document.lines)) + 1):
            if letter in self.document.lines[number - 1]:
                return number
        return scalar.line


def suggestion(word: str, allowed: Iterable[str]) -> str:
    """«Did you mean ...?», or all that is allowed."""
    names = list(allowed)
    near = get_close_matches(word.lower(), names, n=1, cutoff=0.7)
    known = _("Possible here: {names}.").format(names=", ".join(names))
    return _("Did you mean «{name}»?").format(name=near[0]) + " " + known if near else known


def _instead(letter: str) -> str:
    other = INSTEAD.get(letter)
    if other:
        return _("Write {other} instead.").format(other=other)
    return _("Leave it out, or say it in words.")
