"""The QR symbol of a token: version 2, level H, twenty alphanumeric letters, one fixed mask.

With version, level, mask, mode and length fixed, a symbol is affine over GF(2) in the bits of its text: one base symbol, and one
pattern of flipped modules for each bit, from which a table for each pair of letters follows. All are made once from `qrcode` itself, so that every symbol equals qrcode's bit for bit. packets/paper
draws the symbols; scanning/payloads matches them against a sampled grid. Nothing here knows what a token means.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from packets.layout import QR_MODULES
from packets.token import ALPHABET, LENGTH

VERSION = 2
MASK = 2
PAIR_BITS = 11  # two letters are one number below 45 * 45, in eleven bits (ISO/IEC 18004, 7.4.4)
PACKED_BYTES = 80  # of a symbol's 625 modules
_LETTERS = frozenset(ALPHABET)
_VALUES = np.array([max(0, ALPHABET.find(chr(code))) for code in range(128)], np.int64)  # of a letter by its code
_PAIRS = np.arange(LENGTH // 2)
Modules = npt.NDArray[np.uint8]  # (25, 25), 1 is black, row 0 at the top
Runs = npt.NDArray[np.int64]  # (n, 3): x, y, length


def modules(text: str) -> Modules:
    """The symbol of twenty letters: (25, 25) of 0 and 1, without quiet zone; raises ValueError for any other text."""
    symbol: Modules = _symbols([text])[0]
    return symbol


def packed_modules(pairs: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.uint8]:
    """Many symbols at once: `pairs`, (n, 10) of two letters as one number each, to (n, 80) bytes of eight modules, row by row, the last 15 bits empty."""
    base, flips = _packed_tables()
    symbols = np.tile(base, (len(pairs), 1))
    for place in _PAIRS:
        symbols ^= flips[place][pairs[:, place]]
    return symbols.view(np.uint8)


@lru_cache(maxsize=1)
def fixed_modules() -> npt.NDArray[np.int8]:
    """What is the same in every symbol, (25, 25): 1 black, -1 white, 0 where the text decides."""
    base, flips = _tables()
    same = ~flips.any(axis=(0, 1))
    return np.where(same, np.where(base == 1, 1, -1), 0).astype(np.int8)


def reference_modules(text: str) -> Modules:
    """The same symbol as `qrcode` makes it, slowly: the tables' source and the tests' judge."""
    import qrcode  # a tenth of a second with its pictures, which a reading of whole codes does not need
    from qrcode.constants import ERROR_CORRECT_H
    from qrcode.util import MODE_ALPHA_NUM, QRData

    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_H, mask_pattern=MASK, border=0)
    code.add_data(QRData(text.encode(), mode=MODE_ALPHA_NUM, check_data=False), optimize=0)
    code.make(fit=False)
    return np.array(code.modules, dtype=np.uint8)


def runs(symbol: Modules) -> Runs:
    """The black runs of a symbol, what a printer fills: (n, 3) of x, y, length in modules, x from the left, y from the top."""
    return _runs(symbol[None])[0]


def runs_of(texts: Sequence[str]) -> list[Runs]:
    """The black runs of the symbols of several texts, all at once: a page carries two."""
    return _runs(_symbols(texts)) if texts else []


def _symbols(texts: Sequence[str]) -> Modules:
    """(n, 25, 25) for n texts of twenty letters."""
    letters = "".join(texts)
    if any(len(text) != LENGTH for text in texts) or not _LETTERS.issuperset(letters):
        raise ValueError("a symbol holds twenty letters of QR's alphanumeric alphabet")
    base, flips = _tables()
    values = _VALUES[np.frombuffer(letters.encode("ascii"), np.uint8)].reshape(len(texts), -1, 2)
    pairs = values[:, :, 0] * len(ALPHABET) + values[:, :, 1]
    symbols: Modules = base ^ np.bitwise_xor.reduce(flips[_PAIRS, pairs], axis=1)
    return symbols


def _runs(symbols: Modules) -> list[Runs]:
    framed = np.zeros((len(symbols), QR_MODULES, QR_MODULES + 2), dtype=np.uint8)
    framed[:, :, 1:-1] = symbols
    flat = framed.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1])  # a run's begin and end by turns; each row begins and ends white
    begins = edges[::2]
    found = np.empty((len(begins), 3), dtype=np.int64)
    rows, found[:, 0] = np.divmod(begins, QR_MODULES + 2)
    found[:, 1], found[:, 2] = rows % QR_MODULES, edges[1::2] - begins
    ends = np.searchsorted(rows, QR_MODULES * np.arange(1, len(symbols)))
    return np.split(found, ends)


@lru_cache(maxsize=1)
def _tables() -> tuple[Modules, Modules]:
    """The symbol of the all-zero text, and for each pair of letters and each value of it the modules that it flips: (10, 2025, 25, 25)."""
    base = reference_modules("0" * LENGTH)
    bits = np.arange(len(ALPHABET) ** 2)[:, None] >> np.arange(PAIR_BITS) & 1
    flips = np.empty((LENGTH // 2, len(ALPHABET) ** 2, QR_MODULES, QR_MODULES), dtype=np.uint8)
    for pair in range(LENGTH // 2):
        patterns = np.array([reference_modules(_text_of_bit(pair, bit)) ^ base for bit in range(PAIR_BITS)])
        flips[pair] = np.tensordot(bits.astype(np.uint8), patterns, axes=1) & 1
    return base, flips


@lru_cache(maxsize=1)
def _packed_tables() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The same, eight modules a byte and eight bytes a word: (10,) and (10, 2025, 10)."""
    base, flips = _tables()
    room = ((0, 0), (0, PACKED_BYTES * 8 - QR_MODULES**2))
    packed = [
        np.packbits(np.pad(each.reshape(-1, QR_MODULES**2), room), axis=1).view(np.uint64).reshape(*each.shape[:-2], -1)
        for each in (base, flips)
    ]
    return packed[0], packed[1]


def _text_of_bit(pair: int, bit: int) -> str:
    first, second = divmod(1 << bit, len(ALPHABET))
    return "00" * pair + ALPHABET[first] + ALPHABET[second] + "00" * (LENGTH // 2 - 1 - pair)
