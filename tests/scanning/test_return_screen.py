"""The return for a screen: one file that asks nothing of the net, in the order of the paper, escaped, with words for those who do not see, and the same bytes twice."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from packets.assignment import ChoiceQuestion
from packets.paper import POINTS_PER_MM
from records import schema
from records.home import Home, open_home
from scanning.annotate import Outcome, Place, Verdict, draw_verdicts
from scanning.comment import comment
from scanning.return_pages import draw
from scanning.return_screen import page_of
from scanning.returns import ClassWork, TeachersReturn, gather
from scanning.svg import Svg
from tests.scanning.chromium import Browser, chromium
from tests.scanning.paper import WEEK, WORK, Sheet, page
from tests.scanning.test_return_signs import ASKED, LAYOUT, _held, _picture
from tests.scanning.test_returns import BACK, _class, _pupil, _scan, home  # noqa: F401 - a fixture
from tests.small_desk import SmallDesk

Poshta = Callable[..., Any]
PIXEL = base64.b64decode("/9j/4AAQSkZJRg==")
VOID = {"meta", "link", "br", "img"}


class _Tree(HTMLParser):
    """Holds that every element is closed where it was opened, and notes elements, attributes and identities."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _tree(content: bytes) -> _Tree:
    tree = _Tree()
    tree.feed(content.decode())
    assert tree.open == []
    return tree


def _report(work: ClassWork | None = None, language: str = "kk") -> TeachersReturn:
    return TeachersReturn("T1", "Мұғалім", "Мектеп", language, WEEK, (work or _class(6, 7),))


