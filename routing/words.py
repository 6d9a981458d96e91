"""Numbers in words, Kazakh and Russian, for the foot of a manifest: a figure in words is hard to change with a pen. Pure."""

from __future__ import annotations

LARGEST = 999_999_999

_KK_ONES = ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
_KK_TENS = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")
_RU_ONES = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_RU_FEMININE = {1: "одна", 2: "две"}
_RU_TEENS = (
    *("десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать"),
    *("пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать"),
)
_RU_TENS = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
_RU_HUNDREDS = ("", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот")
_RU_THOUSAND = ("тысяча", "тысячи", "тысяч")
_RU_MILLION = ("миллион", "миллиона", "миллионов")


def in_words(number: int, language: str, feminine: bool = False) -> str:
    """A whole number from 0 to LARGEST in Kazakh (kk) or Russian (ru); `feminine` is for Russian: одна остановка."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}")
    if number == 0:
        return "нөл" if language == "kk" else "ноль"
    millions, thousands, rest = number // 1_000_000, number // 1000 % 1000, number % 1000
    if language == "kk":
        words = [*_kk_group(millions, "миллион"), *_kk_thousands(thousands), *_kk_below_thousand(rest)]
    else:
        words = [
            *_ru_group(millions, _RU_MILLION, feminine=False),
            *_ru_group(thousands, _RU_THOUSAND, feminine=True),
            *_ru_below_thousand(rest, feminine),
        ]
    return " ".join(words)


def _kk_below_thousand(number: int) -> list[str]:
    """Жүз alone is a hundred; екі жүз are two."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [_KK_ONES[hundreds] if hundreds > 1 else "", "жүз" if hundreds else "", _KK_TENS[tens], _KK_ONES[ones]]
    return [word for word in words if word]


def _kk_group(number: int, name: str) -> list[str]:
    return [*_kk_below_thousand(number), name] if number else []


def _kk_thousands(number: int) -> list[str]:
    """Мың alone is a thousand, бір мың after millions as well as alone in some forms: the short one is used."""
    return ["мың"] if number == 1 else _kk_group(number, "мың")


def _ru_below_thousand(number: int, feminine: bool) -> list[str]:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    if tens == 1:
        return [word for word in (_RU_HUNDREDS[hundreds], _RU_TEENS[ones]) if word]
    last = _RU_FEMININE.get(ones, _RU_ONES[ones]) if feminine else _RU_ONES[ones]
    return [word for word in (_RU_HUNDREDS[hundreds], _RU_TENS[tens], last) if word]


def _ru_group(number: int, forms: tuple[str, str, str], feminine: bool) -> list[str]:
    if not number:
        return []
    return [*_ru_below_thousand(number, feminine), forms[_ru_form(number)]]


def _ru_form(number: int) -> int:
    """Which of one, few, many: 1 тысяча, 2 тысячи, 5 тысяч, 11 тысяч, 21 тысяча."""
    if number % 100 in range(11, 15) or number % 10 in (0, *range(5, 10)):
        return 2
    return 0 if number % 10 == 1 else 1
