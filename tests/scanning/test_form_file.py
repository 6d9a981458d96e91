"""A form's file: what is read from it, and that every fault of it is told by question and value."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import InputRefused, NotFound
from scanning.form_file import read_form_file, read_forms
from scanning.form_grids import NotAGrid, boxes_of_grid
from scanning.form_text import files_digest

Body = dict[str, Any]
SIZE = [100.0, 60.0]


def box(item: str, value: str, x: float, y: float = 20.0, **more: Any) -> Body:
    return {"item": item, "value": value, "center_mm": [x, y], "size_mm": [4, 4], **more}


def body() -> Body:
    boxes = [box("1", "A", 20), box("1", "B", 30), box("2", "A", 20, 30), box("2", "B", 30, 30)]
    digits = [box("code", digit, 60, 10 + 5 * int(digit), kind="digit", column=1) for digit in "012"]
    return {"form": "test-1", "title": "Сынақ", "size_mm": SIZE, "blank": "blank.png", "boxes": boxes + digits}


def saved(folder: Path, told: Body | str, name: str = "form.json") -> Path:
    """The form's file with its blank beside it: 300 dpi of white paper with a frame."""
    blank = np.full((709, 1181), 255, np.uint8)
    cv2.rectangle(blank, (30, 30), (1150, 680), 0, 3)
    cv2.imwrite(str(folder / "blank.png"), blank)
    file = folder / name
    file.write_text(told if isinstance(told, str) else json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return file


def faults(folder: Path, told: Body | str) -> list[tuple[str, str, str]]:
    with pytest.raises(InputRefused) as caught:
        read_form_file(saved(folder, told))
    assert caught.value.message
    assert caught.value.hint
    return [(each.code, each.column, each.value) for each in caught.value.complaints]


def test_a_form_is_what_its_file_says(tmp_path: Path) -> None:
    told = body() | {
        "identity": "code",
        "items": [{"item": "2", "rule": "several"}],
        "key": {"1": "B", "2": ["B", "A"]},
        "points": {"2": 2.5},
    }
    form = read_form_file(saved(tmp_path, told))
    assert (form.code, form.title, form.identity) == ("test-1", "Сынақ", "code")
    assert form.rules == {"1": "one", "2": "several"}
    assert form.key == {"1": ("B",), "2": ("A", "B")}
    assert form.points == {"1": Decimal(1), "2": Decimal("2.5")}
    (page,) = form.pages
    assert page.layout.size_mm == (100.0, 60.0)
    assert [item.item for item in page.layout.items] == ["1", "2", "code·1"]
    assert page.blank.shape == (720, 1200)


def test_yaml_says_the_same_as_json(tmp_path: Path) -> None:
    yaml = """
form: test-1
title: Сынақ
size_mm: [100, 60]
blank: blank.png
grids:
  - {items: 1-2, values: AB, first_mm: [20, 20], step_mm: [10, 0], row_mm: [0, 10], size_mm: 4}
  - {items: code, values: "012", columns: 1, first_mm: [60, 10], step_mm: [0, 5], size_mm: 4}
"""
    assert read_form_file(saved(tmp_path, yaml, "form.yaml")).digest == read_form_file(saved(tmp_path, body())).digest


def test_key_and_points_change_no_reading_but_boxes_and_blank_do(tmp_path: Path) -> None:
    file = saved(tmp_path, body())
    first, content = read_form_file(file).digest, files_digest(file)
    assert read_form_file(saved(tmp_path, body() | {"key": {"1": "A"}, "points": 3, "title": "x"})).digest == first
    moved = body()
    moved["boxes"][0]["center_mm"] = [19.5, 20]
    assert read_form_file(saved(tmp_path, moved)).digest != first
    file = saved(tmp_path, body())
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((709, 1181), 250, np.uint8))
    assert read_form_file(file).digest != first
    assert files_digest(file) != content


def test_a_title_that_speaks_of_blanks_names_no_file(tmp_path: Path) -> None:
    for title in ("blank: " + "y" * 400, "blank: a\0b"):
        file = saved(tmp_path, body() | {"title": title})
        assert read_form_file(file).title == title
        assert len(files_digest(file)) == 64