def test_what_is_asked_of_the_browser_stands_in_the_file_and_its_policy_lets_nothing_else() -> None:
    content = page_of(_report(), {}).decode()
    style = re.search(r"<style>(.*?)</style>", content, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert unescape(content).count(policy) == 1
    tree = _tree(content.encode())
    assert not {"script", "iframe", "form", "object"} & {tag for tag, _attributes in tree.seen}
    addresses = [
        value or "" for _tag, each in tree.seen for name, value in each.items() if name in {"href", "src", "style"} or name.startswith("on")
    ]
    assert addresses
    assert all(each.startswith(("#", "data:")) for each in addresses)


def test_every_link_leads_somewhere_and_no_place_is_named_twice() -> None:
    work = _class(6, 7)
    work = replace(
        work, pupils=tuple(replace(each, sheets=(replace(BACK[0], page=f"p{number}"),)) for number, each in enumerate(work.pupils))
    )
    tree = _tree(page_of(_report(work), {}))
    names = [each["id"] for _tag, each in tree.seen if "id" in each]
    assert len(names) == len(set(names))
    assert {f"p-p{number}" for number in range(6)} <= set(names)
    links = {(each["href"] or "")[1:] for _tag, each in tree.seen if (each.get("href") or "").startswith("#")}
    assert links <= set(names)
    assert {f"p-p{number}" for number in range(6)} <= links


def test_those_who_do_not_see_the_signs_are_told_them() -> None:
    work = _class(6, 7)
    tree = _tree(page_of(_report(work), {}))
    signs = [each for tag, each in tree.seen if tag == "svg" and each.get("class") == "sign" and each.get("aria-hidden") is None]
    assert len(signs) >= 6 * 7
    assert all(each.get("aria-label") and each.get("role") == "img" for each in signs)
    assert all(each.get("alt") for tag, each in tree.seen if tag == "img")
    assert next(each for tag, each in tree.seen if tag == "html")["lang"] == "kk"
    regions = [each for _tag, each in tree.seen if each.get("role") == "region"]
    assert all(each["tabindex"] == "0" and each["aria-label"] for each in regions)


def test_nothing_that_a_teacher_or_a_list_wrote_becomes_markup() -> None:
    evil = "<script>alert(1)</script>\"'&{{ 7 * 7 }}"
    asked = ChoiceQuestion("1", evil, (evil, "b"), ("B",), False, False, WORK.questions[0].points)
    work = _class(3, 1)
    pupils = tuple(replace(each, name=evil, village=evil, sheets=(replace(BACK[0], remarks=(("1", evil),)),)) for each in work.pupils)
    report = _report(replace(work, assignment=replace(work.assignment, title=evil, parts=(asked,)), pupils=pupils))
    content = page_of(replace(report, teacher=evil, school=evil), {}).decode()
    assert "<script" not in content
    assert "{{ 7 * 7 }}" in content
    _tree(content.encode())


def test_the_same_records_and_pictures_give_the_same_bytes_and_the_pictures_are_inside() -> None:
    image, measurements = _picture(0)
    sheet = replace(BACK[0], layout=LAYOUT.digest, measurements=measurements)
    work = replace(_class(1, 3), pupils=(replace(_pupil(1, 3), sheets=(sheet,)),))
    report = replace(_report(work), layouts={LAYOUT.digest: LAYOUT})
    first = page_of(report, {1: PIXEL})
    assert first == page_of(report, {1: PIXEL})
    assert base64.b64encode(PIXEL) in first
    assert "енді сақталмайды".encode() not in first
    assert "енді сақталмайды".encode() in page_of(report, {})
    assert image is not None


def test_verdicts_on_the_screen_are_those_on_paper() -> None:
    _image, measurements = _picture(30.0)
    shapes = {}
    for name, held in {
        "right": _held("read", ("B",), "1"),
        "wrong": _held("read", ("A",), "0"),
        "doubt": _held("doubt", (), None, ("A", "C")),
    }.items():
        drawing = Svg()
        draw_verdicts(drawing, Place(0, 0, 1), measurements, LAYOUT, [Verdict(ASKED, held)])
        shapes[name] = drawing.elements
    assert shapes["right"].count("<circle") == 2
    assert shapes["wrong"].count("<circle") == 2
    assert shapes["wrong"].count("<path") > shapes["right"].count("<path")
    assert shapes["doubt"].count("stroke-dasharray") == 8
    assert 'cx="80" cy="100"' in shapes["right"], "at the box, however the sheet lay"


def test_the_page_holds_what_the_paper_holds_in_its_order() -> None:
    silent = replace(
        _pupil(9, 7),
        name="Үнсіз",
        packet="Z",
        sheets=(replace(BACK[0], scan=None),),
        answers={},
        return_by=_class(1, 1).pupils[0].return_by,
    )
    work = replace(_class(6, 7), pupils=(*_class(6, 7).pupils, replace(silent, return_by=silent.return_by.replace(year=2025))))
    content = unescape(page_of(_report(work), {}).decode())
    order = [
        "Қайтып келгені",
        "Қайтпады",
        "Үнсіз",
        "40 %-ынан аз",
        "Сіздің балыңызды күтуде",
        "Қайта түсіндіру керек",
        "Сынып кестелері",
        "Сұрақтар бойынша",
    ]
    body = content.split("<main>")[1]
    places = [
        content.index(order[0]),
        *(body.index(f"{words}</h2>") if f"{words}</h2>" in body else body.index(words) for words in order[1:]),
    ]
    assert places[1:] == sorted(places[1:])


def test_forgetting_finds_it_and_files_are_told_with_their_sizes(home: Home, poshta: Poshta, tmp_path: Path) -> None:  # noqa: F811
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": ""}))
    said = poshta("returns", "--week", WEEK)
    (row,) = said.data["returns"]
    assert said.data["files"] == [row["file"], row["html"]]
    for file, size in ((row["file"], row["bytes"]), (row["html"], row["html_bytes"])):
        assert (home.path / file).stat().st_size == size
    content = (home.path / row["html"]).read_text(encoding="utf-8")
    assert "Тегі-P1" in content
    assert "Тегі" not in row["html"]
    with home.database.read() as session:
        noted = {each.path for each in session.query(schema.NamedFile)}
    assert noted == {row["file"], row["html"]}
    forgotten = poshta("pupils", "forget", "P1")
    assert set(noted) <= set(forgotten.data["removed"])
    assert not (home.path / row["html"]).exists()


def test_what_was_said_to_a_pupil_stands_beside_the_page_on_paper_and_screen(home: Home, tmp_path: Path) -> None:  # noqa: F811
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": ""}))
    with home.database.write() as session:
        comment(session, page("P1", 2), "2", "Жарайсың, <бірақ> тағы ойлан")
    with home.database.read() as session:
        (report,) = gather(session, WEEK)
    assert "Оқушыға, 2-сұрақ бойынша: Жарайсың, <бірақ> тағы ойлан" in unescape(page_of(report, {}).decode())
    from tests.scanning.test_returns import _words

    assert "Оқушыға, 2-сұрақ бойынша: Жарайсың, <бірақ> тағы ойлан" in _words(draw(report, {}))[-1]


@pytest.mark.slow
@pytest.mark.skipif(chromium() is None, reason="there is no Chromium here")
def test_a_browser_shows_it_wide_and_narrow_without_a_complaint_and_asks_nobody(small_desk: SmallDesk, tmp_path: Path) -> None:
    desk = open_home(small_desk.copied(tmp_path).home)
    with desk.database.read() as session:
        reports = gather(session, "2026-W41")
    desk.close()
    report = max(reports, key=lambda each: sum(sheet.scan is not None for sheet in each.sheets))
    file = tmp_path / "return.html"
    file.write_bytes(page_of(report, {sheet.scan or 0: _jpeg() for sheet in report.sheets if sheet.scan is not None}))
    for width in (1200, 360):
        with Browser(chromium() or "", tmp_path / f"profile{width}", (width, 800)) as browser:
            browser._call(
                "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
            )
            browser.go(file.as_uri())
            browser.until("document.readyState == 'complete' && [...document.images].every(each => each.complete && each.naturalWidth)")
            assert browser.complaints() == []
            assert [each for each in browser.asked() if not each.startswith("data:")] == [file.as_uri()]
            assert browser.evaluate("document.documentElement.scrollWidth") <= width
            assert browser.evaluate("document.images.length") > 0
            assert browser.evaluate("getComputedStyle(document.body).maxWidth") != "none", "its style is let through"
            browser.press("Tab")
            assert browser.evaluate("document.activeElement.className") == "skip"
            browser.press("Enter")
            browser.until("location.hash == '#pages'")
            browser.press("Tab")
            assert browser.evaluate("document.activeElement.closest('#pages') !== null")


def _jpeg() -> bytes:
    import cv2
    import numpy as np

    return cv2.imencode(".jpg", np.full((1169, 827), 200, np.uint8))[1].tobytes()


def test_every_sign_of_the_legend_is_defined_once() -> None:
    content = page_of(_report(), {}).decode()
    for outcome in Outcome:
        assert content.count(f'id="s-{outcome.value}"') == 1


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_person_is_told_of_both_files_and_of_their_sizes(home: Home, poshta: Poshta, tmp_path: Path, lang: str) -> None:  # noqa: F811
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": ""}))
    told = poshta("returns", "--week", WEEK, json=False, lang=lang)
    assert (told.code, "0.1 + 0.0" in told.out) == (0, True), told.out
    assert ".html" in told.out


@pytest.mark.parametrize("remarks", [0, 1, 8, 25])
def test_however_much_was_said_the_picture_is_large_enough_to_read(remarks: int) -> None:
    _image, measurements = _picture(0)
    said = tuple((str(number), "Жарайсың, енді жауабыңды тағы бір рет мұқият тексеріп шық. " * 5) for number in range(1, remarks + 1))
    sheet = replace(BACK[0], layout=LAYOUT.digest, measurements=measurements, remarks=said)
    work = replace(_class(1, 3), pupils=(replace(_pupil(1, 3), sheets=(sheet,)),))
    with pikepdf.open(BytesIO(draw(replace(_report(work), layouts={LAYOUT.digest: LAYOUT}), {1: _jpeg()}))) as document:
        sizes = [
            abs(float(operands[3])) for page in document.pages for operands, name in pikepdf.parse_content_stream(page) if str(name) == "cm"
        ]
    assert max(sizes) / POINTS_PER_MM > 120
