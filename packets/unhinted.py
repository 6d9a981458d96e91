"""A TrueType font without its hints: two fifths of its bytes tell screens of the last century how to round, and no printer asks.

packets/press embeds what comes out. Formats: the OpenType specification, tables glyf, loca, head and maxp.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise

HINTS = (b"cvt ", b"fpgm", b"prep")
ARGUMENTS_ARE_WORDS, SCALE, MORE, TWO_SCALES, MATRIX, INSTRUCTED = 0x1, 0x8, 0x20, 0x40, 0x80, 0x100
_MAGIC = 0xB1B0AFBA


def without_hints(font: bytes) -> bytes:
    """The same outlines, widths and codes under the same numbers of glyphs; only instructions are gone."""
    tables = {tag: body for tag, body in _tables(font) if tag not in HINTS}
    long_places = struct.unpack_from(">h", tables[b"head"], 50)[0] == 1
    glyphs = [_plain_glyph(glyph) for glyph in _glyphs(tables[b"glyf"], tables[b"loca"], long_places)]
    places = [0]
    for glyph in glyphs:
        places.append(places[-1] + len(glyph))
    tables[b"glyf"] = b"".join(glyphs)
    tables[b"loca"] = struct.pack(f">{len(places)}L", *places)
    tables[b"head"] = tables[b"head"][:8] + bytes(4) + tables[b"head"][12:50] + struct.pack(">h", 1) + tables[b"head"][52:]
    return _font(font[:4], tables)


def _tables(font: bytes) -> Iterator[tuple[bytes, bytes]]:
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _checksum, start, length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        yield tag, font[start : start + length]


def _glyphs(outlines: bytes, places: bytes, long_places: bool) -> Iterator[bytes]:
    size, unit = ("L", 1) if long_places else ("H", 2)
    ends = struct.unpack(f">{len(places) // struct.calcsize('>' + size)}{size}", places)
    for start, end in pairwise(ends):
        yield outlines[start * unit : end * unit]


def _plain_glyph(glyph: bytes) -> bytes:
    if not glyph:
        return glyph
    contours = struct.unpack_from(">h", glyph)[0]
    if contours < 0:
        return _even(_plain_composite(glyph))
    end = 10 + 2 * contours
    length = struct.unpack_from(">H", glyph, end)[0]
    return _even(glyph[:end] + bytes(2) + glyph[end + 2 + length :])


def _plain_composite(glyph: bytes) -> bytes:
    """The components without the flag, and the tail, of instructions."""
    plain, place, flags = bytearray(glyph[:10]), 10, MORE
    while flags & MORE:
        flags = struct.unpack_from(">H", glyph, place)[0]
        size = 4 + (4 if flags & ARGUMENTS_ARE_WORDS else 2)
        size += 2 if flags & SCALE else 4 if flags & TWO_SCALES else 8 if flags & MATRIX else 0
        plain += struct.pack(">H", flags & ~INSTRUCTED) + glyph[place + 2 : place + size]
        place += size
    return bytes(plain)


def _font(version: bytes, tables: dict[bytes, bytes]) -> bytes:
    power = 1 << (len(tables).bit_length() - 1)
    head = version + struct.pack(">4H", len(tables), power * 16, power.bit_length() - 1, (len(tables) - power) * 16)
    place, directory, bodies = 12 + 16 * len(tables), b"", b""
    for tag in sorted(tables):
        padded = tables[tag] + bytes(-len(tables[tag]) % 4)
        directory += struct.pack(">4sLLL", tag, _checksum(padded), place + len(bodies), len(tables[tag]))
        bodies += padded
    whole = bytearray(head + directory + bodies)
    at = next(
        struct.unpack_from(">L", directory, start + 8)[0]
        for start in range(0, len(directory), 16)
        if directory[start : start + 4] == b"head"
    )
    struct.pack_into(">L", whole, at + 8, (_MAGIC - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _checksum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _even(glyph: bytes) -> bytes:
    return glyph + bytes(-len(glyph) % 4)
