"""What one cell of a list may hold: each reader turns its text into a value, a mended value, or raises CellRefused with a sentence. Pure.

Called by settlements/columns, which says which reader belongs to which column; coordinates are read in settlements/coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from records.calendar import WEEKDAYS
from records.language import _
from settlements.codes import is_kato, is_new_index, is_old_index, is_place
from settlements.mending import Mended, both, code_digits, in_its_script, in_latin, in_small_letters, read_as, roman
from settlements.refusal import CellRefused, person_name, quantity
from settlements.register import NO_DAYS
from settlements.roster import CHANNELS

GRADES = range(1, 13)
LONGEST_TEXT = 200
LONGEST_CODE = 64
CODE_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
SCHOOL_FORM = re.compile(r"\w[\w.-]*")
SUBJECT_FORM = re.compile(r"[a-z][a-z0-9_-]*")
_ROMAN = "[IVXІХivxіх]"
_CLASS_WORD = r"(?:класс\w{0,2}|кл|сынып\w{0,5}|сын|class|grade)\.?"
_CLASS = (  # of 5-й «Б» класс, what follows the number
    rf"(?:-?(?:й|ый|ой|ий|го|ші|шы|th|st|nd|rd)(?!\w))?"
    rf"(?:[\s-]*(?!{_ROMAN}\b)[«\"'(]?[^\W\d_][»\"')]?(?!\w))?(?:[\s-]*{_CLASS_WORD})?"
)
_GRADE_FORM = re.compile(rf"(\d{{1,2}})([.,]0+)?{_CLASS}", re.IGNORECASE)
_ROMAN_GRADE_FORM = re.compile(rf"({_ROMAN}+){_CLASS}", re.IGNORECASE)
_GRADES_WORD = re.compile(rf"\s*{_CLASS_WORD}$", re.IGNORECASE)
_SPAN = re.compile(rf"\d{{1,2}}-\d{{1,2}}|{_ROMAN}+-{_ROMAN}+")
_LANGUAGE_NAME = re.compile(r"\s+(?:язык|тілі|language)$")
_EVERY_DAY = ("ежедневно", "каждый день", "күн сайын", "күнделікті", "daily", "every day")
CELL_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ИМЯ?", "#ДЕЛ/0!")

Reader = Callable[[str], Any]

LANGUAGE_WORDS: Mapping[str, tuple[str, ...]] = {
    "kk": ("kk", "kz", "kaz", "каз", "қаз", "kazakh", "казахский", "қазақ", "қазақша", "қазақ тілі"),
    "ru": ("ru", "rus", "рус", "russian", "русский", "орыс", "орысша", "орыс тілі"),
    "uz": ("uz", "uzb", "узб", "uzbek", "узбекский", "өзбек", "өзбекше", "өзбек тілі"),
    "ug": ("ug", "uig", "уйг", "uyghur", "уйгурский", "ұйғыр", "ұйғырша", "ұйғыр тілі"),
    "tg": ("tg", "tj", "тадж", "tajik", "таджикский", "тәжік", "тәжікше", "тәжік тілі"),
    "en": ("en", "eng", "англ", "english", "английский", "ағылшын", "ағылшынша", "ағылшын тілі"),
}
DAY_WORDS: Mapping[str, tuple[str, ...]] = {
    "mon": ("mon", "monday", "пн", "пон", "понедельник", "дс", "дүйсенбі"),
    "tue": ("tue", "tuesday", "вт", "вторник", "сс", "сейсенбі"),
    "wed": ("wed", "wednesday", "ср", "среда", "сәрсенбі"),
    "thu": ("thu", "thursday", "чт", "четверг", "бс", "бейсенбі"),
    "fri": ("fri", "friday", "пт", "пятница", "жм", "жұма"),
    "sat": ("sat", "saturday", "сб", "суббота", "сн", "сенбі"),
    "sun": ("sun", "sunday", "вс", "воскресенье", "жс", "жексенбі"),
}
CHANNEL_WORDS: Mapping[str, tuple[str, ...]] = {
    "post": ("post", "mail", "почта", "пошта"),
    "tv": ("tv", "тв", "телевидение", "теледидар"),
    "radio": ("radio", "радио"),
    "web": ("web", "internet", "online", "интернет", "онлайн", "платформа"),
}
PRINT_WORDS: Mapping[str, tuple[str, ...]] = {
    "normal": ("normal", "обычный", "обычная", "кәдімгі", "қалыпты"),
    "large": ("large", "крупный", "крупная", "ірі"),
}


def words(text: str) -> str | Mended:
    """Free text of a cell, in one script."""
    return in_its_script(_readable(text))


def name(text: str) -> str | Mended:
    """The name of an addressee: as `words`, and not in capitals."""
    found = words(text)
    return both(found, in_small_letters(_value(found)))


def person(text: str) -> str | Mended:
    """The name of a person: as `name`, of letters."""
    found = name(text)
    person_name(_value(found))
    return found


def village(text: str) -> str | Mended:
    """The name of a village: as `name`, but short words and those without a vowel stay in capitals: МТФ, ГЭС."""
    found = words(text)
    return both(found, in_small_letters(_value(found), with_short_words=False))


def _value(found: str | Mended) -> str:
    return str(found.value) if isinstance(found, Mended) else found


def _readable(text: str) -> str:
    if text in CELL_ERRORS:
        raise CellRefused("cell_error", _("The spreadsheet shows an error in place of a value."), _("Mend the formula or type the value."))
    if "\ufffd" in text or re.search(r"\w\?|\?\w", text):
        raise CellRefused(
            "lost_letters",
            _("Letters were lost when the file was saved."),
            _("Save it as .xlsx or CSV UTF-8: other kinds cannot hold Қ, Ғ, Ә, Ө."),
        )
    if len(text) > LONGEST_TEXT:
        raise CellRefused("too_long", _("The text is longer than {count} letters.").format(count=LONGEST_TEXT), _("Shorten it."))
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise CellRefused("control_letters", _("The text holds signs that cannot be printed."), _("Type it again by hand."))
    return text


def place_kato(text: str) -> str | Mended:
    """The KATO code of a place where people live."""
    kato = any_kato(text)
    if text and not is_place(kato.value if isinstance(kato, Mended) else kato):
        raise CellRefused(
            "wrong_level",
            _("«{value}» is the code of a district or region, not of a village.").format(value=text),
            _("Give the code of the settlement: its last three digits are rarely 000."),
        )
    return kato


def any_kato(text: str) -> str | Mended:
    """A KATO code of any level."""
    if not text or is_kato(text):
        return text
    if is_kato(digits := code_digits(text)):
        return read_as(text, digits)
    hint = _("A KATO code has nine digits and begins with 1 to 7.")
    if re.fullmatch(r"\d[.,]\d+[eE]\+?\d+", text):
        hint = _("The spreadsheet has dropped digits of it: make the column text and type the code again.")
    raise CellRefused("kato", _("«{value}» is not a KATO code.").format(value=text), hint)


def index(text: str) -> str | Mended:
    """A postal index of six digits or seven signs."""
    value = text.upper()
    if not text or is_old_index(value) or is_new_index(value):
        return value
    if is_old_index(digits := code_digits(text)) or is_new_index(digits := in_latin(value.replace(" ", ""))):
        return read_as(text, digits)
    hint = _("An index has six digits (150800) or seven signs (T15X4Y2).")
    if re.fullmatch(r"\d{5}", text):
        hint = _("The spreadsheet may have dropped a leading zero: make the column text and write 0{value}.").format(value=text)
    raise CellRefused("index", _("«{value}» is not a postal index.").format(value=text), hint)


def new_index(text: str) -> str | Mended:
    """A postal index of seven signs."""
    value = text.upper()
    if not value or is_new_index(value):
        return value
    if is_new_index(mended := in_latin(value.replace(" ", ""))):
        return read_as(text, mended)
    raise CellRefused(
        "index", _("«{value}» is not a new postal index.").format(value=text), _("The new index has seven signs, as in T15X4Y2.")
    )


def whole(lowest: int, highest: int) -> Reader:
    """A reader of whole numbers from `lowest` to `highest`; None where the cell is empty."""

    def read(text: str) -> int | None:
        value = quantity(text)
        if value is None:
            return None
        if not value.is_integer() or not lowest <= value <= highest:
            raise CellRefused(
                "number",
                _("«{value}» is not a whole number from {lowest} to {highest}.").format(value=text, lowest=lowest, highest=highest),
            )
        return int(value)

    return read


def payload(text: str) -> float | None:
    """Kilograms, more than none."""
    value = quantity(text)
    if value is not None and not 0 < value <= 100_000:
        raise CellRefused(
            "payload",
            _("A vehicle that carries {value} kg can deliver nothing.").format(value=text),
            _("Give what it may carry in kilograms, as in 800."),
        )
    return value


def grade(text: str) -> int | Mended | None:
    """A grade from 1 to 12, also written with the letter of its class: 5А, 5 «Б», 5 сынып; roman numerals and 5.0 are mended."""
    if not text:
        return None
    if len(text) > LONGEST_CODE:
        raise _no_grade(text)
    found = _GRADE_FORM.fullmatch(text)
    numeral = _ROMAN_GRADE_FORM.fullmatch(text)
    value = int(found[1]) if found else roman(numeral[1]) if numeral else None
    if value not in GRADES:
        raise _no_grade(text)
    return value if found and not found[2] else read_as(text, value)


def grades(text: str) -> tuple[int, ...] | Mended:
    """Several grades: 5, or 5,6,7, or 1-4, or V-IX, with or without the word for them."""
    taken: set[int] = set()
    mended = False
    bare = re.sub(rf"\s*[-–—]\s*(?=\d|{_ROMAN})", "-", _GRADES_WORD.sub("", text))
    for part in filter(None, re.split(r"[,;\s]+", bare)):
        first, last, is_roman = _span(part, text)
        mended = mended or is_roman
        taken.update(range(first, last + 1))
    if text and not taken:
        raise _no_grades(text)
    found = tuple(sorted(taken))
    return read_as(text, found, ", ".join(map(str, found))) if mended else found


def _span(part: str, whole_text: str) -> tuple[int, int, bool]:
    """The first and last grade of one part of a cell, and whether it had to be mended."""
    try:
        read = [grade(end) for end in (part.split("-") if _SPAN.fullmatch(part) else [part])]
    except CellRefused:
        raise _no_grades(whole_text) from None
    values = [int(each.value if isinstance(each, Mended) else each or 0) for each in read]
    if not 0 < values[0] <= values[-1]:
        raise _no_grades(whole_text)
    return values[0], values[-1], any(isinstance(each, Mended) for each in read)


def code(text: str) -> str:
    """A code of a person: Latin letters, digits, hyphens; it is printed and becomes part of file names."""
    return _code(text, _("Use Latin letters, digits and hyphens."))


def pupil_code(text: str) -> str:
    """The code of a pupil: as `code`; where there is none, one is given."""
    return _code(text, _("Use Latin letters, digits and hyphens, or leave a pupil's code empty: it is given."))


def _code(text: str, hint: str) -> str:
    if text and (not CODE_FORM.fullmatch(text) or len(text) > LONGEST_CODE):
        raise CellRefused("code", _("«{value}» cannot be a code.").format(value=text), hint)
    return text


def school(text: str) -> str:
    """A code of a school: letters of any alphabet, digits, hyphens."""
    if text and (not SCHOOL_FORM.fullmatch(text) or len(text) > LONGEST_CODE):
        raise CellRefused(
            "code", _("«{value}» cannot be the code of a school.").format(value=text), _("Use letters, digits and hyphens without spaces.")
        )
    return text


def speed(text: str) -> float | None:
    """How fast a vehicle is on the road beside the usual one: 0,8 takes a quarter longer; None where the cell is empty."""
    value = quantity(text)
    if value is not None and not 0.2 <= value <= 2:
        raise CellRefused(
            "speed",
            _("«{value}» is no speed factor from 0.2 to 2.").format(value=text),
            _("1 is the usual speed on the road, 0.8 one that takes a quarter longer."),
        )
    return None if value is None else round(value, 2)


def route(text: str) -> str:
    """The name or number of an existing route."""
    return vehicle(text)


def vehicle(text: str) -> str:
    """A vehicle's name or number plate."""
    if len(text) > LONGEST_CODE:
        raise CellRefused("too_long", _("The text is longer than {count} letters.").format(count=LONGEST_CODE), _("Shorten it."))
    return _readable(text)


