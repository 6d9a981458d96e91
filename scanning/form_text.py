"""The file of a form as it stands on the disk: its text, the fields in it, its digest, and the faults that are found in it.

scanning/form_file reads the fields; scanning/form_batch asks `files_digest` whether a worker still sees the same file. What fields mean is not known here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from packets.document import MAX_DEPTH, damage, encoding_fault
from records.errors import Complaint, InputRefused
from records.files import explained
from records.language import _

LARGEST_FILE = 8 << 20
WORDED = 1 << 20  # letters of a text whose damage is told in words, which takes a minute for the largest; beyond, by its place alone
_QUICK: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Reading:
    """A file under way: what is wrong so far."""

    file: Path
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, code: str, text: str, item: str = "", value: object = "", hint: str = "") -> None:
        """Note one fault."""
        self.complaints.append(Complaint(code, text, hint, self.file.name, column=item, value=str(value) if value != "" else ""))


def files_digest(file: Path) -> str:
    """The SHA-256 of the form's file and of everything that stands in its folder under a name that it mentions."""
    content = _content(file)
    total = hashlib.sha256(content)
    for name in sorted(set(re.findall(r"""blank["']?\s*:\s*["']?([^"',\n}#]+)""", content.decode("utf-8", "replace")))):
        blank = file.parent / name.strip()
        with suppress(OSError, ValueError):  # a sentence that is no file's name; a blank that cannot be read is told where the form is read
            if blank.is_file():
                total.update(blank.read_bytes())
    return total.hexdigest()


def fields_of(file: Path) -> Mapping[str, Any]:
    """The fields that the file holds by name; raises NotFound where there is no file, and InputRefused where it holds none."""
    content = _content(file)
    try:
        body = _parsed(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError as failure:
        raise _no_form(file, *encoding_fault(content, failure)) from None
    except RecursionError:
        raise _no_form(file, _too_deep()) from None
    except ValueError:  # a date that no calendar has, a number of thousands of digits
        raise _no_form(file, _("It holds a number or a date that cannot be."), _("Put codes and dates in quotation marks.")) from None
    if not isinstance(body, dict):
        raise _no_form(file, _("It has no fields; a form begins with `form:` and its code."))
    return body


def _parsed(file: Path, text: str) -> object:
    """What the text says, read as JSON and, where it is none, as YAML; raises InputRefused at the place where it is neither."""
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            text = text.replace("\t", " ")  # with which JSON may be indented, and YAML may not
    try:
        _require_plain(file, text)
        return yaml.load(text, Loader=_QUICK)  # noqa: S506 - both are safe loaders: no Python objects
    except yaml.YAMLError as failure:
        raise _no_form(file, *damage(text if len(text) <= WORDED else "", failure)) from None


def _require_plain(file: Path, text: str) -> None:
    """Raise InputRefused for what would take the parser's memory, or end it: parts that refer to others, and lists in lists without end."""
    depth = 0
    for event in yaml.parse(text, Loader=_QUICK):
        line = event.start_mark.line + 1 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _no_form(file, _too_deep(), line=line)
        if isinstance(event, yaml.AliasEvent):
            said = _("References between parts of a file (& and *) are not taken.")
            raise _no_form(file, said, _("Write the text out, or put it in quotation marks."), line)


def _too_deep() -> str:
    return _("Lists and fields are nested more than {most} deep.").format(most=MAX_DEPTH)


def _no_form(file: Path, reason: str, hint: str = "", line: int | None = None) -> InputRefused:
    text = _("{file} is no form: {reason}").format(file=file.name, reason=reason)
    hint = hint or _("A form is a JSON or YAML file; docs/forms.md shows one.")
    return InputRefused(text, hint, (Complaint("form_file", text, hint, file.name, row=line),), "form_file")


def _content(file: Path) -> bytes:
    if file.is_dir():
        raise InputRefused(
            _("«{file}» is a folder.").format(file=file), _("Name the form's JSON or YAML file, not its folder."), code="folder"
        )
    with explained(file):
        if file.stat().st_size > LARGEST_FILE:
            raise InputRefused(
                _("{file} is too large for a form.").format(file=file.name), _("Name the form's JSON or YAML file, not its blank.")
            )
        return file.read_bytes()
