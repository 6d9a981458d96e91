"""An invented district by seed: a real town as its post office and hub school, invented villages around it, invented people.

Called by the demo and by tests. Only the town's name and place are real (settlements/data/towns.csv, GeoNames, CC BY 4.0); villages bear names of
school things, and their KATO codes stand in districts numbered 98 and below, which the classifier does not use.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from settlements import sample_words as words
from settlements.codes import INDEX_PREFIXES
from settlements.distance import destination, metres
from settlements.pupil_codes import CODE_ALPHABET, CODE_LENGTH, looks_like_number
from settlements.register import HubSchool, PostOffice, Van, Village
from settlements.roster import Learner, Lesson, PersonName
from settlements.sample_towns import Town, town_named

DEFAULT_TOWN = "Булаево"
NEAREST_METRES, FARTHEST_METRES = 5_000, 60_000
APART_METRES = 3_000
MIDDLE = (48.0, 67.0)  # of Kazakhstan: villages are not scattered further from it than their town, lest they lie beyond the border
OUTWARDS_METRES = 5_000
FIRST_DISTRICT, LAST_DISTRICT = 98, 72  # downwards: no real district bears such a number
VILLAGES_A_DISTRICT = 630  # 70 sub-districts of 9
GRADES = range(1, 10)
NAMESAKES_FROM = 100  # beyond so many in one village, two may bear one name
SCHOOL = "tirek-1"
LARGE_PRINT_SHARE = 0.03
MAIL_DAYS = (("mon", "thu"), ("tue", "fri"), ("wed", "sat"))


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a district is invented: its town, its number (in KATO after the region, in the index likewise), and what its codes begin with."""

    town: Town
    number: int = FIRST_DISTRICT
    school: str = SCHOOL
    teachers: str = "T"

    def village_kato(self, place: int) -> str:
        """The code of the village number `place`, from 0; what one district cannot hold goes on in the one below."""
        district, within = divmod(place, VILLAGES_A_DISTRICT)
        return f"{self.town.region}{self.number - district:02d}{30 + within // 9:02d}{1 + within % 9}00"


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


def make_sample(seed: int, villages: int = 10, town: str = DEFAULT_TOWN, pupils: tuple[int, int] = (5, 10)) -> SampleDistrict:
    """An invented district: the same for the same seed and figures. `pupils` are the fewest and the most of a village."""
    return invent(Random(seed), Plot(town_named(town)), villages, pupils, set())


def invent(dice: Random, plot: Plot, villages: int, pupils: tuple[int, int], taken: set[str]) -> SampleDistrict:
    """An invented district on that plot; `taken` are the pupils' codes that are given already, and grows."""
    town = plot.town
    office = _office(plot)
    places = tuple(_villages(dice, plot, office, villages))
    learners: list[Learner] = []
    people: list[PersonName] = []
    for village in places:
        for learner, name in _children_of(dice, village, plot.school, dice.randint(*pupils), taken):
            learners.append(learner)
            people.append(name)
    names = f"{town.name_kk} тірек мектебі", f"Опорная школа, {town.name_ru}"
    school = HubSchool(plot.school, *names, office.kato, town.lat, town.lon, "+7 (000) 000-00-00")
    vans, teachers = tuple(_vans(office, villages)), tuple(_teachers(dice, plot))
    return SampleDistrict(places, office, vans, school, teachers, tuple(learners), tuple(people))


def _office(plot: Plot) -> PostOffice:
    town = plot.town
    index = f"{INDEX_PREFIXES[town.region][0]}{plot.number}00"
    kato = f"{town.region}{plot.number}10100"
    return PostOffice(index, f"{town.name_ru}: узел почтовой связи (пример)", kato, town.lat, town.lon, "", "РУПС", "09:00-18:00")


def _villages(dice: Random, plot: Plot, office: PostOffice, count: int) -> list[Village]:
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
        lat, lon = _somewhere(dice, plot.town, placed[-200:])
        days = dice.choice(MAIL_DAYS)
        placed.append(Village(plot.village_kato(number), name_kk, name_ru, lat, lon, dice.randint(20, 240), office.index, days, 1))
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


def _vans(office: PostOffice, villages: int) -> list[Van]:
    count = max(2, -(-villages // 8))
    return [Van(office.index, f"{number:03d} POS 00", 800.0 if number % 2 else 400.0, 600) for number in range(1, count + 1)]


def _children_of(dice: Random, village: Village, school: str, count: int, taken: set[str]) -> list[tuple[Learner, PersonName]]:
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
            found.append((Learner(code, grade, language, village.kato, school, size, channels), name))
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


def _teachers(dice: Random, plot: Plot) -> list[Teacher]:
    """One teacher for the first grades of each language, then one for each group of subjects."""
    found = []
    for number, (language, grades, subjects) in enumerate(words.TEACHING, start=1):
        code = f"{plot.teachers}{number:02d}"
        name = PersonName(code, dice.choice(words.LAST_NAMES[language]) + "а", dice.choice(words.FIRST_NAMES[language][True]))
        lessons = tuple(Lesson(code, plot.school, subject, grade, language) for subject in subjects for grade in grades)
        found.append(Teacher(name, lessons))
    return found
