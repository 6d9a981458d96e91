"""A review as one page in one file: questions, pictures and the page's own script, to be decided anywhere, without the net, and saved to a file.

scanning/review_commands calls this. The page is that of `scan review` (scanning/review_page) with its script inside and one that answers in the desk's place; its policy
lets it load nothing and run nothing but these two. Pictures hold no names (scanning/review_pictures); codes only.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from sqlalchemy.orm import Session

from records.calendar import now
from records.home import Home
from records.keys import current_key
from records.language import current_language
from scanning.intake import Limits
from scanning.review_pictures import PictureLost, Pictures, source_of
from scanning.review_queue import Group
from scanning.review_set import sealed_set
from scanning.review_words import group_json, page_words

PAGE = Path(__file__).with_name("review_page")
POLICY = "default-src 'none'; img-src data:; style-src {style}; script-src {scripts}; base-uri 'none'; form-action 'none'"


def exported_page(home: Home, session: Session, groups: Sequence[Group], week: str, teacher: str) -> tuple[str, int]:
    """The page, and of how many of its answers the picture is lost."""
    key = current_key(home.keys())
    body, seal = sealed_set(groups, week, teacher, now().isoformat(), key)
    pictures = _pictures(home, session, groups)
    count = sum(len(group.cases) for group in groups)
    named = "-".join(part for part in ("answers", week, teacher) if part)
    shown = {"sealed": body, "seal": seal, "file": f"{named}.json", "groups": [group_json(each) for each in groups], "pictures": pictures}
    return _drawn(shown, week), count - len(pictures)


def _drawn(shown: Mapping[str, Any], week: str) -> str:
    style, offline, script = (_part(name) for name in ("page.css", "offline.js", "page.js"))
    policy = POLICY.format(style=_hash(style), scripts=f"{_hash(offline)} {_hash(script)}")
    exported = {"policy": policy, "style": style, "offline": offline, "script": script, "set": shown}
    templates = Environment(loader=FileSystemLoader(PAGE), autoescape=True)
    return templates.get_template("page.html").render(words=page_words(), language=current_language(), week=week, exported=exported)


def _pictures(home: Home, session: Session, groups: Sequence[Group]) -> dict[str, str]:
    """A picture for each record, as an address that holds it; those of lost originals are left out. Page by page, so that each scan is opened once."""
    cut = Pictures(home.path, Limits.of(home.settings.scan))
    found: dict[str, str] = {}
    for case in sorted((case for group in groups for case in group.cases), key=lambda case: case.held.page):
        try:
            content = cut.question(source_of(session, case.held.scan, case.held.page), case.held.item)
        except PictureLost:
            continue
        found[str(case.held.id)] = f"data:image/jpeg;base64,{b64encode(content).decode()}"
    return found


def _part(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
