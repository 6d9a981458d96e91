"""The roster of people: pupils and teachers by code, their names apart from everything else.

Called by packets (what to print for whom) and scanning (whose teacher gets the return). `PersonName` is the only record here that
carries a name; it is for the inside of an envelope, the parent's label and the teacher's own table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.errors import NotFound
from records.language import _
from records.schema import Packet, Person, Pupil, Teaching
from settlements.codes import scope_prefix

PUPIL, TEACHER = "pupil", "teacher"
CHANNELS = ("post", "tv", "radio", "web")
LANGUAGES = ("kk", "ru", "uz", "ug", "tg", "en")  # of instruction
FEW = 500  # beyond this, reading everything is quicker than naming codes, and a database takes only so many

TeacherOf = Callable[[str, str, int, str], str]


@dataclass(frozen=True, slots=True)
class Learner:
    """A pupil without a name. `print` is normal or large; `channels` are those by which lessons reach the child; `left_on` of one who is gone."""

    code: str
    grade: int
    language: str
    kato: str
    school: str
    print: str = "normal"
    channels: tuple[str, ...] = ("post",)
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonName:
    """A pupil's or teacher's name; `parent` and `address` are for the outside of the envelope."""

    code: str
    last_name: str
    first_name: str
    parent: str = ""
    address: str = ""

    @property
    def full(self) -> str:
        """Last name and first name."""
        return f"{self.last_name} {self.first_name}".strip()


@dataclass(frozen=True, slots=True)
class Lesson:
    """Who teaches a subject to a grade in a language at a school."""

    teacher: str
    school: str
    subject: str
    grade: int
    language: str


def learners(
    session: Session,
    district: str = "",
    village: str = "",
    pupil: str = "",
    school: str = "",
    with_left: bool = False,
    villages: Collection[str] | None = None,
) -> list[Learner]:
    """The pupils by village, grade and code, narrowed by KATO codes (exact ones in `villages`), a pupil's code or a school; those who left only on request."""
    wanted = select(Pupil).order_by(Pupil.kato, Pupil.grade, Pupil.code)
    if villages is not None:
        wanted = wanted.where(Pupil.kato.in_(villages))
    for code in (district, village):
        if code:
            wanted = wanted.where(Pupil.kato.startswith(scope_prefix(code), autoescape=True))
    if pupil:
        wanted = wanted.where(Pupil.code == pupil)
    if school:
        wanted = wanted.where(Pupil.school == school)
    if not with_left:
        wanted = wanted.where(Pupil.left_on.is_(None))
    return [_learner(row) for row in session.scalars(wanted)]


def pupils_by_village(session: Session, district: str = "", village: str = "", pupil: str = "") -> dict[str, int]:
    """How many pupils `learners` finds in each village, by exact KATO code in its order."""
    wanted = select(Pupil.kato, func.count()).where(Pupil.left_on.is_(None)).group_by(Pupil.kato).order_by(Pupil.kato)
    for code in (district, village):
        if code:
            wanted = wanted.where(Pupil.kato.startswith(scope_prefix(code), autoescape=True))
    if pupil:
        wanted = wanted.where(Pupil.code == pupil)
    return dict(session.execute(wanted).all())


def names(session: Session, role: str = PUPIL, codes: Iterable[str] | None = None) -> dict[str, PersonName]:
    """The names by code, of all or of `codes`; a code whose names were forgotten is not there."""
    wanted = select(Person.code, Person.last_name, Person.first_name, Person.parent, Person.address).where(Person.role == role)
    chosen = None if codes is None else set(codes)
    if chosen is not None and len(chosen) <= FEW:
        wanted = wanted.where(Person.code.in_(chosen))
    rows = (PersonName(*row) for row in session.execute(wanted))
    return {name.code: name for name in rows if chosen is None or name.code in chosen}


def lessons(session: Session) -> list[Lesson]:
    """Who teaches what, by school, subject, grade and language."""
    order = (Teaching.school, Teaching.subject, Teaching.grade, Teaching.language, Teaching.teacher)
    rows = session.scalars(select(Teaching).order_by(*order))
    return [Lesson(row.teacher, row.school, row.subject, row.grade, row.language) for row in rows]


def teacher_of(session: Session) -> TeacherOf:
    """A function of school, subject, grade and language that answers the teacher's code, or nothing where none is known.

    Where several teach the same, the first by code answers: the return goes to one desk.
    """
    known: dict[tuple[str, str, int, str], str] = {}
    for lesson in lessons(session):
        known.setdefault((lesson.school, lesson.subject, lesson.grade, lesson.language), lesson.teacher)
    return _lookup(known)


def packet_files(session: Session, code: str) -> list[str]:
    """The PDFs of a pupil's packets, relative to the home: the first name stands on every page."""
    return list(session.scalars(select(Packet.pdf).where(Packet.pupil == code).order_by(Packet.pdf)))


def unknown_pupil(code: str) -> NotFound:
    """The refusal of a code that the roster does not have."""
    return NotFound(_("There is no pupil with the code {code}.").format(code=code), _("`poshta pupils list` shows the codes."))


def _learner(row: Pupil) -> Learner:
    channels = tuple(channel for channel in row.channels.split(",") if channel)
    return Learner(row.code, row.grade, row.language, row.kato, row.school, row.print, channels, row.left_on)


def _lookup(known: Mapping[tuple[str, str, int, str], str]) -> TeacherOf:
    def teacher(school: str, subject: str, grade: int, language: str) -> str:
        return known.get((school, subject, grade, language), "")

    return teacher