def subject(text: str) -> str:
    """A subject's short code."""
    value = text.lower()
    if value and (not SUBJECT_FORM.fullmatch(value) or len(value) > LONGEST_CODE):
        raise CellRefused(
            "subject",
            _("«{value}» is not the short code of a subject.").format(value=text),
            _("Write the code that assignments use, as in math."),
        )
    return value


def language(text: str) -> str:
    """A language of instruction: kk, ru, uz, ug, tg, en, or its name, with or without the word for language."""
    bare = _LANGUAGE_NAME.sub("", text.casefold())
    if any(bare in names for names in LANGUAGE_WORDS.values()):
        text = bare
    return _one_of(text, LANGUAGE_WORDS, "language", _("«{value}» is not a language of instruction."))


def size(text: str) -> str:
    """The size of print: normal (also where empty) or large."""
    return _one_of(text, PRINT_WORDS, "print", _("«{value}» is not a size of print.")) or "normal"


def days(text: str) -> str | Mended:
    """Days of the week as mon,thu; a range as пн-пт; a word for every day, which is told; empty stays empty; a dash says that none is meant."""
    if _means_none(text):
        return NO_DAYS
    if text.casefold() in _EVERY_DAY:
        return read_as(text, ",".join(WEEKDAYS))
    taken: set[str] = set()
    for part in filter(None, re.split(r"[,;/\s]+", re.sub(r"\s*[-–—]\s*", "-", text.replace(".", "")))):
        ends = [_one_of(end, DAY_WORDS, "days", _("«{value}» is not a day of the week.")) for end in part.split("-")]
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        span = WEEKDAYS[first : last + 1] if first <= last else WEEKDAYS[first:] + WEEKDAYS[: last + 1]
        taken.update(span)
    if text and not taken:
        raise CellRefused("days", _("«{value}» is not a day of the week.").format(value=text), _choose_from(DAY_WORDS))
    return ",".join(day for day in WEEKDAYS if day in taken)


