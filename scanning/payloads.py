"""The payloads of the pages that are out, as the modules of their symbols: what a damaged code is compared with when nobody can decode it.

A book (scanning.verdict.PageBook) makes one of these when the first such code turns up; scanning/modules asks it. 160 bytes a page. The seal is part
of what is compared: a symbol that was not sealed by this desk's key for this very page and corner has no row here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
import numpy.typing as npt

from packets.layout import FORMAT
from packets.symbol import PACKED_BYTES, packed_modules
from packets.token import ALPHABET, ID_BITS, LENGTH, page_id, seal, token_body, write_token
from records.keys import Key

CORNERS = (0, 1)
DECOYS = 4096  # invented payloads by which chance is measured, whatever the number of pages
BLOCK = 1 << 15
LIMB = 24  # bits; a seal has two
Signs = npt.NDArray[np.float32]  # (625,): how black each sampled module is, above 0, or how white, below
Packed = npt.NDArray[np.uint8]  # (80, n): symbols side by side, so that all are gone through byte by byte
Scores = npt.NDArray[np.float32]
_BYTE_SIGNS = (2.0 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1) - 1.0).astype(np.float32)  # (256, 8)


@dataclass(frozen=True, slots=True)
class Printed:
    """What is needed to know a page's tokens: its id, and the key and the format under which it was printed."""

    page_id: str
    key_id: str
    format: int = FORMAT


class Payloads:
    """The symbols of many pages, of both corners; pages whose key is not here are left out."""

    def __init__(self, pages: Iterable[Printed], keys: Sequence[Key]) -> None:
        self._keys = tuple(keys)
        place = {key.id: index for index, key in enumerate(self._keys)}
        known = (page for page in pages if page.key_id in place)
        blocks = []
        while block := list(islice(known, BLOCK)):
            blocks.append((_numbers(block), np.array([(place[page.key_id], page.format) for page in block], np.uint8)))
        self._numbers = np.concatenate([np.zeros(0, np.uint64), *(numbers for numbers, _rest in blocks)])
        self._kinds = np.concatenate([np.zeros((0, 2), np.uint8), *(kinds for _numbers, kinds in blocks)])
        self._symbols = [self._packed(corner) for corner in CORNERS]

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def bytes(self) -> int:
        """The memory that the symbols take."""
        return sum(each.nbytes for each in self._symbols)

    def scores(self, corner: int, signs: Signs) -> Scores:
        """How far each page's symbol in `corner` agrees with `signs`: (n,), in standard deviations of what invented payloads get."""
        by_chance = _sums(_decoys(corner), signs)
        spread = max(float(by_chance.std()), 1e-6)
        return np.asarray((_sums(self._symbols[corner], signs) - by_chance.mean()) / spread, np.float32)

    def token(self, index: int, corner: int) -> str:
        """The twenty letters printed in that corner of the page that `scores` counts at `index`."""
        key, form = self._kinds[index].tolist()
        return write_token(self._keys[key], page_id(int(self._numbers[index])), corner, form)

    def _packed(self, corner: int) -> Packed:
        packed = np.empty((PACKED_BYTES, len(self)), np.uint8)
        for start in range(0, len(self), BLOCK):
            numbers, kinds = self._numbers[start : start + BLOCK], self._kinds[start : start + BLOCK]
            bodies = [token_body(form, corner, number) for number, (_key, form) in zip(numbers.tolist(), kinds.tolist(), strict=True)]
            seals = [seal(self._keys[key], body) for body, (key, _form) in zip(bodies, kinds.tolist(), strict=True)]
            packed[:, start : start + len(numbers)] = _symbols(np.array(bodies, np.uint64), np.array(seals, np.uint64))
        return packed


def _numbers(pages: Sequence[Printed]) -> npt.NDArray[np.uint64]:
    return np.array([int(page.page_id, 16) for page in pages], np.uint64)


def _sums(packed: Packed, signs: Signs) -> Scores:
    """The sum of `signs` over the black modules less that over the white ones, for each of the packed symbols."""
    weights = np.zeros(PACKED_BYTES * 8, np.float32)
    weights[: signs.size] = signs
    tables = weights.reshape(PACKED_BYTES, 8) @ _BYTE_SIGNS.T  # (80, 256)
    sums = np.zeros(packed.shape[1], np.float32)
    for table, column in zip(tables, packed, strict=True):
        sums += table[column]
    return sums


def _symbols(bodies: npt.NDArray[np.uint64], seals: npt.NDArray[np.uint64]) -> Packed:
    """The symbols of tokens given by their two parts."""
    low = np.uint64((1 << LIMB) - 1)
    shift = np.uint64(LIMB)
    limbs = [bodies >> shift >> shift, bodies >> shift & low, bodies & low, seals >> shift, seals & low]
    pairs = np.empty((len(bodies), LENGTH // 2), np.uint16)
    for place in reversed(range(LENGTH // 2)):  # long division by 45 * 45: the rest is the last pair of letters
        rest = np.zeros(len(bodies), np.uint64)
        for index, limb in enumerate(limbs):
            limbs[index], rest = np.divmod(rest << shift | limb, np.uint64(len(ALPHABET) ** 2))
        pairs[:, place] = rest
    return packed_modules(pairs).T


@lru_cache(maxsize=2)
def _decoys(corner: int) -> Packed:
    """Symbols as a desk that we have never heard of would print them."""
    luck = np.random.default_rng(corner)
    bodies = [token_body(FORMAT, corner, number) for number in luck.integers(0, 1 << ID_BITS, DECOYS).tolist()]
    seals = luck.integers(0, 1 << 2 * LIMB, DECOYS).astype(np.uint64)
    return np.ascontiguousarray(_symbols(np.array(bodies, np.uint64), seals))
