"""The lists of an invented district or country as offices and schools would send them. Called by the demo and by tests.

The list of settlements has Kazakh headings, those of offices, vehicles, schools and teachers English ones; the pupils come as XLSX with Russian ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from records.exchange import write_table
from settlements import sample_words as words
from settlements.register import HubSchool, PostOffice, Van, Village
from settlements.roster import Learner, PersonName
from settlements.sample import DEFAULT_TOWN, SampleDistrict, Teacher, make_sample


def write_sample(folder: Path, seed: int, villages: int = 10, town: str = DEFAULT_TOWN, pupils: tuple[int, int] = (5, 10)) -> list[Path]:
    """Write one invented district's six lists to `folder`; answers the files, in an order that can be imported."""
    return write_lists(folder, [make_sample(seed, villages, town, pupils)])


def write_lists(folder: Path, districts: Sequence[SampleDistrict]) -> list[Path]:
    """Write the six lists of all `districts` together; answers the files, in an order that can be imported."""
    offices = [_office_row(each.office) for each in districts]
    vans = [_van_row(van) for each in districts for van in each.vans]
    schools = [_school_row(each.school) for each in districts]
    villages = [_village_row(village) for each in districts for village in each.villages]
    teachers = [row for each in districts for teacher in each.teachers for row in _teacher_rows(teacher)]
    pupils = [_pupil_row(*pair) for each in districts for pair in zip(each.learners, each.people, strict=True)]
    return [
        write_table(folder / "offices.csv", words.OFFICE_HEADINGS, offices),
        write_table(folder / "vehicles.csv", words.VEHICLE_HEADINGS, vans),
        write_table(folder / "schools.csv", words.SCHOOL_HEADINGS, schools),
        write_table(folder / "settlements.csv", words.SETTLEMENT_HEADINGS, villages),
        write_table(folder / "teachers.csv", words.TEACHER_HEADINGS, teachers),
        write_table(folder / "pupils.xlsx", words.PUPIL_HEADINGS, pupils, "Ученики"),
    ]


def _village_row(village: Village) -> tuple[str | float | int | None, ...]:
    days = ",".join(village.mail_days)
    return (
        village.kato,
        village.name_kk,
        village.name_ru,
        village.lat,
        village.lon,
        village.population,
        village.office,
        days,
        village.visits,
    )


def _office_row(office: PostOffice) -> tuple[str | float | None, ...]:
    return (office.index, office.new_index, office.name, office.type_po, office.kato, office.lat, office.lon, office.schedule)


def _van_row(van: Van) -> tuple[str | float | int | None, ...]:
    return (van.office, van.vehicle, van.payload_kg, van.day_minutes, ",".join(van.days))


def _school_row(school: HubSchool) -> tuple[str | float | None, ...]:
    return (school.school, school.name_kk, school.name_ru, school.kato, school.lat, school.lon, school.phone)


def _teacher_rows(teacher: Teacher) -> list[tuple[str | int, ...]]:
    return [(each.teacher, teacher.name.full, each.school, each.subject, each.grade, each.language) for each in teacher.lessons]


def _pupil_row(learner: Learner, name: PersonName) -> tuple[str | int, ...]:
    people = (
        learner.code,
        name.last_name,
        name.first_name,
        learner.grade,
        words.LANGUAGE_RU[learner.language],
        learner.kato,
        learner.school,
    )
    return (
        *people,
        name.parent,
        name.address,
        words.PRINT_RU[learner.print],
        ", ".join(words.CHANNEL_RU[each] for each in learner.channels),
    )
