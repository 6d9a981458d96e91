"""Which columns each list has, and what they may be called in English, Kazakh and Russian. Pure.

Called by settlements/intake; settlements/headings finds them in a sheet. docs/spreadsheets.md is checked against this table by a test.
"""

from __future__ import annotations

from dataclasses import dataclass

from settlements import cells, coordinates, joints, loan_cells
from settlements.cells import Reader
from settlements.joints import Joint


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the contract, its reader, other names; `required` columns refuse an empty cell.

    A dash in a cell means that it is empty, unless `dash_means` something of its own there.
    """

    name: str
    read: Reader
    synonyms: tuple[str, ...] = ()
    required: bool = False
    dash_means: bool = False


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list. In `any_of` at least one column must be filled; `notes` are columns repeated beside a refused row, never kept.

    `joints` are columns that may stand in the place of several; `written` columns are those that exports add for the eye: left out without a word.
    """

    name: str
    columns: tuple[Column, ...]
    any_of: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    joints: tuple[Joint, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in the contract."""
        return tuple(column.name for column in self.columns)


_KATO = ("kato code", "като", "код като", "като коды", "әаож", "әаож коды", "код населенного пункта", "елді мекен коды")
_NAME_KK = (
    "name in kazakh",
    "kazakh name",
    "қазақша атауы",
    "атауы қазақша",
    "атауы",
    "қазақ тіліндегі атауы",
    "название на казахском",
    "наименование на казахском",
    "название каз",
    "наименование каз",
    "название на каз языке",
    "наименование на каз языке",
    "название на казахском языке",
    "наименование на казахском языке",
    "название на гос языке",
    "наименование на гос языке",
    "название на государственном языке",
    "наименование на государственном языке",
    "мемлекеттік тілдегі атауы",
)
_NAME_RU = (
    "name in russian",
    "russian name",
    "орысша атауы",
    "атауы орысша",
    "орыс тіліндегі атауы",
    "название",
    "наименование",
    "название на русском",
    "наименование на русском",
    "название рус",
    "наименование рус",
    "название на рус языке",
    "наименование на рус языке",
    "название на русском языке",
    "наименование на русском языке",
)
_LAT = ("lat", "latitude", "широта", "ендік", "ендігі")
_LON = ("lon", "lng", "long", "longitude", "долгота", "бойлық", "бойлығы")
_OFFICE = (
    "office",
    "post office",
    "postal index",
    "индекс",
    "индексі",
    "почтовый индекс",
    "пошта индексі",
    "индекс опс",
    "опс",
    "отделение почтовой связи",
    "почтовое отделение",
    "пошта бөлімшесі",
)
_SCHOOL = ("school code", "hub school", "школа", "код школы", "опорная школа", "мектеп", "мектеп коды", "тірек мектебі")
_GRADE = ("class", "класс", "сынып", "сыныбы")
_LANGUAGE = ("language of instruction", "язык", "язык обучения", "тілі", "тіл", "оқыту тілі", "оқу тілі")
_LAT_LON = Joint("coordinates", ("lat", "lon"), joints.coordinates("lat", "lon"), joints.COORDINATES)

_SETTLEMENTS = ListKind(
    "settlements",
    (
        Column("kato", cells.place_kato, _KATO, required=True),
        Column("name_kk", cells.village, (*_NAME_KK, "елді мекен", "елді мекеннің атауы", "ауыл")),
        Column(
            "name_ru", cells.village, (*_NAME_RU, "settlement", "village", "населенный пункт", "наименование населенного пункта", "село")
        ),
        Column("lat", coordinates.latitude, _LAT),
        Column("lon", coordinates.longitude, _LON),
        Column(
            "population",
            cells.whole(0, 10_000_000),
            ("население", "численность", "численность населения", "халқы", "халық саны", "тұрғындар саны"),
        ),
        Column("office", cells.index, _OFFICE),
        Column(
            "mail_days",
            cells.days,
            ("дни почты", "почтовые дни", "дни доставки", "пошта күндері", "жеткізу күндері"),
            dash_means=True,
        ),
        Column(
            "visits",
            cells.whole(1, 7),
            ("visits per week", "раз в неделю", "рейсов в неделю", "доставок в неделю", "аптасына рет", "аптадағы жеткізу саны"),
        ),
        Column("priority", cells.whole(1, 9), ("urgency", "приоритет", "очередь", "срочность", "басымдық", "басымдығы", "кезек")),
    ),
    any_of=("name_kk", "name_ru"),
    notes=("note",),
    written=("district_kato", "district", "region_kato", "region"),
    joints=(_LAT_LON,),
)
_OFFICES = ListKind(
    "offices",
    (
        Column(
            "index", cells.index, ("postal index", "индекс", "индексі", "почтовый индекс", "пошта индексі", "индекс опс"), required=True
        ),
        Column("new_index", cells.new_index, ("новый индекс", "индекс новый", "жаңа индекс", "жаңа индексі")),
        Column("name", cells.words, ("название", "наименование", "атауы", "название отделения", "бөлімшенің атауы"), required=True),
        Column("type_po", cells.words, ("type", "тип", "вид", "түрі", "тип отделения", "бөлімшенің түрі")),
        Column("kato", cells.any_kato, _KATO),
        Column("latitude", coordinates.latitude, _LAT),
        Column("longitude", coordinates.longitude, _LON),
        Column("schedule", cells.words, ("hours", "график", "график работы", "режим работы", "кестесі", "жұмыс кестесі", "жұмыс уақыты")),
    ),
    joints=(Joint("coordinates", ("latitude", "longitude"), joints.coordinates("latitude", "longitude"), joints.COORDINATES),),
)
_VEHICLES = ListKind(
    "vehicles",
    (
        Column("office", cells.index, _OFFICE, required=True),
        Column(
            "vehicle",
            cells.vehicle,
            ("car", "plate", "машина", "автомобиль", "транспорт", "гос номер", "госномер", "көлік", "көлік нөмірі"),
            required=True,
        ),
        Column(
            "payload_kg",
            cells.payload,
            ("payload", "грузоподъемность", "грузоподъемность кг", "жүк көтергіштігі", "жүк көтергіштігі кг"),
            required=True,
        ),
        Column(
            "day_minutes",
            cells.whole(1, 1440),
            ("minutes a day", "минут в день", "рабочий день минут", "минуты в день", "күніне минут", "жұмыс күні минут"),
        ),
        Column(
            "days",
            cells.days,
            ("working days", "дни", "рабочие дни", "дни работы", "күндер", "күндері", "жұмыс күндері"),
            dash_means=True,
        ),
        Column(
            "speed",
            cells.speed,
            ("speed factor", "скорость", "коэффициент скорости", "жылдамдық", "жылдамдық коэффициенті"),
        ),
    ),
)
_SCHOOLS = ListKind(
    "schools",
    (
        Column("school", cells.school, (*_SCHOOL, "code", "код", "коды"), required=True),
        Column("name_kk", cells.words, (*_NAME_KK, "мектептің атауы", "мектеп атауы")),
        Column("name_ru", cells.words, (*_NAME_RU, "name", "название школы", "наименование школы")),
        Column("kato", cells.any_kato, _KATO),
        Column("lat", coordinates.latitude, _LAT),
        Column("lon", coordinates.longitude, _LON),
        Column("phone", cells.words, ("telephone", "телефон", "телефоны", "тел", "номер телефона")),
    ),
    any_of=("name_kk", "name_ru"),
    joints=(_LAT_LON,),
)
_TEACHERS = ListKind(
    "teachers",
    (
        Column("teacher", cells.code, ("code", "teacher code", "код", "коды", "код учителя", "мұғалім коды"), required=True),
        Column(
            "name",
            cells.person,
            (
                "teacher name",
                "full name",
                "фио",
                "ф и о",
                "фио учителя",
                "имя",
                "учитель",
                "мұғалім",
                "аты жөні",
                "мұғалімнің аты жөні",
                "т а ә",
            ),
        ),
        Column("school", cells.school, _SCHOOL, required=True),
        Column("subject", cells.subject, ("предмет", "код предмета", "пән", "пәні", "пән коды"), required=True),
        Column("grade", cells.grades, (*_GRADE, "grades", "классы", "сыныптар", "сыныптары"), required=True),
        Column("language", cells.language, _LANGUAGE, required=True),
    ),
)
_PUPILS = ListKind(
    "pupils",
    (
        Column("code", cells.pupil_code, ("pupil code", "код", "коды", "код ученика", "код обучающегося", "оқушы коды", "оқушының коды")),
        Column("last_name", cells.person, ("surname", "family name", "фамилия", "тегі"), required=True),
        Column("first_name", cells.person, ("given name", "имя", "аты", "есімі"), required=True),
        Column("grade", cells.grade, _GRADE, required=True),
        Column("language", cells.language, _LANGUAGE, required=True),
        Column("kato", cells.place_kato, _KATO, required=True),
        Column("school", cells.school, _SCHOOL),
        Column(
            "parent",
            cells.name,
            (
                "parents",
                "родитель",
                "законный представитель",
                "родитель законный представитель",
                "фио родителя",
                "ата ана",
                "ата анасы",
                "ата ананың аты жөні",
                "заңды өкіл",
                "заңды өкілі",
            ),
        ),
        Column("address", cells.words, ("адрес", "домашний адрес", "мекенжай", "мекенжайы", "мекен жайы", "үй мекенжайы")),
        Column("print", cells.size, ("size of print", "шрифт", "печать", "размер шрифта", "қаріп", "басылым", "қаріп өлшемі")),
        Column("channels", cells.channels, ("channel", "канал", "каналы", "арна", "арналар", "арналары"), dash_means=True),
    ),
    joints=(
        Joint("full_name", ("last_name", "first_name"), joints.last_name_first, joints.FULL_NAME),
        Joint("first_and_last_name", ("last_name", "first_name"), joints.first_name_first, joints.GIVEN_NAME_FIRST),
    ),
)
_SCHEDULE = ListKind(  # what the post drives anyway; routing reads it, `routes import-schedule` takes it in
    "schedule",
    (
        Column(
            "route",
            cells.route,
            ("route name", "route number", "маршрут", "номер маршрута", "рейс", "бағыт", "маршрут нөмірі", "маршруттың атауы"),
            required=True,
        ),
        Column("office", cells.index, _OFFICE, required=True),
        Column(
            "order",
            cells.whole(1, 999),
            ("stop", "stop number", "порядок", "очередность", "номер остановки", "реті", "рет", "аялдама нөмірі"),
            required=True,
        ),
        Column("kato", cells.place_kato, _KATO, required=True),
        Column(
            "days",
            cells.days,
            ("days of the week", "дни", "дни недели", "дни рейса", "күндер", "күндері", "апта күндері"),
            dash_means=True,
        ),
        Column(
            "vehicle",
            cells.vehicle,
            ("car", "plate", "машина", "автомобиль", "транспорт", "гос номер", "госномер", "көлік", "көлік нөмірі"),
        ),
    ),
    notes=("note",),
)
_LOANS = ListKind(  # school property with pupils; settlements/loan_list says what a row means
    "loans",
    (
        Column(
            "device",
            loan_cells.device,
            (
                "inventory number",
                "device number",
                "инвентарный номер",
                "инвентарный",
                "инв номер",
                "инв",
                "номер устройства",
                "түгендеу нөмірі",
                "құрылғы нөмірі",
            ),
            required=True,
        ),
        Column(
            "kind",
            loan_cells.kind,
            (
                "type",
                "device type",
                "вид",
                "тип",
                "наименование",
                "устройство",
                "вид устройства",
                "тип устройства",
                "наименование устройства",
                "түрі",
                "атауы",
                "құрылғы",
                "құрылғы түрі",
            ),
            required=True,
        ),
        Column(
            "pupil",
            cells.code,
            ("pupil code", "code", "код", "коды", "код ученика", "код обучающегося", "оқушы коды", "оқушының коды"),
            required=True,
        ),
        Column(
            "lent_on", loan_cells.day, ("lent", "issued on", "date of issue", "дата выдачи", "выдано", "выдан", "берілген күні", "берілді")
        ),
        Column(
            "returned_on",
            loan_cells.day,
            ("returned", "came back on", "date of return", "дата возврата", "возвращено", "возвращен", "қайтарылған күні", "қайтарылды"),
        ),
    ),
    notes=("note",),
    written=("kato", "left_on"),
)
_ALL = (_SETTLEMENTS, _OFFICES, _VEHICLES, _SCHOOLS, _TEACHERS, _PUPILS, _SCHEDULE, _LOANS)
KINDS: dict[str, ListKind] = {kind.name: kind for kind in _ALL}
