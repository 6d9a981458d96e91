"""SVG pictures: what they show stands on the sheet as vectors, for good; programs, the outside world and bombs are refused by name."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.assignment import Assignment
from packets.authoring import read_file
from packets.paper import Pen
from packets.press import blank_png
from packets.svg_door import FINEST_DASH, MOST_STEPS, svg_marks
from packets.svg_safe import MOST_BYTES, Unsafe
from packets.worksheet import draw_assignment
from tests.packets.test_pictures import written

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100" viewBox="0 0 200 100">'
SQUARE = '<rect x="50" y="25" width="100" height="50"/>'
WIDTH_MM = 100.0
Grey = npt.NDArray[np.uint8]


def svg(body: str, head: str = HEAD) -> bytes:
    return f"{head}{body}</svg>".encode()


def seen(content: bytes) -> Grey:
    """The picture drawn 100 mm wide at 100 dpi: grey, (rows, columns)."""
    import cv2

    width, height, marks = svg_marks(content, "a.svg")
    pen = Pen((WIDTH_MM, WIDTH_MM * height / width), "svg")
    pen.marks(0, 0, WIDTH_MM, WIDTH_MM * height / width, json.loads(json.dumps(marks)))
    pen.end_page()
    return np.asarray(cv2.imdecode(np.frombuffer(blank_png(pen.pdf(), 1, 100), np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def at(picture: Grey, x: float, y: float) -> int:
    """The grey at a place given as in the 200 by 100 picture."""
    rows, columns = picture.shape
    return int(picture[round(y / 100 * (rows - 1)), round(x / 200 * (columns - 1))])


@pytest.mark.parametrize(
    ("body", "black", "white"),
    [
        (SQUARE, (100, 50), (20, 50)),
        ('<g transform="translate(50,0)"><rect width="50" height="100"/></g>', (75, 50), (25, 50)),
        ('<circle cx="100" cy="50" r="40"/>', (70, 50), (55, 10)),
        ('<ellipse cx="100" cy="50" rx="80" ry="20"/>', (30, 50), (100, 80)),
        ('<polygon points="0,100 200,100 100,0"/>', (100, 60), (20, 20)),
        ('<path d="M0 0h200v100h-200z M50 25v50h100v-50z" fill-rule="evenodd"/>', (10, 50), (100, 50)),
        ('<path d="M 0 50 Q 100 -50 200 50 z"/>', (100, 20), (100, 80)),
        ('<line x1="0" y1="50" x2="200" y2="50" stroke="black" stroke-width="10"/>', (100, 50), (100, 70)),
        ('<polyline points="0,50 200,50" fill="none" stroke="#000" stroke-width="10"/>', (100, 50), (100, 70)),
        ('<style>.a{fill:none}</style><rect class="a" width="200" height="100"/>' + SQUARE, (100, 50), (10, 10)),
        ('<defs><rect id="r" width="20" height="20"/></defs><use xlink:href="#r" x="90" y="40"/>', (100, 50), (10, 10)),
        ('<clipPath id="c"><rect width="100" height="100"/></clipPath><rect clip-path="url(#c)" width="200" height="100"/>', (50, 50), (150, 50)),
        ('<defs><linearGradient id="g"/><marker id="m"><path d="M0 0"/></marker></defs>' + SQUARE, (100, 50), (20, 50)),
    ],
)  # fmt: skip
def test_shapes_stand_where_svg_says(body: str, black: tuple[float, float], white: tuple[float, float]) -> None:
    picture = seen(svg(body))
    assert at(picture, *black) < 40
    assert at(picture, *white) > 215


def test_colours_become_greys_and_what_is_seen_through_stays_so() -> None:
    picture = seen(
        svg(
            SQUARE
            + '<rect x="75" width="50" height="100" fill="white" fill-opacity="0.5"/><rect y="80" width="40" height="20" fill="#0000ff"/>'
        )
    )
    assert at(picture, 60, 50) < 20
    assert 110 < at(picture, 100, 50) < 145
    assert 20 < at(picture, 20, 90) < 40  # blue is dark


def test_words_are_outlines_of_the_printed_font_in_kazakh_too() -> None:
    width, _height, marks = svg_marks(
        svg('<text x="100" y="60" text-anchor="middle" font-family="Comic Sans MS" font-size="40">ӘҒҚҢӨҰҮҺІ</text>'), "a.svg"
    )
    (ink,) = [mark for mark in marks if "ink" in mark]
    places = [step for outline in ink["ink"] for step in outline if step]
    left, right = min(step[-2] for step in places), max(step[-2] for step in places)
    assert abs((left + right) / 2 - 0.5) < 0.02
    assert len(ink["ink"]) > 9
    assert width == 150.0
    with pytest.raises(Unsafe) as told:
        svg_marks(svg("<text>漢</text>"), "a.svg")
    assert told.value.code == "missing_letter"


NESTED = '<text font-size="30"><tspan class="p"><tspan x="100" y="{y}"><tspan font-weight="bold">ЖЖЖ</tspan></tspan></tspan></text>'


def test_lines_within_lines_as_office_programs_write_them_stand_in_their_place() -> None:
    plain = '<text x="100" y="60" font-size="30" font-weight="bold">ЖЖЖ</text>'
    inks = [[mark["ink"] for mark in svg_marks(svg(body), "a.svg")[2] if "ink" in mark] for body in (NESTED.format(y=60), plain)]
    assert inks[0] == inks[1]
    two = NESTED.replace("</text>", '<tspan><tspan x="100" y="90"><tspan>ЖЖЖ</tspan></tspan></tspan></text>').format(y=60)
    assert sum("ink" in mark for mark in svg_marks(svg(two), "a.svg")[2]) == 2
    for astray in (
        '<text x="1" y="9"><tspan><tspan>a</tspan></tspan><tspan>b</tspan></text>',
        "<text>a<tspan>b<tspan>c</tspan></tspan></text>",
    ):
        with pytest.raises(Unsafe) as told:
            svg_marks(svg(astray), "a.svg")
        assert told.value.code == "svg_unsupported"


def test_a_picture_stands_on_the_sheet_as_vectors_and_is_drawn_again_without_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_bytes(svg(SQUARE + '<text x="10" y="20">Жер</text>'))
    reading = read_file(written(tmp_path, "a.svg"))
    assert reading.complaints == ()
    assert reading.assignment is not None
    first = draw_assignment(reading.assignment)
    assert b"DCTDecode" not in first.pdf
    assert b"/Subtype /Image" not in first.pdf
    (tmp_path / "a.svg").unlink()
    kept = Assignment.from_json(json.loads(json.dumps(reading.assignment.as_json())))
    again = draw_assignment(kept)
    assert (again.pdf, again.layouts) == (first.pdf, first.layouts)
    (picture,) = kept.pictures
    assert picture.jpeg == ""
    assert abs(picture.width - 6 * 200 * 25.4 / 96) < 1  # six to a millimetre


BOMB = "".join(
    f'<g id="g{level}">' + f'<use xlink:href="#g{level - 1}"/>' * 10 + "</g>" if level else '<g id="g0"><rect width="1" height="1"/></g>'
    for level in range(6)
)
REFUSED = {
    "script": ("<script>alert(1)</script>" + SQUARE, "svg_program"),
    "onload": ('<g onload="alert(1)">' + SQUARE + "</g>", "svg_program"),
    "animation": ('<rect width="9" height="9"><animate attributeName="x" to="9"/></rect>', "svg_program"),
    "picture within": ('<image href="data:image/png;base64,AAAA" width="9" height="9"/>', "svg_unsupported"),
    "html": ("<foreignObject><p>1</p></foreignObject>", "svg_unsupported"),
    "gradient": ('<linearGradient id="g"/><rect width="9" height="9" fill="url(#g)"/>', "svg_unsupported"),
    "marker in style": ('<marker id="m"/><path d="M0 0h9" style="stroke:#000;marker-end:url(#m)"/>', "svg_unsupported"),
    "filter in css": ('<filter id="f"/><style>rect{filter:url("#f")}</style>' + SQUARE, "svg_unsupported"),
    "path of words": ("<text><textPath>a</textPath></text>", "svg_unsupported"),
    "file": ('<use xlink:href="other.svg#a"/>', "svg_outside"),
    "address": ('<rect width="9" height="9" fill="url(http://127.0.0.1/a)"/>', "svg_outside"),
    "import": ("<style>@import 'http://127.0.0.1/a.css';</style>" + SQUARE, "svg_outside"),
    "itself": ('<g id="a"><use xlink:href="#a"/></g>', "picture_too_large"),
    "uses of uses": (BOMB, "picture_too_large"),
    "too deep": ("<g>" * 70 + SQUARE + "</g>" * 70, "picture_too_large"),
    "too many": ('<rect width="1" height="1"/>' * 3_001, "picture_too_large"),
    "a long way": (f'<path d="M0 0{"l1 1" * (MOST_STEPS + 1)}" stroke="#000"/>', "picture_too_large"),
    "many words": ("<text>" + "а" * 5_001 + "</text>", "picture_too_large"),
    "many rules": ("<style>" + "g g{fill:red}" * 60 + "</style>" + SQUARE * 1_500, "picture_too_large"),
    "large": (f"<!--{'x' * MOST_BYTES}-->" + SQUARE, "picture_too_large"),
    "far away": ('<rect x="1e9" width="1e9" height="1"/>', "picture_damaged"),
    "cut off": ("<g>" + SQUARE, "picture_damaged"),
    "nothing": ('<rect width="10" height="10" fill="none"/>', "picture_empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_not_be_or_cannot_be_printed_is_refused_by_name(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    body, code = REFUSED[name]
    with pytest.raises(Unsafe) as told:
        svg_marks(svg(body), "a.svg")
    assert told.value.code == code
    assert "a.svg" in told.value.text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("<text>&b;</text>"), "svg_entities"),
        (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<text>&x;</text>"), "svg_entities"),
        (b'<?xml-stylesheet href="http://127.0.0.1/a.css"?>' + svg(SQUARE), "svg_outside"),
        (b"<html/>", "picture_format"),
        (b"", "picture_damaged"),
        (svg(SQUARE, HEAD.replace('width="200" height="100"', 'width="0" height="0"')), "picture_damaged"),
        (svg(SQUARE, HEAD.replace('width="200"', 'width="20000"')), "picture_damaged"),
    ],
)
def test_a_file_that_is_more_or_less_than_a_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Unsafe) as told:
        svg_marks(content, "a.svg")
    assert told.value.code == code


def test_an_ordinary_document_type_is_passed_over() -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert svg_marks(head + svg(SQUARE), "a.svg")[2]


def test_a_teacher_hears_the_line_of_a_picture_that_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_bytes(svg(REFUSED["script"][0]))
    told = read_file(written(tmp_path, "a.svg"))
    assert [(each.code, each.row, each.value) for each in told.complaints] == [("svg_program", 12, "a.svg")]
    assert "PNG" in told.complaints[0].hint
    (tmp_path / "a.svgz").write_bytes(b"\x1f\x8b")
    assert [each.code for each in read_file(written(tmp_path, "a.svgz")).complaints] == ["picture_format"]


@pytest.mark.parametrize(
    "said",
    ['stroke-width="1e400"', 'stroke-width="nan"', 'stroke-width="-4"', 'stroke-dasharray="1e400,4"', 'stroke-dasharray="-3,4"'],
)
def test_a_stroke_that_no_printer_can_draw_is_refused(said: str) -> None:
    with pytest.raises(Unsafe) as told:
        svg_marks(svg(f'<path d="M0 0L50 50" fill="none" stroke="black" {said}/>'), "a.svg")
    assert told.value.code == "picture_damaged"


def test_opacity_in_rules_of_style_is_refused_and_never_passed_over() -> None:
    square = '<rect class="a" width="50" height="50"/>'
    for rule in ("opacity:0", "fill:red; opacity: .5"):
        with pytest.raises(Unsafe) as told:
            svg_marks(svg(f"<style>.a{{{rule}}}</style>{square}"), "a.svg")
        assert told.value.code == "svg_unsupported"
    for rule in ("opacity:1", "opacity: 1.0;fill:red", "fill-opacity:0.5"):
        svg_marks(svg(f"<style>.a{{{rule}}}</style>{square}"), "a.svg")


def test_dashes_too_fine_to_be_seen_are_a_line() -> None:
    fine, coarse = (
        svg_marks(svg(f'<path d="M0 50h200" fill="none" stroke="#000" stroke-dasharray="{dash}"/>'), "a.svg")[2]
        for dash in ("0.0001", "4 2")
    )
    assert [mark.get("dash") for mark in fine if "ink" in mark] == [None]
    assert [sum(mark["dash"]) > FINEST_DASH for mark in coarse if "ink" in mark] == [True]


@given(st.binary(max_size=200))
def test_whatever_stands_in_a_file_it_is_a_picture_or_refused(noise: bytes) -> None:
    for content in (noise, svg("") + noise, HEAD.encode() + noise + b"</svg>"):
        with suppress(Unsafe):
            assert svg_marks(content, "a.svg")[2]
