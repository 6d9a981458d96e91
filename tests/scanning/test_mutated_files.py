"""Damaged and hostile files before the whole of `scan`: a seeded handful of the thousands of `python -m bench.mutated_files`, and what they once broke."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from bench import mutated_files
from bench.accidents import Sample, damaged, whole_files
from bench.bombs import BOMBS, page_pdf, picture_pdf, stream
from bench.mutated_files import Account, run
from scanning import darkroom
from scanning.emptiness import is_empty
from scanning.intake import Frame, Limits, Refused, Unreadable, frames
from scanning.pictures import _decoders_words, _is_broken, photograph
from tests.small_desk import SmallDesk

SLOW = {
    "a million rectangles", "a million curves in one path", "tiles too small to see", "content packed three times", "content of 400 megabytes of spaces", "picture packed three times",
    "png with more pixels than it tells", "tiff whose data are more than it tells", "png with a packed profile", "jpeg whose scans come again",
}  # fmt: skip
LARGE = {name for name in BOMBS if "00 megapixels" in name or "118 megapixels" in name or "50000 deep" in name}
QUICK = Limits(seconds=0.5)


@pytest.fixture(scope="module")
def samples(small_desk: SmallDesk) -> list[Sample]:
    return whole_files(small_desk.scans)


def test_a_batch_of_damaged_files_is_read_to_its_end_and_none_changes_an_answer_in_silence(
    small_desk: SmallDesk, samples: list[Sample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that `bench.mutated_files` calls a fault, on a few files in a process of their own; hostile ones are opened below."""
    monkeypatch.setattr(mutated_files, "BOMBS", {})
    shutil.copytree(small_desk.unread, tmp_path / "desk")
    account = run(tmp_path / "desk", samples, 40, 11, tmp_path / "post", batch=40)
    assert account.faults == []
    assert account.files == 40
    assert account.answers > 0
    assert account.peak_megabytes < 2048


def test_the_account_of_a_batch_bites(tmp_path: Path) -> None:
    """A file without a row, a fault of the program and a whole page that was not read are each called a fault."""
    account = Account()
    row = {"file": "b.jpg", "state": "unreadable", "reason": "fault_ZeroDivisionError", "ms": 1}
    mutated_files._take_in(tmp_path, {"a.jpg": "grey jpeg"}, [row], account)
    assert ["no row" in fault or "ZeroDivision" in fault or "whole page" in fault for fault in account.faults] == [True] * 3


def test_no_damage_ends_the_reading_of_a_file_or_gives_nothing(samples: list[Sample], tmp_path: Path) -> None:
    luck = np.random.default_rng(20261005)
    for number in range(110):
        sample = damaged(samples, luck)
        path = tmp_path / f"{number}{sample.suffix}"
        path.write_bytes(sample.content)
        found = list(frames(path, QUICK))
        assert found, sample.name
        assert all(isinstance(each, Refused) or each.image.size for each in found), sample.name


def test_a_damaged_document_is_not_called_locked_because_the_one_before_it_was(tmp_path: Path) -> None:
    locked, damaged_one = tmp_path / "locked.pdf", tmp_path / "damaged.pdf"
    with pikepdf.open(io.BytesIO(page_pdf(b""))) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    damaged_one.write_bytes(BOMBS["pdf of no pages"][1]())
    reasons = [first.reason for path in (locked, damaged_one) if isinstance(first := next(frames(path, QUICK)), Refused)]
    assert reasons == ["encrypted", "damaged"]


@pytest.mark.parametrize("name", sorted(set(BOMBS) - SLOW - LARGE))
def test_a_hostile_file_costs_little_and_has_an_end(name: str, tmp_path: Path) -> None:
    """Each is a picture, or refused by a reason that is not `unknown`; how much it may take, the limits of the helper process say."""
    suffix, make = BOMBS[name]
    path = tmp_path / f"bomb{suffix}"
    path.write_bytes(make())
    first = next(frames(path, QUICK))
    assert isinstance(first, Frame) or first.reason in {"damaged", "too_heavy", "too_many_pixels", "too_many_frames", "unknown_kind"}


def test_a_drawing_that_takes_too_long_is_refused_and_the_next_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "heavy.pdf").write_bytes(page_pdf(b"0 0 595 842 re f " * 60_000))
    (tmp_path / "light.pdf").write_bytes(page_pdf(b"100 100 300 300 re f"))
    (heavy,) = frames(tmp_path / "heavy.pdf", Limits(seconds=0.2))
    (light,) = frames(tmp_path / "light.pdf", Limits())
    assert isinstance(heavy, Refused)
    assert heavy.reason == "too_heavy"
    assert isinstance(light, Frame)
    assert light.image.min() == 0


