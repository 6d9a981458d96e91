"""A museum of bad pages: each exhibit a picture made by code, what the reader must say of it, and a sentence of what it proves.

tests/scanning/test_museum.py hangs them before the reader; museum_made.py makes them. Every page of ours that is read shows the same answers
(museum_made.TRUTH), with one that was rubbed out: nothing may be read otherwise, and doubts beyond `spare` are too many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from scanning.verdict import Grey, PageState
from tests.scanning import museum_made as made
from tests.scanning import museum_scenes as scenes
from tests.scanning import sheets as drawn
from tests.scanning.museum_made import ABROAD, COVER, OLD, OLD_LAYOUT, SECOND, VOID, covered, photo, seen, torn

READ, LOST = PageState.DOUBTFUL, PageState.UNREADABLE  # every sheet here has one doubt of its own
LOWER, UPPER = frozenset({"8", "9", "10", "11", "12", "13"}), frozenset({"1", "2", "3", "4", "5", "6"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What must be said of one sheet; `gone` are items of which nothing may be said but a doubt."""

    state: PageState = READ
    reason: str | None = None  # None: whatever its doubts are
    page: str | None = drawn.PAGE
    spare: int = 0
    gone: frozenset[str] = frozenset()
    washed: bool = False  # the rubbed-out mark cannot be seen any more: blank is right


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A picture and its sheets, in any order."""

    make: Callable[[], Grey]
    proves: str
    sheets: tuple[Seen, ...] = (Seen(),)


def nothing(state: PageState, reason: str, page: str | None = None) -> tuple[Seen, ...]:
    return (Seen(state, reason, page),)


def spare(doubts: int, gone: frozenset[str] = frozenset(), washed: bool = False) -> tuple[Seen, ...]:
    return (Seen(spare=doubts, gone=gone, washed=washed),)


EXHIBITS: dict[str, Exhibit] = {
    # what the scanner was set to
    "100 dpi": Exhibit(lambda: seen(dpi=100), "a code module of three pixels is enough", spare(1)),
    "150 dpi": Exhibit(seen, "the picture that all the others are made from is read without a needless doubt"),
    "300 dpi": Exhibit(lambda: seen(dpi=300), "an office scanner's usual setting"),
    "600 dpi": Exhibit(scenes.large, "35 megapixels are read like four"),
    "colour": Exhibit(scenes.colour, "yellow paper in a colour JPEG is read in grey"),
    "1 bit": Exhibit(lambda: made.one_bit(seen(dpi=200)), "a fax scan has no greys: faint marks may wait, none is lost", spare(2, washed=True)),
    "1 bit too dark": Exhibit(lambda: made.one_bit(seen(dpi=200), 190), "a fax scan that turns most greys black", spare(3, washed=True)),
    "jpeg of quality 12": Exhibit(lambda: seen(jpeg=12), "blocks of a hard JPEG are no marks", spare(2)),
    "too dark": Exhibit(scenes.dim, "brightness half gone", spare(2)),
    "too bright": Exhibit(scenes.glare, "paper burnt to white keeps its marks", spare(2, washed=True)),
    "negative": Exhibit(lambda: np.asarray(255 - seen(), np.uint8), "a scan with black and white exchanged is read or named, never foreign paper"),
    "30 dpi": Exhibit(lambda: scenes.small(351), "a pixel a code module: whatever is said of it, nothing is said wrongly", spare(12, washed=True)),
    "thumbnail": Exhibit(lambda: scenes.small(100), "a picture as large as a stamp names no page and no answer", nothing(LOST, "code_lost")),
    # how it lay
    "upside down": Exhibit(lambda: scenes.turned(seen(), 2), "which way up the sheet lay does not matter"),
    "on its left side": Exhibit(lambda: scenes.turned(seen(), 1), "a quarter turn"),
    "on its right side": Exhibit(lambda: scenes.turned(seen(), 3), "the other quarter turn"),
    "3 degrees askew": Exhibit(lambda: seen(turn=3.0), "a feeder pulls askew"),
    "20 degrees askew": Exhibit(lambda: scenes.framed(seen(turn=20.0, scale=0.75), 10), "laid on the glass by a child", spare(1)),
    "mirrored": Exhibit(scenes.flipped, "a mirrored page is named so, its answers would be read from the wrong side", nothing(LOST, "mirrored", drawn.PAGE)),
    "mirrored and upside down": Exhibit(lambda: scenes.turned(scenes.flipped(), 2), "the same for a page that was flipped top to bottom", nothing(LOST, "mirrored", drawn.PAGE)),
    "shifted by 5 mm": Exhibit(lambda: scenes.moved(5, -5), "codes near the edge are still whole"),
    "shifted off the glass": Exhibit(lambda: scenes.moved(30, 0), "the right edge with a code and a column is missing: what is missing is doubted", spare(3)),
    "black borders": Exhibit(lambda: scenes.framed(seen(), 120), "an open lid is no ink"),
    "on an A3 glass": Exhibit(lambda: np.hstack([seen(), np.full((1754, 1240), 235, np.uint8)]), "half of the picture is empty"),
    "94 %": Exhibit(lambda: seen(scale=0.94), "printed smaller"),
    "103 %": Exhibit(lambda: seen(scale=1.03), "printed larger"),
    "stretched": Exhibit(lambda: np.asarray(cv2.resize(seen(), (1240, 1772)), np.uint8), "one side longer by a hundredth: a worn feeder"),
    "stripe on the glass": Exhibit(lambda: scenes.striped(142.0), "a dark stripe through a column of circles makes no mark, at worst doubts", spare(10)),
    "white stripe": Exhibit(lambda: scenes.striped(118.0, 2, 1.25), "a blind sensor through a column hides no mark, at worst there are doubts", spare(10)),
    "cut in half, the upper": Exhibit(lambda: scenes.half(True), "what the feeder cut off is doubted, never blank", spare(6, frozenset({"12", "13"}))),
    "cut in half, the lower": Exhibit(lambda: scenes.half(False), "the lower half alone has a code too", spare(8, UPPER)),
    "two sheets": Exhibit(scenes.doubled, "two sheets on the glass are two pages", (Seen(), Seen(page=SECOND))),
    "two sheets, one upside down": Exhibit(lambda: scenes.doubled(60, True), "each sheet its own way up", (Seen(), Seen(page=SECOND))),
    # what the post did to the paper
    "C5 fold": Exhibit(lambda: made.folded([148.5]), "a crease with a step", spare(1)),
    "DL folds": Exhibit(lambda: made.folded([99.0, 198.0]), "two creases", spare(1)),
    "curl of 2 mm": Exhibit(lambda: made.bent(2.0), "paper that does not lie flat", spare(2)),
    "curl of 4 mm": Exhibit(lambda: made.bent(4.0), "paper that hardly lies at all", spare(4)),
    "wavy paper": Exhibit(lambda: made.bent(1.2, 2.0), "paper that was wet once", spare(4)),
    "tea": Exhibit(lambda: made.tea(140, 90, 28), "a ring of tea over ten circles is no mark", spare(4)),
    "much tea": Exhibit(lambda: made.tea(140, 120, 55, 0.45), "a dark ring over half of the page", spare(8)),
    "punch holes": Exhibit(scenes.holes, "holes of a binder in the margin"),
    "torn top right": Exhibit(lambda: torn([(150, 0), (210, 0), (210, 60)]), "a code torn off: the other names the page"),
    "torn bottom left": Exhibit(lambda: torn([(0, 225), (0, 297), (70, 297)]), "the other code torn off", spare(1)),
    "torn both corners without codes": Exhibit(lambda: torn([(0, 0), (45, 0), (0, 45)], [(210, 250), (210, 297), (160, 297)]), "both ArUco marks torn off"),
    "torn through answers": Exhibit(lambda: torn([(210, 90), (210, 190), (140, 140)]), "circles without paper are doubted, never blank", spare(6, frozenset({"8", "9"}))),
    "dog-ear": Exhibit(scenes.dog_ear, "a corner folded over a code"),
    "clear tape": Exhibit(scenes.tape, "tape over two rows", spare(2)),
    "shining through": Exhibit(scenes.glimpsed, "the print of a sheet behind is no mark, its code names nothing", spare(2)),
    "top right code blotted out": Exhibit(lambda: covered((168, 10, 200, 42)), "one code is enough"),
    "bottom left code blotted out": Exhibit(lambda: covered((10, 255, 42, 287)), "the other is enough"),
    "both codes half blotted": Exhibit(scenes.half_codes, "level H, or the grid of what was printed, names the page"),
    "both codes blotted out": Exhibit(lambda: covered((168, 10, 200, 42), (10, 255, 42, 287)), "our sheet without a name waits for its short code", nothing(LOST, "code_lost")),
    "everything in the corners gone": Exhibit(lambda: covered((160, 0, 210, 50), (0, 245, 50, 297), (0, 0, 35, 35), (180, 265, 210, 297), by=240), "eight squares alone tell our sheet", nothing(LOST, "code_lost")),
    "pen over code and fiducials": Exhibit(scenes.doodled, "a pupil who draws in the margin", spare(1)),
    "faded toner": Exhibit(lambda: seen(fade=0.5), "half of everything's darkness is gone", spare(2)),
    "noisy sensor": Exhibit(lambda: seen(noise=16.0), "a cheap camera's noise", spare(3)),
    "shadow of the lid": Exhibit(lambda: seen(shade=0.55), "light falls off across the page", spare(1)),
    "photocopy": Exhibit(lambda: seen(made.copied(made.written())), "hard contrast and specks", spare(2)),
    "photocopy of 94 %": Exhibit(lambda: seen(made.copied(made.written(), 0.94)), "a copy made smaller", spare(2)),
    "photocopy of a filled-in page, filled in again": Exhibit(scenes.copy_filled_again, "old and new marks in one row are two marks, never one of them", spare(1, frozenset({"1", "5"}))),
    # the telephone
    "photograph": Exhibit(photo, "a sheet on a table"),
    "photograph from aside": Exhibit(lambda: photo(((380, 420), (1620, 300), (1880, 2380), (130, 2200))), "perspective", spare(1)),
    "photograph of a scenes.turned sheet": Exhibit(lambda: photo(((1000, 130), (1900, 1290), (1010, 2470), (90, 1180))), "lying across the table", spare(2)),
    "photograph under a hand's shadow": Exhibit(lambda: photo(shadow=0.45), "the edge of a shadow is no line", spare(3)),
    "photograph by lamplight": Exhibit(lambda: photo(light=0.45, noise=9.0), "dark and noisy", spare(4)),
    "photograph out of focus": Exhibit(lambda: photo(blur=2.6), "soft edges", spare(4)),
    "photograph with a shaking hand": Exhibit(lambda: photo(motion=11), "lines along one direction are gone", spare(4)),
    "photograph with a thumb": Exhibit(scenes.thumb, "a thumb over a corner", spare(1)),
    "photograph of a screen": Exhibit(made.screen, "the page on a screen: rows of lamps are no strokes", spare(8)),
    # what is not an answer sheet
    "blank paper": Exhibit(lambda: made.clipped(made.blank()), "the back of a sheet is no complaint", nothing(PageState.EMPTY, "")),
    "blank paper with dust": Exhibit(scenes.dusty, "dust is no ink", nothing(PageState.EMPTY, "")),
    "blank grey paper": Exhibit(lambda: made.clipped(made.blank(150, 6)), "recycled paper", nothing(PageState.EMPTY, "")),
    "blank paper, print shines through": Exhibit(scenes.shining, "the front seen from the back names no page and is no complaint", nothing(PageState.EMPTY, "")),
    "blank paper, crumpled and folded": Exhibit(scenes.crumpled_blank, "folds are no ink", nothing(PageState.EMPTY, "")),
    "blank paper, punched, with a black border": Exhibit(scenes.punched_blank, "holes and the lid are no ink", nothing(PageState.EMPTY, "")),
    "a note on a blank back": Exhibit(scenes.note, "handwriting is not dropped as blank paper", nothing(PageState.FOREIGN, "no_code")),
    "a letter": Exhibit(made.letter, "other print is foreign", nothing(PageState.FOREIGN, "no_code")),
    "a letter with a link": Exhibit(lambda: made.letter("https://egov.kz/cms/kk"), "another house's code is not ours", nothing(PageState.FOREIGN, "no_code")),
    "a payment slip": Exhibit(lambda: made.letter("https://pay.kaspi.kz/pay/abcdef12", "KZ868560000000447116"), "nor are two of them", nothing(PageState.FOREIGN, "no_code")),
    "our sheet with a payment code glued over": Exhibit(scenes.with_a_link, "the code that is left names the page"),
    "a page of another desk": Exhibit(scenes.abroad, "its seal is not ours and its number unknown", nothing(PageState.UNSIGNED, "unknown_page", ABROAD)),
    "a page whose seal is another's": Exhibit(scenes.stranger, "a known number under another's seal: no answers", nothing(PageState.UNSIGNED, "seal_broken", drawn.PAGE)),
    "a page that this desk forgot": Exhibit(lambda: seen(made.page(ABROAD)), "our seal, unknown number", nothing(PageState.FOREIGN, "unknown_page", ABROAD)),
    "a withdrawn page": Exhibit(lambda: seen(made.page(VOID)), "no answers from a page that was made void", nothing(PageState.VOID, "withdrawn", VOID)),
    "a cover": Exhibit(scenes.cover, "a cover is read without answers", nothing(PageState.READ, "", COVER)),
    "a sheet of last term's layout": Exhibit(lambda: seen(made.page(OLD, OLD_LAYOUT)), "each page is read by the layout it was printed with", (Seen(page=OLD),)),
    "a sheet of a newer program": Exhibit(scenes.newer, "a format to come is named", nothing(LOST, "newer_format")),
    "a code of another page glued over": Exhibit(lambda: scenes.glued(SECOND), "two codes that disagree name nobody", nothing(LOST, "codes_disagree")),
    "codes exchanged": Exhibit(scenes.exchanged, "the page would be upside down, and its print does not fit", nothing(LOST, "does_not_fit", drawn.PAGE) * 2),
    "both codes of another layout": Exhibit(scenes.of_another_page_twice, "the print does not fit the page that the codes name", nothing(LOST, "does_not_fit", OLD)),
}  # fmt: skip