def test_a_grid_beyond_any_float_is_no_grid() -> None:
    grid = {"items": "1-2", "values": "AB", "first_mm": [10**400, 1], "step_mm": [1, 1], "row_mm": [1, 1], "size_mm": 4}
    with pytest.raises(NotAGrid):
        list(boxes_of_grid(grid))


FAULTS: dict[str, tuple[Callable[[Body], Any], tuple[str, str, str]]] = {
    "a code with spaces": (lambda b: b.update(form="my form"), ("form_code", "", "my form")),
    "an unknown field": (lambda b: b.update(boxs=[]), ("unknown_field", "", "boxs")),
    "a size in centimetres": (lambda b: b.update(size_mm=[21, 29.7]), ("size_mm", "", "[21, 29.7]")),
    "beyond the page": (lambda b: b["boxes"].append(box("3", "C", 99)), ("off_page", "3", "C")),
    "the same box twice": (lambda b: b["boxes"].append(box("1", "A", 80)), ("twice", "1", "A")),
    "boxes upon each other": (lambda b: b["boxes"].append(box("3", "A", 21.5, 20)), ("overlap", "1", "A")),
    "a box without a middle": (lambda b: b["boxes"].append({"item": "3", "value": "A", "size_mm": [4, 4]}), ("box_place", "3", "A")),
    "a value that YAML made a truth": (lambda b: b["boxes"].append(box("3", False, 80)), ("box", "", "")),  # type: ignore[arg-type]
    "a digit without a column": (lambda b: b["boxes"].append(box("3", "1", 80, kind="digit")), ("box_column", "3", "1")),
    "a letter among the digits": (lambda b: b["boxes"].append(box("3", "x", 80, kind="digit", column=1)), ("box_value", "3", "x")),
    "an odd shape": (lambda b: b["boxes"].append(box("3", "x", 80, shape="star")), ("box_kind", "3", "x")),
    "a kind that is a list": (lambda b: b["boxes"].append(box("3", "x", 80, kind=["choice"])), ("box_kind", "3", "x")),
    "a number beyond any float": (lambda b: b["boxes"].append(box("3", "x", 10**400)), ("box_place", "3", "x")),
    "a blank with a zero in its name": (lambda b: b.update(blank="a\0b"), ("pages", "", "")),
    "nan": (lambda b: b["boxes"].append(box("3", "x", float("nan"))), ("box_place", "3", "x")),
    "a rule that does not fit": (lambda b: b.update(items=[{"item": "1", "rule": "number"}]), ("rule", "1", "number")),
    "a rule for nothing": (lambda b: b.update(items=[{"item": "9"}]), ("unknown_item", "9", "")),
    "an identity without digits": (lambda b: b.update(identity="1"), ("identity", "1", "1")),
    "a key that cannot be marked": (lambda b: b.update(key={"1": "C"}), ("key", "1", "C")),
    "two right answers where one is asked": (lambda b: b.update(key={"1": ["A", "B"]}), ("key", "1", "['A', 'B']")),
    "a key of no question": (lambda b: b.update(key={"7": "A"}), ("unknown_item", "7", "")),
    "points below nothing": (lambda b: b.update(points={"1": -1}), ("points", "1", "-1")),
    "points that are words": (lambda b: b.update(points={"1": "много"}), ("points", "1", "много")),
    "a blank that is a folder": (lambda b: b.update(blank="."), ("unknown_kind", "", ".")),
    "a blank that is not there": (lambda b: b.update(blank="none.pdf"), ("not_found", "", "none.pdf")),
    "a page that the blank has not": (lambda b: b.update(blank_page=0), ("blank_page", "", "blank.png")),
    "paper of another shape": (lambda b: b.update(size_mm=[100, 70]), ("blank_shape", "", "blank.png")),
    "a grid without its way": (lambda b: b.update(grids=[{"items": "3-4", "values": "AB"}]), ("grid", "", "")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_where_it_is(tmp_path: Path, name: str) -> None:
    spoil, (code, item, value) = FAULTS[name]
    told = body()
    spoil(told)
    found = faults(tmp_path, told)
    assert any(each[0] == code and each[1] == item and value in each[2] for each in found), found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = body() | {"form": ""}
    told["boxes"] += [box("3", "C", 99), box("1", "A", 80)]
    assert {code for code, _item, _value in faults(tmp_path, told)} == {"form_code", "off_page", "twice"}


NO_FORMS: dict[str, tuple[bytes, str, int | None]] = {
    "nothing": (b"", "no fields", None),
    "a list": (b"[1, 2]", "no fields", None),
    "words": (b"just words", "no fields", None),
    "a bracket that stays open": (b'{"form": "x",\n"title": [1, 2\n', "comma or a closing bracket", 3),
    "a comma too few": (b'{"form": "x"\n"title": "y"}', "comma or a closing bracket", 2),
    "a colon too many": (b"form: x\na: b: c", "colon stands where none", 2),
    "letters that nobody sees": (b"\x00\x01", "damaged here", None),
    "brackets without end": (b"{" * 100_000, "nested more than", 1),
    "fields in fields without end": (b'{"a":' * 100_000, "nested more than", None),
    "lists that would end the parser": (b"[" * 1_000_000, "nested more than", 1),
    "a part that is not there": (b"form: *nothing", "References", 1),
    "parts of parts of parts": (b"a: &a [x, x]\nb: &b [*a, *a]\nform: *b", "References", 2),
    "a day that no calendar has": (b"form: 2026-13-45", "a date that cannot be", None),
    "a number of thousands of digits": (b'{"form": ' + b"9" * 5000 + b"}", "number or a date", None),
    "a picture": (b"\x89PNG\r\n\x1a\n\xff\xd8\xff", "not a text in UTF-8", 1),
    "the code page of old Windows": ("form: x\ntitle: Сынақ емтиханы".encode("cp1251", "replace"), "Windows-1251", 2),
    "UTF-16": ("form: x".encode("utf-16"), "UTF-16", 1),
}


@pytest.mark.parametrize("name", NO_FORMS)
def test_what_is_no_form_is_refused_in_a_sentence_of_ours_with_its_line(tmp_path: Path, name: str) -> None:
    content, said, line = NO_FORMS[name]
    file = tmp_path / "form.yaml"
    file.write_bytes(content)
    with pytest.raises(InputRefused) as caught:
        read_form_file(file)
    assert said in caught.value.message
    assert "form.yaml" in caught.value.message
    assert caught.value.hint
    assert [each.row for each in caught.value.complaints] == [line]


def test_yaml_in_curly_brackets_is_a_form_too(tmp_path: Path) -> None:
    told = json.dumps(body(), ensure_ascii=False, indent="\t").replace('"form"', "form")
    assert read_form_file(saved(tmp_path, told)).digest == read_form_file(saved(tmp_path, body())).digest


def test_a_folder_is_no_form(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="folder"):
        read_form_file(tmp_path)


def test_a_form_that_is_not_there_and_one_given_twice(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_form_file(tmp_path / "none.json")
    file = saved(tmp_path, body())
    with pytest.raises(InputRefused, match="test-1"):
        read_forms([file, file])


def test_a_question_on_two_pages_is_told(tmp_path: Path) -> None:
    told = body()
    part = {"blank": "blank.png", "boxes": told.pop("boxes")}
    told.pop("blank")
    assert ("two_pages", "1", "") in faults(tmp_path, told | {"pages": [part, part]})


@given(
    st.integers(1, 12),
    st.text("ABCDEFGH", min_size=1, max_size=6).map(lambda text: "".join(dict.fromkeys(text))),
    st.integers(1, 4) | st.none(),
    st.tuples(st.floats(-20, 20), st.floats(-20, 20)),
)
def test_a_grid_unfolds_to_every_box_once(count: int, values: str, columns: int | None, step: tuple[float, float]) -> None:
    grid = {
        "items": f"1-{count}",
        "values": values,
        "first_mm": [10, 10],
        "step_mm": list(step),
        "row_mm": [0, 9],
        "column_mm": [5, 0],
        "size_mm": 4,
    }
    found = list(boxes_of_grid(grid | ({"columns": columns} if columns else {})))
    assert len(found) == count * len(values) * (columns or 1)
    assert len({(each["item"], each["value"], each["column"]) for each in found}) == len(found)
    assert found[0]["center_mm"] == [10.0, 10.0]
    assert {each["item"] for each in found} == {str(number) for number in range(1, count + 1)}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    )
)
def test_no_grid_of_any_kind_does_worse_than_being_refused(told: object) -> None:
    with suppress(NotAGrid):
        list(boxes_of_grid(told))
