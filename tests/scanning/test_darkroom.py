"""The helper that draws PDF pages: a draw that was stopped half-way leaves nothing behind that could pass for another page."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import pytest

from bench.bombs import page_pdf
from scanning import darkroom

DARK, LIGHT = 0.2, 0.8


def page(folder: Path, grey: float) -> Path:
    """A PDF page that is all of one grey."""
    file = folder / f"{grey}.pdf"
    file.write_bytes(page_pdf(f"{grey} g 0 0 595 842 re f".encode()))
    return file


def middle(file: Path) -> int:
    image = darkroom.draw(file, 1, 60_000_000, 10).image
    return int(image[image.shape[0] // 2, image.shape[1] // 2])


def test_a_draw_that_was_interrupted_is_not_taken_for_the_next_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dark, light = page(tmp_path, DARK), page(tmp_path, LIGHT)
    darkroom.close()
    before = darkroom._helper()

    def interrupted(_pipe: io.BufferedReader) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pickle, "load", interrupted)
        with pytest.raises(KeyboardInterrupt):
            darkroom.draw(dark, 1, 60_000_000, 10)
    assert abs(middle(light) - 255 * LIGHT) < 10
    assert before.poll() is not None
    darkroom.close()


def test_no_program_that_lies_in_the_working_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dark = page(tmp_path, DARK)
    (tmp_path / "numpy.py").write_text("raise SystemExit('run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    darkroom.close()
    assert abs(middle(dark) - 255 * DARK) < 10
    darkroom.close()
