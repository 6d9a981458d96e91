"""What in the lists does not fit together. Imports run in any order, so references may dangle: here they are told.

Called by settlements/check_commands. Each problem is a Complaint with a stable code; nothing is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.calendar import today
from records.errors import Complaint
from records.language import _, current_language, ngettext
from records.schema import Assignment
from settlements.boundaries import Boundaries, boundaries
from settlements.check_places import check_places, problem
from settlements.codes import district_of, index_fits
from settlements.distance import metres
from settlements.kato import Classifier
from settlements.kato_store import classifier
from settlements.loans import check_loans
from settlements.register import HubSchool, PostOffice, Van, Village, office_of, offices, schools, vans, villages
from settlements.roster import Learner, Lesson, learners, lessons
from settlements.schedule import check_schedule

FAR_METRES = 150_000  # great circle; a day's drive there and back on village roads
MANY = 10  # codes named one by one in a sentence

Taught = tuple[str, int, str]  # subject, grade, language


@dataclass(frozen=True)
class Lists:
    """Everything that is compared, read once."""

    villages: list[Village]
    offices: list[PostOffice]
    vans: list[Van]
    schools: dict[str, HubSchool]
    learners: list[Learner]
    lessons: list[Lesson]
    assigned: list[Taught]
    classifier: Classifier | None = None
    boundaries: Boundaries | None = None

    @cached_property
    def by_kato(self) -> dict[str, Village]:
        """The villages by code."""
        return {village.kato: village for village in self.villages}

    @cached_property
    def by_index(self) -> dict[str, PostOffice]:
        """The post offices by index."""
        return {office.index: office for office in self.offices}

    @cached_property
    def peopled(self) -> set[str]:
        """The codes of places where pupils live."""
        return {learner.kato for learner in self.learners}


def check(session: Session) -> list[Complaint]:
    """Every problem of the lists in the open session, by list and code."""
    assigned = session.execute(
        select(Assignment.subject, Assignment.grade, Assignment.language).distinct().order_by("subject", "grade", "language")
    )
    lists = Lists(
        villages(session),
        offices(session),
        vans(session),
        schools(session),
        learners(session),
        lessons(session),
        [(*row,) for row in assigned],
        classifier(session),
        boundaries(session),
    )
    places = check_places(lists.villages, lists.classifier, lists.boundaries, today())
    found = (
        _villages(lists),
        _offices(lists),
        _vans(lists),
        _schools(lists),
        _pupils(lists),
        check_loans(session),
        _teachers(lists),
        check_schedule(session),
    )
    return [*places, *chain.from_iterable(found)]


def _villages(lists: Lists) -> Iterator[Complaint]:
    driven: dict[str, set[str]] = {}
    for van in lists.vans:
        driven.setdefault(van.office, set()).update(van.days)
    yield from _without_office(lists)
    for village in lists.villages:
        if village.lat is None or village.lon is None:
            text = _("The village {name} ({kato}) has no coordinates: no route can be planned to it.").format(
                name=_name(village), kato=village.kato
            )
            yield problem(
                "village_without_coordinates",
                village.kato,
                text,
                _("Add lat and lon to the list of settlements and import it again."),
            )
        if not (village.name_kk and village.name_ru):
            text = _("The village {name} ({kato}) has a name in one language only.").format(name=_name(village), kato=village.kato)
            yield problem(
                "village_without_name",
                village.kato,
                text,
                _("Both stand on labels and postal lists."),
            )
        yield from _mail(lists, village, driven)


def _without_office(lists: Lists) -> Iterator[Complaint]:
    """Villages that no post office serves, told once for each district."""
    left = Counter(district_of(village.kato) for village in lists.villages if not office_of(village, lists.offices))
    for district, count in sorted(left.items()):
        sentence = ngettext(
            "{count} village of the district {district} has no post office.",
            "{count} villages of the district {district} have no post office.",
            count,
        )
        hint = _("Import a list of offices with coordinates and KATO codes, or fill the column office.")
        yield problem("village_without_office", district, sentence.format(count=count, district=district), hint)


def _mail(lists: Lists, village: Village, driven: dict[str, set[str]]) -> Iterator[Complaint]:
    """What stands between a village and its post office."""
    index = office_of(village, lists.offices)
    office = lists.by_index.get(index)
    named = {"name": _name(village), "kato": village.kato, "office": index}
    if index and office is None:
        text = _("The village {name} ({kato}) names the post office {office}, which is in no list.").format(**named)
        yield problem("office_unknown", village.kato, text, _("Import the list of offices, or correct the index."))
    if index and not index_fits(index, village.kato):
        text = _("The post office {office} of the village {name} ({kato}) is in another region by its index.")
        yield problem("office_of_other_region", village.kato, text.format(**named), _("Correct the index or the KATO code."))
    yield from _far(village, office, named)
    if village.kato in lists.peopled:
        yield from _days(village, driven.get(index, set()), named)


def _far(village: Village, office: PostOffice | None, named: dict[str, str]) -> Iterator[Complaint]:
    if office is None or office.lat is None or office.lon is None or village.lat is None or village.lon is None:
        return
    far = metres(village.lat, village.lon, office.lat, office.lon)
    if far > FAR_METRES:
        text = _("The village {name} ({kato}) lies {km} km from its post office {office}.").format(km=round(far / 1000), **named)
        yield problem("office_far_away", village.kato, text, _("Check the coordinates of both, or name a nearer office."))


def _days(village: Village, driven: set[str], named: dict[str, str]) -> Iterator[Complaint]:
    if not village.mail_days or (driven and not driven & set(village.mail_days)):
        text = _("No vehicle drives to the village {name} ({kato}) on any of its mail days.").format(**named)
        yield problem("no_mail_day", village.kato, text, _("Change the village's mail_days or the vehicles' days."))
    if village.visits > len(village.mail_days) > 0:
        text = _("The village {name} ({kato}) is to be visited more often than it has mail days.").format(**named)
        yield problem("too_many_visits", village.kato, text, _("Lower visits or add mail_days."))


def _offices(lists: Lists) -> Iterator[Complaint]:
    equipped = {van.office for van in lists.vans}
    used = {office_of(village, lists.offices) for village in lists.villages if village.kato in lists.peopled}
    for office in lists.offices:
        named = {"office": office.index, "name": office.name}
        if office.lat is None:
            text = _("The post office {office} ({name}) has no coordinates.").format(**named)
            yield problem(
                "office_without_coordinates",
                office.index,
                text,
                _("Add them to the list of offices, or import the settlement of its KATO code."),
            )
        if office.kato and not index_fits(office.index, office.kato):
            text = _("The index and the KATO code of the post office {office} ({name}) belong to different regions.").format(**named)
            yield problem("office_of_other_region", office.index, text, _("Correct the index or the KATO code."))
        if office.index in used and office.index not in equipped:
            text = _("The post office {office} ({name}) has no vehicle, but villages with pupils.").format(**named)
            yield problem("office_without_vehicle", office.index, text, _("Import the list of vehicles."))


def _vans(lists: Lists) -> Iterator[Complaint]:
    for van in lists.vans:
        if van.office not in lists.by_index:
            text = _("The vehicle {vehicle} belongs to the post office {office}, which is in no list.").format(
                vehicle=van.vehicle, office=van.office
            )
            yield problem("vehicle_office_unknown", van.office, text, _("Import the list of offices, or correct the index."))


def _schools(lists: Lists) -> Iterator[Complaint]:
    for school in lists.schools.values():
        if school.lat is None:
            text = _("The hub school {school} has no coordinates.").format(school=school.school)
            yield problem(
                "school_without_coordinates",
                school.school,
                text,
                _("Add them to the list of schools, or import the settlement of its KATO code."),
            )


def _pupils(lists: Lists) -> Iterator[Complaint]:
    lost = Counter(learner.kato for learner in lists.learners if learner.kato not in lists.by_kato)
    for kato, count in sorted(lost.items()):
        sentence = ngettext(
            "{count} pupil lives in {kato}, which is in no list of settlements.",
            "{count} pupils live in {kato}, which is in no list of settlements.",
            count,
        )
        yield problem(
            "pupil_without_village",
            kato,
            sentence.format(count=count, kato=kato),
            _("Import the settlement, or move the pupils with `poshta pupils move`."),
        )
    unknown = Counter(learner.school for learner in lists.learners if learner.school not in lists.schools)
    for school, count in sorted(unknown.items()):
        if school:
            sentence = ngettext(
                "{count} pupil belongs to the school {school}, which is in no list.",
                "{count} pupils belong to the school {school}, which is in no list.",
                count,
            )
            yield problem(
                "school_unknown",
                school,
                sentence.format(count=count, school=school),
                _("Import the list of schools, or correct the code."),
            )
        else:
            sentence = ngettext("{count} pupil belongs to no school: {codes}.", "{count} pupils belong to no school: {codes}.", count)
            codes = [learner.code for learner in lists.learners if not learner.school]
            yield problem(
                "pupil_without_school",
                "",
                sentence.format(count=count, codes=_some(codes)),
                _("Fill the column school and import the list again."),
            )


def _teachers(lists: Lists) -> Iterator[Complaint]:
    for school in sorted({lesson.school for lesson in lists.lessons} - set(lists.schools)):
        text = _("Teachers are listed for the school {school}, which is in no list.").format(school=school)
        yield problem("teacher_school_unknown", school, text, _("Import the list of schools, or correct the code."))
    taught = Counter((lesson.school, lesson.subject, lesson.grade, lesson.language) for lesson in lists.lessons)
    for (school, subject, grade, language), count in sorted(taught.items()):
        if count > 1:
            named = {"school": school, "subject": subject, "grade": grade, "language": language}
            text = _(
                "{subject}, grade {grade}, {language} has more than one teacher at the school {school}; returns go to the first by code."
            )
            yield problem("several_teachers", school, text.format(**named), _("Keep one row for each lesson in the list of teachers."))
    staffed = {lesson.school for lesson in lists.lessons}
    learning = {(learner.school, learner.grade, learner.language) for learner in lists.learners if "post" in learner.channels}
    for school, grade, language in sorted(learning):
        for subject in (subject for subject, *whom in lists.assigned if whom == [grade, language]):
            if school in staffed and not taught[school, subject, grade, language]:
                named = {"school": school, "subject": subject, "grade": grade, "language": language}
                text = _("{subject}, grade {grade}, {language} has no teacher at the school {school}.").format(**named)
                yield problem("teacher_missing", school, text, _("Add a row to the list of teachers and import it again."))


def _name(village: Village) -> str:
    return village.name(current_language())


def _some(codes: list[str]) -> str:
    return ", ".join(sorted(codes)[:MANY]) + (" …" if len(codes) > MANY else "")
