"""A million forged, mutated and swapped tokens before the reader: none may be believed.

    python -m bench.forgery --tokens 1000000 --pictures 300 --seed 1

Each goes the way of the reader (packets.token.read_token, the seal, scanning.page._trust and a book of printed pages); some are drawn into pictures of a sheet and go
through `read_page`. First, a control: with the seal left unchecked the same forgeries are believed, so that a count of none says something.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import cv2
import numpy as np
import qrcode

from bench.printed_week import PrintedWeek, print_week
from packets.layout import BLANK_DPI, CODES, Layout
from packets.token import ALPHABET, ID_BITS, SEAL_BITS, Word, page_id, read_token, token_body, write_token
from records.keys import Key
from scanning import page as reader
from scanning.payloads import Payloads, Printed
from scanning.verdict import Grey, PageState, PageVerdict, PrintedPage

NEW, RETIRED, STRANGER = (
    Key(name, bytes([number]) * 32, datetime(2026, number, 1, tzinfo=UTC)) for name, number in (("new", 9), ("retired", 8), ("stranger", 7))
)
CONTROL = 20_000
LOOK_ALIKES = str.maketrans("0158OISB", "OISB0158")


class Book:
    """Real pages: two in three sealed by the desk's key of today, the others by its retired one, which it still keeps."""

    def __init__(self, week: PrintedWeek, count: int, luck: random.Random) -> None:
        self.keys = (NEW, RETIRED)
        self._blank = week.book().blank
        self._layouts = week.layouts
        self._digest, self._kind = next((page.layout, page.kind) for page in week.pages.values())
        self.pages = [page_id(luck.getrandbits(ID_BITS)) for _page in range(count)]
        self._key = {identity: RETIRED if number % 3 == 0 else NEW for number, identity in enumerate(self.pages)}

    def key(self, identity: str) -> Key:
        """The key that sealed the page."""
        return self._key[identity]

    def token(self, identity: str, corner: int) -> str:
        """The real one."""
        return write_token(self._key[identity], identity, corner)

    def page(self, page_id: str) -> PrintedPage | None:
        return PrintedPage(page_id, self._kind, self._digest, self._key[page_id].id) if page_id in self._key else None

    def payloads(self) -> Payloads:
        return Payloads((Printed(identity, self._key[identity].id) for identity in self.pages[:2000]), self.keys)

    def layout(self, digest: str) -> Layout:
        return self._layouts[digest]

    def blank(self, digest: str = "") -> Grey:
        return self._blank(digest or self._digest)


Forger = Callable[[Book, random.Random], str]


def _real(book: Book, luck: random.Random) -> tuple[str, int, str]:
    identity, corner = luck.choice(book.pages), luck.randrange(2)
    return identity, corner, book.token(identity, corner)


def _letters(number: int) -> str:
    letters = []
    for _place in range(20):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def _number(text: str) -> int:
    number = 0
    for letter in text:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number


def random_letters(_book: Book, luck: random.Random) -> str:
    return "".join(luck.choices(ALPHABET, k=20))


def random_seal(book: Book, luck: random.Random) -> str:
    """A real page, a real corner, any seal."""
    identity, corner, _token = _real(book, luck)
    return _letters(token_body(1, corner, int(identity, 16)) << SEAL_BITS | luck.getrandbits(SEAL_BITS))


def other_letters(book: Book, luck: random.Random) -> str:
    """One to three letters of a real token become others."""
    letters = list(_real(book, luck)[2])
    for place in luck.sample(range(20), luck.choice((1, 1, 1, 2, 3))):
        letters[place] = luck.choice([letter for letter in ALPHABET if letter != letters[place]])
    return "".join(letters)


def bit_turned(book: Book, luck: random.Random) -> str:
    """One bit of a real token's number is another: of its format, corner, page or seal."""
    return _letters(_number(_real(book, luck)[2]) ^ 1 << luck.randrange(109))


def corner_turned(book: Book, luck: random.Random) -> str:
    """The token of one corner says that it is the other's, under the seal that it has."""
    return _letters(_number(_real(book, luck)[2]) ^ 1 << ID_BITS + SEAL_BITS)


def letters_swapped(book: Book, luck: random.Random) -> str:
    letters = list(_real(book, luck)[2])
    one, other = luck.sample(range(20), 2)
    letters[one], letters[other] = letters[other], letters[one]
    return "".join(letters)


def halves_of_two(book: Book, luck: random.Random) -> str:
    cut = luck.randrange(1, 20)
    return _real(book, luck)[2][:cut] + _real(book, luck)[2][cut:]


def seal_of_another(book: Book, luck: random.Random) -> str:
    """What one page says under the seal of another page, or of its own other corner."""
    identity, corner, token = _real(book, luck)
    other = book.token(identity, 1 - corner) if luck.random() < 0.5 else _real(book, luck)[2]
    low = (1 << SEAL_BITS) - 1
    return _letters(_number(token) & ~low | _number(other) & low)


def strangers_key(book: Book, luck: random.Random) -> str:
    identity, corner, _token = _real(book, luck)
    return write_token(STRANGER, identity, corner)


def wrong_key_of_ours(book: Book, luck: random.Random) -> str:
    """A key that the desk keeps, but not the one of this page: a retired one may be in other hands."""
    identity, corner, _token = _real(book, luck)
    return write_token(RETIRED if book.key(identity) is NEW else NEW, identity, corner)


