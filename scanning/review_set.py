"""A set of waiting answers that leaves the desk to be decided elsewhere, sealed so that what comes home can be believed. Pure.

scanning/review_export writes it into a page, scanning/review_import opens it again. The seal is HMAC-SHA256 under the desk's key over the canonical JSON of the
set: which records were shown, and what each can be. What a person decided is not sealed; it must fit the set.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from records.errors import InputRefused
from records.keys import Key
from records.language import _
from scanning.review_queue import Case, Group

FORMAT, ANSWERS, VERSION = "poshta-review", "poshta-answers", 1
MOST_WORDS = 2_000  # of a comment as it comes in; scanning/comment says what can be printed


@dataclass(frozen=True, slots=True)
class Word:
    """What a person decided on one answer elsewhere. `value` as `scanning.amend` takes it; None: could not be read."""

    seen: int
    page: str
    item: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """What a person said to a pupil elsewhere; `said` is the comment that stood then, 0 none."""

    seen: int
    page: str
    item: str
    said: int
    words: str


@dataclass(frozen=True, slots=True)
class CameHome:
    """A file that came home: of which set, and what it says."""

    seal: str
    week: str
    teacher: str
    shown: int
    decided: tuple[Word, ...]
    comments: tuple[Words, ...]


def sealed_set(groups: Sequence[Group], week: str, teacher: str, made_at: str, key: Key) -> tuple[dict[str, Any], str]:
    """The set and its seal."""
    body = {"format": FORMAT, "version": VERSION, "key": key.id, "week": week, "teacher": teacher, "made_at": made_at}
    body["cases"] = [_case(case) for group in groups for case in group.cases]
    return body, _seal(key, body)


def opened(content: bytes, keys: Sequence[Key]) -> CameHome:
    """What a file that was saved elsewhere says. Raises InputRefused for one that is damaged, foreign or forged."""
    body = _read(content)
    sealed, seal = body["set"], body["seal"]
    key = next((each for each in keys if isinstance(sealed, dict) and each.id == sealed.get("key")), None)
    if key is None:
        raise _refusal(_("The file is of another desk, or its key is not here."), _("Give it to the desk that exported the review."))
    if not _fits(key, sealed, seal):
        raise _refusal(_("The seal of the file does not fit: somebody has changed which answers it is about."), _again())
    shown = {case["id"]: case for case in sealed["cases"]}
    decided = tuple(_word(each, shown) for each in body["answers"])
    comments = tuple(_words(each, shown) for each in body["comments"])
    if len({each.seen for each in decided}) < len(decided) or len({each.seen for each in comments}) < len(comments):
        raise _refusal(_("The file decides one answer twice."), _again())
    return CameHome(seal, sealed["week"], sealed["teacher"], len(shown), decided, comments)


def _read(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            raise _not_answers() from None
        raise _refusal(_("The file is damaged: it is no JSON."), _again()) from None
    if not isinstance(body, dict) or body.get("format") != ANSWERS:
        raise _not_answers()
    if body.get("version") != VERSION:
        raise _refusal(_("The file is of another version of this program."), _("Export the review again with this one."))
    if not all(isinstance(body.get(name), list) for name in ("answers", "comments")) or "seal" not in body or "set" not in body:
        raise _refusal(_("The file is damaged: a part of it is missing."), _again())
    return body


def _word(each: Any, shown: Mapping[int, Mapping[str, Any]]) -> Word:
    case = _case_of(each, shown)
    if each.get("aside") is True and "value" not in each:
        return Word(case["id"], case["page"], case["item"], None)
    value = each.get("value")
    if not isinstance(value, str) or "aside" in each:
        raise _refusal(_("The file is damaged: a part of it is missing."), _again())
    return Word(case["id"], case["page"], case["item"], value)


def _words(each: Any, shown: Mapping[int, Mapping[str, Any]]) -> Words:
    case = _case_of(each, shown)
    words = each.get("words")
    if not isinstance(words, str) or len(words) > MOST_WORDS:
        raise _refusal(_("The file is damaged: a part of it is missing."), _again())
    return Words(case["id"], case["page"], case["item"], case["said"], words)


def _case_of(each: Any, shown: Mapping[int, Mapping[str, Any]]) -> Mapping[str, Any]:
    number = each.get("id") if isinstance(each, dict) else None
    case = shown.get(number) if isinstance(number, int) and not isinstance(number, bool) else None
    if case is None:
        raise _refusal(_("The file decides an answer that was not exported with it."), _again())
    return case


def _case(case: Case) -> dict[str, Any]:
    held = case.held
    return {"id": held.id, "page": held.page, "item": held.item, "said": case.said.id if case.said else 0}


def _fits(key: Key, sealed: Mapping[str, Any], seal: object) -> bool:
    """Whether the desk sealed this set; what no desk would have written does not fit."""
    try:
        return isinstance(seal, str) and hmac.compare_digest(_seal(key, sealed).encode(), seal.encode(errors="replace"))
    except RecursionError:
        return False


def _seal(key: Key, body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key.secret, b"review set\0" + canonical.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _not_answers() -> InputRefused:
    return _refusal(_("This is no file of a review's answers."), _("Take the .json file that the page saved, not the page itself."))


def _refusal(text: str, hint: str) -> InputRefused:
    return InputRefused(text, hint, code="answers_refused")


def _again() -> str:
    return _("Open the page again and save anew; nothing was taken in.")
