"""A desk of a few invented works, written straight into the database: so many points decided, in doubt, waiting or never returned, as a test wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from packets.assignment import Assignment, OpenQuestion
from packets.layout import Item, Layout, PageKind
from packets.token import short_code
from records import schema
from records.calendar import StudyWeek
from records.grades import Decision, decide
from records.home import Home, make_home

AT = datetime(2026, 10, 14, 9, 0)
NOT_BACK = "-"  # beside a question's points: its page never came
DOUBT, WAITS = "?", "w"
MOST = Decimal(10)  # of every question


@dataclass
class GradedDesk:
    """`give` prints a work for a pupil and tells what became of each of its questions."""

    home: Home
    pages: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.home.path

    def pupil(self, code: str, school: str = "S1", grade: int = 5, language: str = "kk", name: str = "") -> None:
        """A pupil on the roster, with a last name if one is wanted."""
        with self.home.database.write() as session:
            session.add(schema.Pupil(code=code, grade=grade, language=language, kato="591000000", school=school))
            if name:
                session.add(schema.Person(code=code, role="pupil", last_name=name, first_name="А"))

    def give(
        self,
        pupil: str,
        week: str,
        kind: str,
        answers: Sequence[str],
        subject: str = "math",
        grade: int = 5,
        language: str = "kk",
        title: str = "Бөлшек",
        state: str = "delivered",
    ) -> str:
        """A work with a question for each word: points, `?` in doubt, `w` waiting, `-` on a page that never came. Answers its first page."""
        code = f"{subject}-{grade}-{language}-{kind}-{week[-3:].lower()}"
        with self.home.database.write() as session:
            self._assign(session, code, week, kind, subject, grade, language, title, len(answers))
            packet = f"{week}-{pupil}"
            self._pack(session, packet, week, pupil, state)
            back = [number for number, said in enumerate(answers, start=1) if said != NOT_BACK]
            out = [number for number, said in enumerate(answers, start=1) if said == NOT_BACK]
            for items in (back, out):
                if items:
                    page = self._page(session, packet, week, pupil, code, items)
                    self.pages.setdefault((pupil, code), page)
            session.flush()
            for number in back:
                decide(session, _decision(self.pages[pupil, code], str(number), answers[number - 1]))
        return self.pages[pupil, code]

    def say(self, pupil: str, code: str, item: str, said: str) -> None:
        """Another word on a question."""
        with self.home.database.write() as session:
            decide(session, _decision(self.pages[pupil, code], item, said))

    def _assign(
        self, session: Session, code: str, week: str, kind: str, subject: str, grade: int, language: str, title: str, count: int
    ) -> None:
        if session.get(schema.Assignment, code):
            return
        parts = tuple(OpenQuestion(str(number), f"?{number}", 2, MOST) for number in range(1, count + 1))
        made = Assignment(code, subject, grade, language, title, kind, week, None, parts)
        digests = {"printed_digest": made.printed_digest, "key_digest": made.key_digest, "scored_digest": made.key_digest}
        what = {"subject": subject, "grade": grade, "language": language, "kind": kind, "title": title}
        session.add(schema.Assignment(code=code, week=week, definition=made.as_json(), former_points=[], added_at=AT, **what, **digests))

    def _pack(self, session: Session, packet: str, week: str, pupil: str, state: str) -> None:
        if session.get(schema.Packet, packet):
            return
        due = StudyWeek.parse(week).monday + timedelta(days=14)
        who = session.get_one(schema.Pupil, pupil)
        files = {"input_digest": "", "pdf": "p.pdf", "pdf_digest": "", "sheets": 1, "grams": 5}
        place = {"kato": who.kato, "school": who.school, "state": state, "return_by": due, "built_at": AT, "awaited": []}
        session.add(schema.Packet(code=packet, week=week, pupil=pupil, **files, **place))

    def _page(self, session: Session, packet: str, week: str, pupil: str, code: str, items: Sequence[int]) -> str:
        identity = f"{len(self.pages) * 16 + items[0] + 1:014x}"
        layout = "-".join(map(str, items))
        if session.get(schema.Layout, layout) is None:
            bare = Layout(PageKind.WORKSHEET, (), tuple(Item(str(each), "score", "10") for each in items), "")
            session.add(schema.Layout(digest=layout, geometry=bare.as_json(), blank=b""))
        session.flush()
        whose = {"week": week, "packet": packet, "pupil": pupil, "assignment": code, "layout": layout, "key_id": "k"}
        place = {"kind": "worksheet", "number": items[0], "of": 9, "pdf": "p.pdf", "pdf_page": 1}
        session.add(schema.Page(id=identity, short_code=short_code(identity), **whose, **place))
        return identity


def graded_desk(folder: Path) -> GradedDesk:
    """An empty desk."""
    home, _made = make_home(folder)
    return GradedDesk(home)


def day(text: str) -> date:
    return date.fromisoformat(text)


def _decision(page: str, item: str, said: str) -> Decision:
    state = {DOUBT: "doubt", WAITS: "waiting"}.get(said, "read")
    points = Decimal(said) if state == "read" else None
    reading = (said,) if state == "read" else ()
    return Decision(page, item, reading, (), state, "faint" if state == "doubt" else "", points, MOST, "reader", None)