def cut_or_drawn_out(book: Book, luck: random.Random) -> str:
    token = _real(book, luck)[2]
    return luck.choice((token[: luck.randrange(20)], token[luck.randrange(1, 20) :], token + luck.choice(ALPHABET), " " + token, token * 2))


def small_letters(book: Book, luck: random.Random) -> str:
    """The real letters written otherwise: small, look-alikes, from behind, as Cyrillic."""
    token = _real(book, luck)[2]
    every = (token.lower(), token.translate(LOOK_ALIKES), token[::-1], token.translate(str.maketrans("ABCEHKMOPTX", "АВСЕНКМОРТХ")))
    return luck.choice([each for each in every if each != token] or [token + "0"])


FORGERS: tuple[Forger, ...] = (
    random_letters, random_seal, other_letters, bit_turned, corner_turned, letters_swapped, halves_of_two, seal_of_another, strangers_key, wrong_key_of_ours,
    cut_or_drawn_out, small_letters,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forgery:
    """Whose work, and the letters."""

    forger: str
    text: str


def forgeries(book: Book, count: int, luck: random.Random) -> Iterator[Forgery]:
    """`count` texts, each forger's in turn; a text that happens to be a real token is none."""
    while count > 0:
        forger = FORGERS[count % len(FORGERS)]
        text = forger(book, luck)
        if _is_real(book, text):
            continue
        count -= 1
        yield Forgery(forger.__name__, text)


def _is_real(book: Book, text: str) -> bool:
    """Whether these are the letters that stand on a page of the book."""
    word = read_token(text)
    return word is not None and book.page(word.page_id) is not None and text == book.token(word.page_id, word.corner)


def believed(text: str, book: Book) -> bool:
    """Whether the reader would take the marks on a sheet with that text for the page's."""
    word = read_token(text)
    if word is None:
        return False
    return reader._trust(word, book.page(word.page_id), book)[0] is not PageState.UNSIGNED


@contextmanager
def seal_unchecked() -> Iterator[None]:
    """The planted fault: every seal fits the page it names."""

    def first_that_fits(word: Word, keys: Sequence[Key]) -> Key:
        del word
        return keys[0]

    with mock.patch.object(reader, "sealing_key", first_that_fits):
        yield


def count_believed(book: Book, count: int, luck: random.Random) -> Counter[str]:
    """How many of `count` forgeries are believed, by forger."""
    return Counter(each.forger for each in forgeries(book, count, luck) if believed(each.text, book))


def picture_of(book: Book, texts: Sequence[str]) -> Grey:
    """The sheet with those two texts where its tokens stand, at 150 dpi."""
    sheet = book.blank().copy()
    per_mm = BLANK_DPI / 25.4
    for place, text in zip(CODES, texts, strict=True):
        symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_H if len(text) <= 20 else qrcode.ERROR_CORRECT_L, border=0)
        symbol.add_data(text)
        modules = np.where(np.array(symbol.get_matrix()), 0, 255).astype(np.uint8)
        left, top = (round((middle - place.size_mm / 2) * per_mm) for middle in place.center_mm)
        side = round(place.size_mm * per_mm)
        sheet[top : top + side, left : left + side] = cv2.resize(modules, (side, side), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.resize(sheet, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA), np.uint8)


def is_taken(verdict: PageVerdict) -> bool:
    """Whether the sheet was taken for a page of ours, or any answer for a pupil's."""
    return verdict.state in {PageState.READ, PageState.DOUBTFUL, PageState.VOID} or bool(verdict.items)


def count_taken(book: Book, count: int, luck: random.Random) -> tuple[int, Counter[str]]:
    """How many pictures of sheets with forged codes are taken for pages, and the states of all. Two of one forger's stand on a sheet, or one twice."""
    taken, states = 0, Counter[str]()
    for number in range(count):
        forger = FORGERS[number % len(FORGERS)]
        texts = [each for each in (forger(book, luck) for _text in range(8)) if each and not _is_real(book, each)]
        texts = [texts[0], texts[0]] if luck.random() < 0.5 else texts[:2]
        for verdict in reader.read_page(picture_of(book, texts), book):
            taken += is_taken(verdict)
            states[f"{verdict.state}:{verdict.reason}"] += 1
    return taken, states


def main() -> None:
    """Parse, print a week, forge, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tokens", type=int, default=1_000_000)
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    luck = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        book = Book(print_week(Path(folder), 1), 20_000, luck)
    honest = sum(believed(book.token(identity, corner), book) for identity in book.pages for corner in (0, 1))
    with seal_unchecked():
        planted = count_believed(book, CONTROL, random.Random(given.seed)).total()
    print(f"real tokens believed: {honest} of {2 * len(book.pages)}; control, seals unchecked: {planted} of {CONTROL} forged ones believed")
    begun = time.process_time()
    counts = count_believed(book, given.tokens, luck)
    print(
        f"{given.tokens} forged tokens by {len(FORGERS)} forgers: {counts.total()} believed {dict(counts)}; {time.process_time() - begun:.0f} s of processor"
    )
    taken, states = count_taken(book, given.pictures, luck)
    print(f"{given.pictures} pictures: {taken} taken for pages; states {dict(states.most_common())}")
    real = [is_taken(reader.read_page(picture_of(book, [book.token(each, 0), book.token(each, 1)]), book)[0]) for each in book.pages[:12]]
    print(f"the same pictures with real tokens: {sum(real)} of {len(real)} taken for pages")
    sys.exit(bool(counts.total() or taken) or not planted or not all(real) or honest < 2 * len(book.pages))


if __name__ == "__main__":
    main()
