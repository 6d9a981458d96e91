"""Every sentence of the program is there in Kazakh and Russian, with the same fields; the extraction is first shown to see what it must."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from records.language import (
    CATALOGUES,
    KAZAKH_ALPHABET,
    N_,
    _,
    alphabetical,
    catalogue,
    date_until,
    long_date,
    ngettext,
    ntranslate,
    page_language,
    set_language,
    short_date,
    system_language,
    translate,
)

ROOT = Path(__file__).parents[2]
ROOMS = ("records", "settlements", "packets", "routing", "scanning")
CATALOGUE_NAMES = sorted({path.stem for path in CATALOGUES.glob("*/*.po")})  # a room may keep several
ARGUMENTS = {"_": 1, "N_": 1, "translate": 1, "ngettext": 2, "ntranslate": 2}
PLURALS = {"kk": "(n != 1)", "ru": "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"}
Sentence = str | tuple[str, ...]


@dataclass
class Extracted:
    """The sentences of some source text, and the calls whose sentence cannot be seen."""

    sentences: set[Sentence] = field(default_factory=set)
    hidden: list[int] = field(default_factory=list)


def extract(source: str) -> Extracted:
    found = Extracted()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name not in ARGUMENTS or (isinstance(node.func, ast.Attribute) and node.args and not isinstance(node.args[0], ast.Constant)):
            continue
        words = node.args[: ARGUMENTS[name]]
        texts = tuple(word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str))
        if texts and len(texts) == ARGUMENTS[name]:
            found.sentences.add(texts if len(texts) > 1 else texts[0])
        elif any(isinstance(word, ast.JoinedStr | ast.BinOp | ast.Call) for word in words) and not _looks_up(words):
            found.hidden.append(node.lineno)
    return found


def _looks_up(words: list[ast.expr]) -> bool:
    """A word taken from a table, as in _(WORDS.get(key, key)): marked with N_ where the table stands."""
    return any(isinstance(word, ast.Call) for word in words)


def sources(room: str) -> Iterator[Path]:
    yield from [ROOT / "cli.py"] if room == "cli" else sorted((ROOT / room).rglob("*.py"))


@cache
def said(room: str) -> set[Sentence]:
    return {sentence for file in sources(room) for sentence in extract(file.read_text(encoding="utf-8")).sentences}


def read(language: str, room: str) -> Catalog:
    path = CATALOGUES / language / f"{room}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


@cache
def known(language: str, room: str) -> dict[Sentence, tuple[str, ...]]:
    return translations(read(language, room))


def translations(catalog: Catalog) -> dict[Sentence, tuple[str, ...]]:
    """Sentence → its translation in each form; fuzzy entries count as missing."""
    found: dict[Sentence, tuple[str, ...]] = {}
    for message in catalog:
        if message.id and not message.fuzzy:
            forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
            found[message.id if isinstance(message.id, str) else tuple(message.id)] = tuple(str(form or "") for form in forms)
    return found


def fields(text: str) -> set[str]:
    return {name for _text, name, _form, _conversion in string.Formatter().parse(text) if name is not None}


def wrong(sentences: set[Sentence], known: dict[Sentence, tuple[str, ...]], forms: int) -> list[str]:
    """What a catalogue lacks: sentences, forms, fields."""
    faults = []
    for sentence in sorted(sentences, key=str):
        texts = known.get(sentence, ())
        needed = forms if isinstance(sentence, tuple) else 1
        if len(texts) != needed or not all(texts):
            faults.append(f"missing: {sentence!r}")
        elif any(fields(text) != fields(sentence if isinstance(sentence, str) else sentence[-1]) for text in texts):
            faults.append(f"other fields: {sentence!r} {texts!r}")
    return faults


def test_the_extraction_sees_each_kind_of_call_and_tells_of_a_sentence_it_cannot_see() -> None:
    source = (
        '_("a " "b {x}").format(x=1); N_("c"); ngettext("{n} d", "{n} ds", 2); translate("e", "kk"); ntranslate("f", "fs", 1, "ru")\n'
        'language.translate("g", "kk"); name.translate(table); _(variable); _(WORDS.get(k, k))\n'
        '_(f"hidden {x}")\n'
    )
    found = extract(source)
    assert found.sentences == {"a b {x}", "c", ("{n} d", "{n} ds"), "e", ("f", "fs"), "g"}
    assert found.hidden == [3]


def test_the_comparison_bites_on_missing_empty_short_and_misfielded_translations() -> None:
    sentences: set[Sentence] = {"a", "b {x}", ("{n} c", "{n} cs")}
    good: dict[Sentence, tuple[str, ...]] = {"a": ("а",), "b {x}": ("{x} б",), ("{n} c", "{n} cs"): ("{n} в", "{n} г")}
    assert wrong(sentences, good, forms=2) == []
    assert wrong(sentences, good, forms=3) == ["missing: ('{n} c', '{n} cs')"]
    assert wrong(sentences, {**good, "a": ("",)}, forms=2) == ["missing: 'a'"]
    assert wrong(sentences, {name: good[name] for name in good if name != "a"}, forms=2) == ["missing: 'a'"]
    assert wrong(sentences, {**good, "b {x}": ("{y} б",)}, forms=2)
    assert wrong(sentences, {**good, ("{n} c", "{n} cs"): ("в", "{n} г")}, forms=2)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("room", [*ROOMS, "cli"])
def test_every_sentence_is_translated(room: str, language: str) -> None:
    everything = {sentence: forms for each in CATALOGUE_NAMES for sentence, forms in known(language, each).items()}
    faults = wrong(said(room), everything, forms=2 if language == "kk" else 3)
    assert not faults, f"records/locale/{language}/{room}.po\n" + "\n".join(faults)


@pytest.mark.parametrize("room", [*ROOMS, "cli"])
def test_no_sentence_is_hidden_from_the_catalogues(room: str) -> None:
    hidden = {f"{file.relative_to(ROOT)}:{line}" for file in sources(room) for line in extract(file.read_text(encoding="utf-8")).hidden}
    assert not hidden


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_translation_is_left_over_and_none_is_said_twice_differently(language: str) -> None:
    everything = {sentence for room in (*ROOMS, "cli") for sentence in said(room)}
    seen: dict[Sentence, tuple[str, ...]] = {}
    for room in CATALOGUE_NAMES:
        for sentence, forms in known(language, room).items():
            assert sentence in everything, f"records/locale/{language}/{room}.po: nobody says {sentence!r}"
            assert seen.setdefault(sentence, forms) == forms, (
                f"records/locale/{language}/{room}.po: {sentence!r} is translated otherwise elsewhere"
            )


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*/*.po")), ids=lambda path: "/".join(path.parts[-2:]))
def test_a_catalogue_counts_as_its_language_counts(path: Path) -> None:
    with path.open("rb") as file:
        catalog = read_po(file)
    language = path.parent.name
    header = Catalog(locale=language)
    assert catalog.num_plurals == header.num_plurals
    numbers = range(125)
    own, house = _plural(catalog.plural_expr), _plural(PLURALS[language])
    assert [own(number) for number in numbers] == [house(number) for number in numbers]
    assert not [message.id for message in catalog if message.fuzzy and message.id]


def _plural(expression: str):  # type: ignore[no-untyped-def]
    from gettext import c2py

    return c2py(expression)


def test_russian_counts_in_three_forms_and_kazakh_in_two() -> None:
    one, many = (
        "{count} setting is set here; the others have their defaults.",
        "{count} settings are set here; the others have their defaults.",
    )
    assert len({ntranslate(one, many, count, "ru") for count in (1, 2, 5)}) == 3
    assert ntranslate(one, many, 21, "ru") == ntranslate(one, many, 1, "ru")
    assert ngettext(one, many, 1) == one
    assert ngettext(one, many, 0) == many


def test_the_language_of_the_desk_and_of_a_page_are_apart() -> None:
    sentence = N_("There is no room on the disk for the database.")
    set_language("ru")
    assert _(sentence) == translate(sentence, "ru") != sentence
    assert translate(sentence, "kk") not in (sentence, translate(sentence, "ru"))
    set_language("en")
    assert _(sentence) == sentence


@pytest.mark.parametrize("language", ["uz", "ug", "tg"])
def test_a_page_in_a_language_without_a_catalogue_falls_back_to_kazakh(language: str) -> None:
    assert page_language(language) == "kk"
    assert translate("Journal", language) == translate("Journal", "kk")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        set_language("xx")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "kk_KZ.UTF-8"}, "kk"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "ru_RU"}, "ru"),
        ({"LC_MESSAGES": "ru_KZ.UTF-8", "LANG": "kk_KZ"}, "ru"),
        ({"LANG": "kk"}, "kk"),
        ({"LANG": "ru.UTF-8"}, "ru"),
    ],
)
def test_the_language_follows_the_system(environment: dict[str, str], language: str) -> None:
    assert system_language(environment) == language


def test_names_are_sorted_by_the_kazakh_alphabet() -> None:
    names = [
        "Ясемін",
        "Әлия",
        "Азат",
        "Бота",
        "Іңкәр",
        "Қуат",
        "Кенже",
        "Anna",
        "Ұлан",
        "Улан",
        "Өркен",
        "Омар",
        "Ғани",
        "Гүлім",
        "Ңар",
        "Нұр",
        "Һарун",
        "Хан",
    ]
    ordered = [
        "Anna",
        "Азат",
        "Әлия",
        "Бота",
        "Гүлім",
        "Ғани",
        "Кенже",
        "Қуат",
        "Нұр",
        "Ңар",
        "Омар",
        "Өркен",
        "Улан",
        "Ұлан",
        "Хан",
        "Һарун",
        "Іңкәр",
        "Ясемін",
    ]
    assert sorted(names, key=alphabetical) == ordered
    assert sorted(names) != ordered


@given(st.lists(st.text(alphabet=KAZAKH_ALPHABET + KAZAKH_ALPHABET.upper() + " -Az", max_size=8)))
def test_the_order_is_total_and_stable(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=alphabetical) == sorted(backwards, key=alphabetical)


def test_dates_are_written_as_each_language_writes_them() -> None:
    day = date(2026, 10, 5)
    assert long_date(day, "en") == "5 October 2026"
    assert long_date(day, "ru") == "5 октября 2026 г."
    assert long_date(day, "kk") == long_date(day, "uz")
    assert long_date(day, "kk") == "2026 жылғы 5 қазан"
    assert date_until(day, "kk") == "2026 жылғы 5 қазанға"
    assert date_until(date(2026, 9, 1), "uz") == "2026 жылғы 1 қыркүйекке"
    assert date_until(day, "ru") == long_date(day, "ru")
    assert short_date(day) == "05.10.2026"


def test_english_needs_no_catalogue() -> None:
    assert catalogue("en").gettext("Journal") == "Journal"