def channels(text: str) -> str:
    """The ways by which lessons reach a pupil; empty means post, a dash or a word for none that no lesson does."""
    if _means_none(text):
        return ""
    parts = filter(None, re.split(r"[,;/+\s]+", text))
    taken = {_one_of(part, CHANNEL_WORDS, "channels", _("«{value}» is not a channel.")) for part in parts}
    return ",".join(channel for channel in CHANNELS if channel in taken) or "post"


def _means_none(text: str) -> bool:
    return text in ("-", "–", "—") or text.casefold() in (NO_DAYS, "нет", "жоқ")


def _no_grade(text: str) -> CellRefused:
    return CellRefused("grade", _("«{value}» is not a grade.").format(value=text), _("Write a number from 1 to 12."))


def _no_grades(text: str) -> CellRefused:
    return CellRefused("grade", _("«{value}» is not a grade.").format(value=text), _("Write grades from 1 to 12, as in 5, or 5,6, or 1-4."))


def _one_of(text: str, known: Mapping[str, tuple[str, ...]], code: str, sentence: str) -> str:
    wanted = text.casefold().rstrip(".")
    for value, names in known.items():
        if wanted in names:
            return value
    if not text:
        return ""
    raise CellRefused(code, sentence.format(value=text), _choose_from(known))


def _choose_from(known: Mapping[str, tuple[str, ...]]) -> str:
    return _("Choose from: {choices}.").format(choices=", ".join(known))
