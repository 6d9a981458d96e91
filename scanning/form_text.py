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

from records.errors import Complaint, InputRefused
from records.files import explained
from records.language import _

LARGEST_FILE = 8 << 20


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
        text = content.decode("utf-8-sig")
        body = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except (ValueError, RecursionError) as failure:
        reason = " ".join(str(failure).split())
        raise InputRefused(
            _("{file} is no form: {reason}").format(file=file.name, reason=reason),
            _("A form is a JSON or YAML file; docs/forms.md shows one."),
            code="form_file",
        ) from None
    if not isinstance(body, dict):
        raise InputRefused(
            _("{file} is no form: {reason}").format(file=file.name, reason=type(body).__name__),
            _("A form is a JSON or YAML file; docs/forms.md shows one."),
            code="form_file",
        )
    return body


def _content(file: Path) -> bytes:
    with explained(file):
        if file.stat().st_size > LARGEST_FILE:
            raise InputRefused(
                _("{file} is too large for a form.").format(file=file.name), _("Name the form's JSON or YAML file, not its blank.")
            )
        return file.read_bytes()


def _yaml(text: str) -> object:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders: no Python objects
    except yaml.YAMLError as failure:
        raise ValueError(str(failure)) from None