def test_a_helper_that_dies_costs_one_page_only(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(page_pdf(b"100 100 300 300 re f"))
    darkroom._helper().kill()
    first, second = list(frames(path, Limits())), list(frames(path, Limits()))
    assert isinstance(first[0], Refused)
    assert isinstance(second[0], Frame)


def _with_words(picture: bytes, words: bytes) -> bytes:
    """A searchable PDF: a picture under words, which is drawn and not taken out."""
    drawing = b"q 595 0 0 842 0 0 cm /P Do Q BT /F 12 Tf 3 Tr 50 50 Td (searchable) Tj ET"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return page_pdf(
        drawing, b"", b"/XObject << /P 5 0 R >> /Font << /F 6 0 R >>", [stream(picture, b"/Type /XObject /Subtype /Image " + words), font]
    )


GREY = b"/Width 600 /Height 800 /ColorSpace /DeviceGray /BitsPerComponent 8 "
LOST: dict[str, Callable[[bytes], bytes]] = {
    "half a jpeg under words": lambda jpeg: _with_words(jpeg[: len(jpeg) // 2], GREY + b"/Filter /DCTDecode"),
    "no jpeg at all": lambda _jpeg: _with_words(b"gone", GREY + b"/Filter /DCTDecode"),
    "too few bytes": lambda _jpeg: picture_pdf(b"\xff" * 1000, GREY),
    "a filter that is another's": lambda jpeg: picture_pdf(jpeg, GREY + b"/Filter /JBIG2Decode"),
    "a picture that nothing draws": lambda jpeg: _with_words(jpeg, GREY + b"/Filter /DCTDecode").replace(b"/P Do", b"/Q Do"),
}


def _jpeg() -> bytes:
    _suffix, make = BOMBS["jpeg of 100 megapixels without them"]
    return make().replace(bytes.fromhex("27102710"), bytes.fromhex("03200258"), 1)


@pytest.mark.parametrize("name", LOST)
def test_a_lost_picture_in_a_pdf_never_passes_for_blank_paper(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(LOST[name](_jpeg()))
    (found,) = frames(tmp_path / "a.pdf", Limits())
    assert isinstance(found, Refused)
    assert found.reason == "damaged"


def test_a_searchable_pdf_is_read(tmp_path: Path) -> None:
    """The control of the exhibits above: the same file, whole."""
    (tmp_path / "a.pdf").write_bytes(_with_words(_jpeg(), GREY + b"/Filter /DCTDecode"))
    (found,) = frames(tmp_path / "a.pdf", Limits())
    assert isinstance(found, Frame)
    assert found.image.std() > 10


def test_a_jpeg_that_is_broken_within_is_refused_and_one_with_a_few_bytes_too_many_is_read() -> None:
    jpeg = _jpeg()
    middle = len(jpeg) // 2
    assert photograph(jpeg, 10**6)[0].shape == (800, 600)
    assert photograph(jpeg[:-2] + b"\0\0\0" + jpeg[-2:], 10**6)[0].shape == (800, 600)
    for broken in (jpeg[:middle] + jpeg[middle + 3000 :], jpeg[:middle] + b"\x55" * 3000 + jpeg[middle + 3000 :]):
        with pytest.raises(Unreadable, match="damaged"):
            photograph(broken, 10**6)


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw", "tiff_deflate"])
def test_a_packed_tiff_that_is_broken_within_is_refused(compression: str, tmp_path: Path) -> None:
    """Where the decoder notices: these formats keep no sums, and a break that happens to decode shows only in the picture."""
    page = Image.fromarray(np.kron(np.random.default_rng(2).integers(0, 2, (120, 90)), np.ones((8, 8))).astype(np.uint8) * 255)
    (page.convert("1") if compression == "group4" else page).save(tmp_path / "a.tif", compression=compression)
    content = (tmp_path / "a.tif").read_bytes()
    middle = len(content) // 3
    (whole,) = frames(tmp_path / "a.tif", Limits())
    (tmp_path / "b.tif").write_bytes(content[:middle] + b"\x00\x00\x00\x00" + content[middle + 4 :])
    (broken,) = frames(tmp_path / "b.tif", Limits())
    assert isinstance(whole, Frame)
    assert isinstance(broken, Refused)


def test_what_others_say_on_the_error_stream_is_not_swallowed(capfd: pytest.CaptureFixture[str]) -> None:
    with _decoders_words() as words:
        os.write(2, b"somebody else\n")
        os.write(2, b"Corrupt JPEG data: bad Huffman code\n")
    assert capfd.readouterr().err == "somebody else\n"
    assert _is_broken(words)
    assert not _is_broken(["Corrupt JPEG data: 3 extraneous bytes before marker 0xd9", "somebody else"])


@pytest.mark.parametrize("compression", ["JPEG", "fax"])
def test_a_perfectly_white_page_in_a_pdf_is_blank_paper_and_no_damage(compression: str, tmp_path: Path) -> None:
    """A scanner that takes the paper's own grey away leaves nothing: its files are large all the same."""
    white = Image.new("L" if compression == "JPEG" else "1", (1654, 2339), 255 if compression == "JPEG" else 1)
    white.save(tmp_path / "a.pdf", "PDF", resolution=200)
    (found,) = frames(tmp_path / "a.pdf", Limits())
    assert isinstance(found, Frame)
    assert is_empty(found.image)


def test_a_fax_that_decodes_to_nothing_is_damaged(tmp_path: Path) -> None:
    words = b"/Width 600 /Height 800 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 600 /Rows 800 >>"
    (tmp_path / "a.pdf").write_bytes(picture_pdf(b"\0" * 20_000, words))
    (found,) = frames(tmp_path / "a.pdf", Limits())
    assert isinstance(found, Refused)
