"""An invented district by seed: a real town as its post office and hub school, invented villages around it, invented people.

Called by the demo and by tests. Only the town's name and place are real (settlements/data/towns.csv, GeoNames, CC BY 4.0); villages bear names of
school things, and their KATO codes stand in districts numbered 98 and below, which the classifier does not use.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from records.errors import NotFound
from records.exchange import write_table
from records.language import _
from settlements import sample_words as words
from settlements.codes import INDEX_PREFIXES
from settlements.distance import destination, metres
from settlements.pupil_codes import CODE_ALPHABET, CODE_LENGTH, looks_like_number
from settlements.register import HubSchool, PostOffice, Van, Village
from settlements.roster import Learner, Lesson, PersonName

TOWNS = Path(__file__).parent / "data" / "towns.csv"
DEFAULT_TOWN = "Булаево"
NEAREST_METRES, FARTHEST_METRES = 5_000, 60_000
APART_METRES = 3_000
MIDDLE = (48.0, 67.0)  # of Kazakhstan: villages are not scattered further from it than their town, lest they lie beyond the border
OUTWARDS_METRES = 5_000
FIRST_DISTRICT = 98  # and downwards: no real district bears such a number
VILLAGES_A_DISTRICT = 630  # 70 sub-districts of 9
GRADES = range(1, 10)
NAMESAKES_FROM = 100  # beyond so many in one village, two may bear one name
SCHOOL = "tirek-1"
LARGE_PRINT_SHARE = 0.03
MAIL_DAYS = (("mon", "thu"), ("tue", "fri"), ("wed", "sat"))

# Administrative codes of GeoNames -> the first two signs of KATO; places without one are not offered.
REGIONS = dict(
    zip(
        [
            "01",
            "02",
            "03",
            "04",
            "05",
            "06",
            "07",
            "08",
            "09",
            "10",
            "11",
            "12",
            "13",
            "14",
            "15",
            "16",
            "17",
            "1537272",
            "12510143",
            "12510144",
            "12510145",
        ],
        ["19", "75", "11", "15", "71", "23", "27", "43", "47", "61", "55", "35", "39", "43", "63", "59", "31", "79", "10", "33", "62"],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Town:
    """A real town. `region` is the first two signs of its KATO code."""

    name: str
    name_ru: str
    name_kk: str
    lat: float
    lon: float
    population: int
    region: str


@dataclass(frozen=True, slots=True)
class Teacher:
    """An invented teacher: a code, a name, and what is taught."""

    name: PersonName
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class SampleDistrict:
    """Everything that the lists of an invented district say; `people` are the pupils' names by the pupils' order."""

    villages: tuple[Village, ...]
    office: PostOffice
    vans: tuple[Van, ...]
    school: HubSchool
    teachers: tuple[Teacher, ...]
    learners: tuple[Learner, ...]
    people: tuple[PersonName, ...]


@lru_cache(maxsize=1)
def towns() -> tuple[Town, ...]:
    """The real towns, the largest first."""
    with TOWNS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["admin1"] in REGIONS]
    found = [
        Town(
            row["name"],
            row["name_ru"] or row["name_kk"] or row["name"],
            row["name_kk"] or row["name_ru"] or row["name"],
            float(row["lat"]),
            float(row["lon"]),
            int(row["population"]),
            REGIONS[row["admin1"]],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda town: (-town.population, town.name)))


def town_named(name: str) -> Town:
    """The largest town of that Latin, Russian or Kazakh name; raises NotFound."""
    wanted = name.casefold()
    for town in towns():
        if wanted in (town.name.casefold(), town.name_ru.casefold(), town.name_kk.casefold()):
            return town
    raise NotFound(_("There is no town «{name}» in the list of towns.").format(name=name), _("settlements/data/towns.csv holds the names."))


def make_sample(seed: int, villages: int = 10, town: str = DEFAULT_TOWN, pupils: tuple[int, int] = (5, 10)) -> SampleDistrict:
    """An invented district: the same for the same seed and figures. `pupils` are the fewest and the most of a village."""
    dice = Random(seed)
    centre = town_named(town)
    office = _office(centre)
    places = tuple(_villages(dice, centre, office, villages))
    learners: list[Learner] = []
    people: list[PersonName] = []
    taken: set[str] = set()
    for village in places:
        for learner, name in _children_of(dice, village, dice.randint(*pupils), taken):
            learners.append(learner)
            people.append(name)
    school = HubSchool(
        SCHOOL,
        f"{centre.name_kk} тірек мектебі",
        f"Опорная школа, {centre.name_ru}",
        office.kato,
        centre.lat,
        centre.lon,
        "+7 (000) 000-00-00",
    )
    return SampleDistrict(places, office, tuple(_vans(office, villages)), school, tuple(_teachers(dice)), tuple(learners), tuple(people))


def is_invented(kato: str) -> bool:
    """Whether the code stands in one of the districts that only samples use."""
    return FIRST_DISTRICT - 8 <= int(kato[2:4]) <= FIRST_DISTRICT


def write_sample(folder: Path, seed: int, villages: int = 10, town: str = DEFAULT_TOWN, pupils: tuple[int, int] = (5, 10)) -> list[Path]:
    """Write the district's six lists to `folder` as offices would send them; answers the files, in an order that can be imported.

    The list of settlements has Kazakh headings, those of offices, vehicles, schools and teachers English ones; the pupils come as XLSX with Russian ones.
    """
    district = make_sample(seed, villages, town, pupils)
    return [
        write_table(folder / "offices.csv", words.OFFICE_HEADINGS, [_office_row(district.office)]),
        write_table(folder / "vehicles.csv", words.VEHICLE_HEADINGS, [_van_row(van) for van in district.vans]),
        write_table(folder / "schools.csv", words.SCHOOL_HEADINGS, [_school_row(district.school)]),
        write_table(folder / "settlements.csv", words.SETTLEMENT_HEADINGS, [_village_row(village) for village in district.villages]),
        write_table(
            folder / "teachers.csv", words.TEACHER_HEADINGS, [row for teacher in district.teachers for row in _teacher_rows(teacher)]
        ),
        write_table(
            folder / "pupils.xlsx",
            words.PUPIL_HEADINGS,
            [_pupil_row(*pair) for pair in zip(district.learners, district.people, strict=True)],
            "Ученики",
        ),
    ]


def _office(town: Town) -> PostOffice:
    index = f"{INDEX_PREFIXES[town.region][0]}{FIRST_DISTRICT}00"
    kato = f"{town.region}{FIRST_DISTRICT}10100"
    return PostOffice(index, f"{town.name_ru}: узел почтовой связи (пример)", kato, town.lat, town.lon, "", "РУПС", "09:00-18:00")


def _villages(dice: Random, town: Town, office: PostOffice, count: int) -> list[Village]:
    names = [
        (first_kk + last_kk, first_ru + last_ru)
        for first_kk, first_ru in words.VILLAGE_BEGINNINGS
        for last_kk, last_ru in words.VILLAGE_ENDINGS
    ]
    dice.shuffle(names)
    placed: list[Village] = []
    for number in range(count):
        again, place = divmod(number, len(names))
        name_kk, name_ru = (f"{name}-{again + 1}" if again else name for name in names[place])
        lat, lon = _somewhere(dice, town, placed[-200:])
        days = dice.choice(MAIL_DAYS)
        placed.append(Village(_village_kato(town, number), name_kk, name_ru, lat, lon, dice.randint(20, 240), office.index, days, 1))
    return placed


def _somewhere(dice: Random, town: Town, others: list[Village]) -> tuple[float, float]:
    """A place 5 to 60 km from the town, apart from the others where there is room; latitude and longitude in degrees."""
    farthest = metres(town.lat, town.lon, *MIDDLE) + OUTWARDS_METRES
    lat, lon = town.lat, town.lon
    for _attempt in range(200):
        distance = dice.uniform(NEAREST_METRES, FARTHEST_METRES)
        lat, lon = (round(each, 5) for each in destination(town.lat, town.lon, dice.uniform(0, 360), distance))
        if metres(lat, lon, *MIDDLE) <= farthest and all(metres(lat, lon, each.lat or 0, each.lon or 0) >= APART_METRES for each in others):
            break
    return lat, lon


def _village_kato(town: Town, number: int) -> str:
    district, within = divmod(number, VILLAGES_A_DISTRICT)
    return f"{town.region}{FIRST_DISTRICT - district:02d}{30 + within // 9:02d}{1 + within % 9}00"


def _vans(office: PostOffice, villages: int) -> list[Van]:
    count = max(2, -(-villages // 8))
    return [Van(office.index, f"{number:03d} POS 00", 800.0 if number % 2 else 400.0, 600) for number in range(1, count + 1)]


def _children_of(dice: Random, village: Village, count: int, taken: set[str]) -> list[tuple[Learner, PersonName]]:
    """The pupils of one village; most villages are taught in one language, some in both."""
    main = dice.choice(("kk", "ru"))
    other = "ru" if main == "kk" else "kk"
    found: list[tuple[Learner, PersonName]] = []
    while len(found) < count:
        language = other if dice.random() < 0.15 else main
        code = _code(dice, taken)
        size = "large" if dice.random() < LARGE_PRINT_SHARE else "normal"
        channels = ("post", "tv") if dice.random() < 0.5 else ("post",)
        grade = dice.choice(GRADES)
        name = _person(dice, code, language, village)
        if len(found) >= NAMESAKES_FROM or name.full not in {each.full for _learner, each in found}:
            found.append((Learner(code, grade, language, village.kato, SCHOOL, size, channels), name))
    return found


def _code(dice: Random, taken: set[str]) -> str:
    while True:
        code = "".join(dice.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
        if code not in taken and not looks_like_number(code):
            taken.add(code)
            return code


def _person(dice: Random, code: str, language: str, village: Village) -> PersonName:
    is_girl = dice.random() < 0.5
    stem = dice.choice(words.LAST_NAMES[language])
    first = dice.choice(words.FIRST_NAMES[language][is_girl])
    parent = dice.choice(words.FIRST_NAMES[language][dice.random() < 0.6])
    parent_last = stem + ("а" if parent in words.FIRST_NAMES[language][True] else "")
    address = words.ADDRESS[language].format(village=village.name(language), house=dice.randint(1, 40))
    return PersonName(code, stem + ("а" if is_girl else ""), first, f"{parent_last} {parent}", "" if dice.random() < 0.2 else address)


def _teachers(dice: Random) -> list[Teacher]:
    """One teacher for the first grades of each language, then one for each group of subjects."""
    found = []
    for number, (language, grades, subjects) in enumerate(words.TEACHING, start=1):
        code = f"T{number:02d}"
        name = PersonName(code, dice.choice(words.LAST_NAMES[language]) + "а", dice.choice(words.FIRST_NAMES[language][True]))
        lessons = tuple(Lesson(code, SCHOOL, subject, grade, language) for subject in subjects for grade in grades)
        found.append(Teacher(name, lessons))
    return found


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
