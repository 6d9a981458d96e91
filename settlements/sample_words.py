"""The words of invented districts: village names, family names of stationery, headings of their lists. Used by settlements/sample only."""

from __future__ import annotations

VILLAGE_BEGINNINGS = (
    ("Қалам", "Калам"),
    ("Дәптер", "Даптер"),
    ("Парақ", "Парак"),
    ("Қағаз", "Кагаз"),
    ("Сызғыш", "Сызгыш"),
    ("Бояу", "Бояу"),
    ("Кітап", "Китап"),
    ("Хат", "Хат"),
    ("Глобус", "Глобус"),
    ("Өшіргіш", "Оширгиш"),
    ("Әліппе", "Алиппе"),
    ("Сөздік", "Создик"),
)
VILLAGE_ENDINGS = (
    ("көл", "коль"),
    ("тау", "тау"),
    ("бұлақ", "булак"),
    ("төбе", "тобе"),
    ("өзек", "озек"),
    ("сай", "сай"),
    ("ауыл", "аул"),
    ("құм", "кум"),
    ("қайың", "каин"),
    ("дала", "дала"),
)
LAST_NAMES = {
    "kk": (
        "Қаламов",
        "Дәптеров",
        "Парақов",
        "Қағазов",
        "Сызғышев",
        "Бояуов",
        "Кітапов",
        "Хатшиев",
        "Әріпов",
        "Жұмбақов",
        "Сөздіков",
        "Үтіров",
    ),
    "ru": (
        "Тетрадкин",
        "Карандашев",
        "Линейкин",
        "Ластиков",
        "Закладкин",
        "Глобусов",
        "Мелков",
        "Партин",
        "Пеналов",
        "Азбукин",
        "Запятов",
        "Конвертов",
    ),
}
FIRST_NAMES: dict[str, dict[bool, tuple[str, ...]]] = {  # True: girls and mothers
    "kk": {
        True: ("Айару", "Әсел", "Гүлім", "Жұлдыз", "Іңкәр", "Мөлдір", "Нұрай", "Сәуле", "Ұлжан", "Үміт"),
        False: ("Алдияр", "Әділ", "Бекзат", "Ғалым", "Ерасыл", "Қуаныш", "Нұрлан", "Олжас", "Өмір", "Санжар"),
    },
    "ru": {
        True: ("Алина", "Вера", "Дарья", "Ева", "Ирина", "Ксения", "Мария", "Ольга", "Полина", "Юлия"),
        False: ("Артём", "Борис", "Виктор", "Глеб", "Егор", "Иван", "Лев", "Максим", "Пётр", "Тимур"),
    },
}
ADDRESS = {"kk": "{village}, Мысал көшесі, {house}-үй", "ru": "{village}, ул. Примерная, {house}"}
LANGUAGE_RU = {"kk": "казахский", "ru": "русский"}
PRINT_RU = {"normal": "обычный", "large": "крупный"}
CHANNEL_RU = {"post": "почта", "tv": "ТВ", "radio": "радио", "web": "интернет"}

_PRIMARY = ("math", "reading", "literacy", "kazakh", "russian", "science", "world")
_EXACT = ("math", "algebra", "geometry", "physics", "informatics")
_WORDS = ("kazakh", "kazakh_lit", "kazakh_and_lit", "russian", "russian_lit", "russian_and_lit", "english")
_NATURE = ("science", "geography", "biology", "chemistry", "history", "world_history")
TEACHING = tuple(
    (language, grades, subjects)
    for language in ("kk", "ru")
    for grades, subjects in ((range(1, 5), _PRIMARY), (range(5, 10), _EXACT), (range(5, 10), _WORDS), (range(5, 10), _NATURE))
)

SETTLEMENT_HEADINGS = (
    "КАТО коды",
    "Қазақша атауы",
    "Орысша атауы",
    "Ендік",
    "Бойлық",
    "Халық саны",
    "Пошта индексі",
    "Пошта күндері",
    "Аптасына рет",
)
OFFICE_HEADINGS = ("index", "new_index", "name", "type_po", "kato", "latitude", "longitude", "schedule")
VEHICLE_HEADINGS = ("office", "vehicle", "payload_kg", "day_minutes", "days")
SCHOOL_HEADINGS = ("school", "name_kk", "name_ru", "kato", "lat", "lon", "phone")
TEACHER_HEADINGS = ("teacher", "name", "school", "subject", "grade", "language")
PUPIL_HEADINGS = ("Код", "Фамилия", "Имя", "Класс", "Язык обучения", "КАТО", "Школа", "Родитель", "Адрес", "Шрифт", "Каналы")
