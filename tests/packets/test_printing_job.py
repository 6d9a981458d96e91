"""`packets print`: the packets' own pages, whole and in order, with covers that tell nobody's name outside; what changed since is told."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import update

from packets.bundle import build
from packets.imposition import Imposition
from packets.planning import Scope, plan
from packets.press import Press
from packets.printing import Batch, Way
from packets.printing_job import planned
from packets.printing_order import Choice
from packets.printing_press import Paper, batch_pdf
from packets.printing_record import batch_files
from packets.printing_sheets import Place
from records import schema
from records.home import Home, open_home
from tests.conftest import Poshta
from tests.packets.week import FIRST, FIRST_PACKET, SECOND, WEEK, open_desk, texts

NAMES = ("Әсел", "Ёжик", "Гүлнұр", "Дамир")


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("printing") / "desk"
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("POSHTA_TODAY", "2026-09-28")
        home = open_desk(folder)
        build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
        home.close()
    return folder


@pytest.fixture
def built(built_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    shutil.copytree(built_once, tmp_path / "desk")
    home = open_home(tmp_path / "desk")
    yield home
    home.close()


def contents(file: Path | bytes, page: int) -> bytes:
    with pikepdf.open(io.BytesIO(file) if isinstance(file, bytes) else file) as pdf:
        return pdf.pages[page].obj.Contents.read_raw_bytes()


def test_pages_of_packets_are_copied_byte_for_byte_and_fonts_are_kept_once(built: Home, poshta: Poshta) -> None:
    said = poshta("packets", "print", "--week", WEEK)
    assert said.code == 0
    [batch] = said.data["batches"]
    assert batch["packets"] == [f"{WEEK}-{code}" for code in ("P1", "P2", "P3")]
    with pikepdf.open(built.path / batch["file"]) as made, pikepdf.open(built.path / FIRST_PACKET) as packet:
        assert not made.check_pdf_syntax()
        assert len(made.pages) == batch["sheets"]
        for place, page in enumerate(packet.pages):
            copy = made.pages[3 + place]  # after the separator, the bag's cover and its list
            assert copy.obj.Contents.read_raw_bytes() == page.obj.Contents.read_raw_bytes()
            assert list(copy.mediabox) == list(page.mediabox)
            if "/XObject" in page.obj.Resources:
                form, original = copy.obj.Resources.XObject.Fixed, page.obj.Resources.XObject.Fixed
                assert form.read_raw_bytes() == original.read_raw_bytes()
        fonts = {font.objgen for page in made.pages for font in page.obj.Resources.get("/Font", {}).values()}
        assert len(fonts) <= 4


def test_printed_pages_look_like_the_packets_own(built: Home, poshta: Poshta) -> None:
    file = poshta("packets", "print", "--week", WEEK, "--pupil", "P1").data["files"][0]
    with pypdfium2.PdfDocument(built.path / file) as made, pypdfium2.PdfDocument(built.path / FIRST_PACKET) as packet:
        for place in range(len(packet)):
            copy, original = (document[page].render(scale=1).to_numpy() for document, page in ((made, 3 + place), (packet, place)))
            assert (copy == original).all()


def test_the_outside_of_a_bag_and_the_separator_carry_no_name_and_the_list_inside_does(built: Home, poshta: Poshta) -> None:
    said = poshta("packets", "print", "--week", WEEK, "--village", FIRST)
    assert said.data["files"] == [f"print/{WEEK}/{FIRST}/batch-01.pdf"]
    separator, outside, inside, *_packets = texts(built, said.data["files"][0])
    for page in (separator, outside):
        assert not any(name in page for name in (*NAMES, "Серік"))
    assert "Әсел" in inside
    assert "Ёжик" in inside
    assert "Серік" not in inside
    assert f"{WEEK}-P1" in outside
    assert "Қарағаш" in outside
    assert FIRST in separator


def test_the_line_to_measure_is_100_mm_long(built: Home, poshta: Poshta) -> None:
    file = poshta("packets", "print", "--week", WEEK).data["files"][0]
    with pypdfium2.PdfDocument(built.path / file) as made:
        picture = made[0].render(scale=200 / 72, grayscale=True).to_numpy()
    row = picture[round(268 / 25.4 * 200)]
    dark = [x for x, ink in enumerate(row[: round(121 / 25.4 * 200)]) if ink < 128]
    assert (dark[-1] - dark[0]) / 200 * 25.4 == pytest.approx(100, abs=0.4)


def test_printed_twice_nothing_is_written_and_the_bytes_are_the_same(built: Home, poshta: Poshta) -> None:
    first = poshta("packets", "print", "--week", WEEK)
    before = {file: (built.path / file).read_bytes() for file in first.data["files"]}
    again = poshta("packets", "print", "--week", WEEK)
    assert [batch["outcome"] for batch in again.data["batches"]] == ["unchanged"]
    assert (again.data["changed"], again.data["added"]) == ([], [])
    for file, content in before.items():
        (built.path / file).unlink()
        assert poshta("packets", "print", "--week", WEEK).data["batches"][0]["outcome"] == "written"
        assert (built.path / file).read_bytes() == content


def test_a_packet_that_was_built_anew_makes_its_batch_old_and_both_commands_tell(built: Home, poshta: Poshta) -> None:
    file = poshta("packets", "print", "--week", WEEK).data["files"][0]
    with built.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Асель"))
    rebuilt = poshta("packets", "build", "--week", WEEK)
    [told] = [error for error in rebuilt.body["errors"] if error["code"] == "batch_stale"]
    assert (told["file"], f"{WEEK}-P1" in told["text"], "Асель" in told["text"]) == (file, True, False)
    said = poshta("packets", "print", "--week", WEEK)
    assert said.data["changed"] == [{"file": file, "packets": [f"{WEEK}-P1"]}]
    assert not [error for error in poshta("packets", "build", "--week", WEEK).body["errors"] if error["code"] == "batch_stale"]


def test_a_withdrawn_packet_is_not_printed_and_batches_left_over_are_removed(built: Home, poshta: Poshta) -> None:
    many = poshta("packets", "print", "--week", WEEK, "--batch", "6")
    assert len(many.data["batches"]) > 1
    poshta("packets", "void", f"{WEEK}-P3")
    few = poshta("packets", "print", "--week", WEEK)
    assert few.data["packets"] == 2
    assert sorted(file.name for file in (built.path / f"print/{WEEK}").glob("*.pdf")) == ["batch-01.pdf"]
    assert [f"{WEEK}-P3"] in [each["packets"] for each in few.data["changed"]]


def test_on_both_sides_every_worksheet_has_a_white_back(built: Home, poshta: Poshta) -> None:
    said = poshta("packets", "print", "--week", WEEK, "--duplex")
    [batch] = said.data["batches"]
    words = texts(built, batch["file"])
    assert len(words) == 2 * batch["sheets"]
    with built.database.read() as session:
        codes = {row.short_code for row in session.query(schema.Page).filter_by(kind="worksheet", void=False)}
    fronts = [place for place, page in enumerate(words) if any(code in page.replace("-", "") for code in codes)]
    assert len(fronts) == len(codes)
    assert all(place % 2 == 0 and words[place + 1] == "" for place in fronts)


def test_a_village_within_its_district_is_printed_alone(built: Home, poshta: Poshta) -> None:
    assert poshta("packets", "print", "--week", WEEK, "--village", FIRST, "--district", "595000000").data["packets"] == 2


def test_the_files_of_many_batches_are_listed_by_a_folder_in_the_order_of_printing() -> None:
    assert batch_files("print", 2) == ["print/batch-01.pdf", "print/batch-02.pdf"]
    assert sorted(batch_files("print", 1001)) == batch_files("print", 1001)


def test_what_is_too_heavy_is_told_on_paper_and_by_the_exit_code(built: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_PACKETS__LETTER_GRAMS", "30")
    monkeypatch.setenv("POSHTA_PACKETS__BANDEROLE_GRAMS", "30")
    monkeypatch.setenv("POSHTA_PACKETS__PARCEL_GRAMS", "50")
    said = poshta("packets", "print", "--week", WEEK)
    assert said.code == 3
    assert {each["packet"] for each in said.data["heavy"] if each["packet"]} == {f"{WEEK}-{code}" for code in ("P1", "P2", "P3")}
    assert FIRST in [each["kato"] for each in said.data["heavy"]]
    assert {error["code"] for error in said.body["errors"]} == {"packet_too_heavy", "bundle_too_heavy"}
    assert f"{WEEK}-P1" in texts(built, said.data["files"][0])[0]


def test_a_packet_whose_file_is_damaged_stops_the_job_before_anything_is_written(built: Home, poshta: Poshta) -> None:
    (built.path / FIRST_PACKET).write_bytes(b"%PDF-1.5 gone")
    said = poshta("packets", "print", "--week", WEEK)
    assert (said.code, said.body["errors"][0]["code"]) == (6, "file_gone")
    assert not (built.path / "print").exists()


def test_a_forgotten_pupil_leaves_the_batches_too(built: Home, poshta: Poshta) -> None:
    file = poshta("packets", "print", "--week", WEEK).data["files"][0]
    poshta("pupils", "forget", "P1")
    assert not (built.path / file).exists()
    assert "Әсел" not in json.dumps([path.read_text() for path in built.path.rglob("batches.json")])


def test_labels_lie_in_the_order_of_the_job(built: Home, poshta: Poshta) -> None:
    said = poshta("packets", "print", "--week", WEEK, "--labels")
    assert said.data["labels"] == [f"print/{WEEK}/labels-address.pdf", f"print/{WEEK}/labels-return.pdf"]
    words = "".join(texts(built, said.data["labels"][0]))
    places = [words.index(f"{WEEK}-{code}") for code in ("P1", "P2", "P3")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("--two-up", "--booklet"), 2),
        (("--booklet", "--simplex"), 2),
        (("--pupil", "P1", "--village", FIRST), 2),
        (("--village", FIRST, "--district", "150000000"), 2),
        (("--pupil", "NOBODY"), 6),
        (("--route", "26W41A-1-1-MON"), 6),
        (("--village", "12"), 2),
        (("--village", "595033900"), 6),
        (("--batch", "1"), 2),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(built: Home, poshta: Poshta, flags: tuple[str, ...], code: int) -> None:
    assert poshta("packets", "print", "--week", WEEK, *flags).code == code
    assert not (built.path / "print").exists()


def test_a_worksheet_is_never_made_smaller(built: Home, poshta: Poshta) -> None:
    said = poshta("packets", "print", "--week", WEEK, "--two-up", "--reading", str(built.path / FIRST_PACKET))
    assert said.code == 4
    assert "worksheet" in said.body["errors"][0]["text"]
    assert not (built.path / "print").exists()
    assert poshta("packets", "print", "--week", WEEK, "--two-up", "--reading", str(built.path / "poshta.sqlite3")).code == 4
    assert poshta("packets", "print", "--week", WEEK, "--reading", str(built.path / FIRST_PACKET)).code == 2


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_reading_matter_of_any_size_and_turn_becomes_a_booklet_that_folds(built: Home, poshta: Poshta, tmp_path: Path, turned: int) -> None:
    source = tmp_path / "story.pdf"
    with pikepdf.new() as pdf:
        for page in range(5):
            pdf.add_blank_page(page_size=(400, 500))
            grey = b"%.2f g 0 0 400 500 re f" % (0.15 * (page + 1))
            pdf.pages[-1].Contents = pdf.make_stream(grey)
            pdf.pages[-1].rotate(turned, relative=False)
        pdf.save(source)
    said = poshta("packets", "print", "--week", WEEK, "--booklet", "--reading", str(source))
    [reading] = said.data["reading"]
    assert (reading["pages"], reading["sheets"]) == (5, 2)
    with pypdfium2.PdfDocument(built.path / reading["file"]) as made:
        sides = [page.render(scale=0.5, grayscale=True).to_numpy() for page in made]
    tones = [(int(side[height * 3 // 4, 148]), int(side[height // 4, 148])) for side in sides for height in [side.shape[0]]]
    first, second, third, fourth, fifth = (round(255 * 0.15 * (page + 1)) for page in range(5))
    near = [tuple(min((first, second, third, fourth, fifth, 255), key=lambda tone: abs(tone - seen)) for seen in side) for side in tones]
    # on fronts the left page stands below, on backs (turned the other way) above
    assert near == [(255, first), (255, second), (255, third), (fifth, fourth)]


@pytest.mark.parametrize("large", [False, True])
def test_a_cover_of_two_pages_is_set_two_up_unless_it_is_large_and_worksheets_are_not(built: Home, large: bool) -> None:
    [bag] = planned(built, Choice(WEEK, pupil="P1"), Way()).bags
    [packet] = bag.packets
    count, way = len(packet.kinds), Way(imposition=Imposition.TWO_UP)
    covers = replace(packet, kinds=("cover", "cover", *["worksheet"] * (count - 2)), large=large)
    batch = Batch((replace(bag, packets=(covers,)).whole,))
    pdf = batch_pdf(built.path, batch, Place(WEEK, 1, 1), way, built.settings.packets, Press())
    small = not large
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert len(made.pages) == batch.sheets(way) == 3 + count - small
        assert [sorted(page.obj.Resources.get("/XObject", {})) == ["/Half0", "/Half1"] for page in made.pages] == [
            small and place == 3 for place in range(len(made.pages))
        ]
    for place in range(2, count):
        assert contents(pdf, 3 + place - small) == contents(built.path / packet.pdf, place)


@pytest.mark.parametrize("sides", ["--simplex", "--duplex"])
def test_pages_two_to_a_side_are_turned_only_on_backs(built: Home, poshta: Poshta, tmp_path: Path, sides: str) -> None:
    source = tmp_path / "story.pdf"
    with pikepdf.new() as pdf:
        for page in range(8):
            pdf.add_blank_page()
            pdf.pages[-1].Contents = pdf.make_stream(b"%.2f g 0 0 612 792 re f" % (0.1 * page))
        pdf.save(source)
    [reading] = poshta("packets", "print", "--week", WEEK, "--two-up", sides, "--reading", str(source)).data["reading"]
    with pypdfium2.PdfDocument(built.path / reading["file"]) as made:
        pictures = [page.render(scale=0.25, grayscale=True).to_numpy() for page in made]
    upright = [int(side[150, 74]) < int(side[50, 74]) for side in pictures]  # the first of two pages is darker, and stands below on a front
    assert upright == ([True] * 4 if sides == "--simplex" else [True, False, True, False])


def test_pages_whose_parts_refer_to_themselves_are_copied_from_each_file_as_they_are(tmp_path: Path) -> None:
    paper = Paper()
    for tone in (b"0 g", b"0.5 g"):
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(595, 842))
            form = pdf.make_indirect(pikepdf.Stream(pdf, b"0 0 595 842 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form))
            form.BBox, page = [0, 0, 595, 842], pdf.pages[0].obj
            form.Resources = pdf.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(Drawn=form), Font=pikepdf.Array([])))
            look = pdf.make_indirect(pikepdf.Stream(pdf, tone + b" /Drawn Do", Type=form.Type, Subtype=form.Subtype, BBox=form.BBox))
            look.Resources = form.Resources
            form.Resources.XObject.Look = look
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Look=look))
            page.Contents = pdf.make_stream(b"/Look Do")
            file = io.BytesIO()
            pdf.save(file)
        paper.take(file.getvalue(), [(1,)], duplex=False)
    with pypdfium2.PdfDocument(paper.pdf()) as made:
        assert [int(page.render(scale=0.1, grayscale=True).to_numpy()[40, 30]) // 10 for page in made] == [0, 12]


def odd_pdf(folder: Path, name: str) -> Path:
    """A PDF of three pages with something that programs write, and that is not in order."""
    file = folder / f"{name}.pdf"
    with pikepdf.new() as pdf:
        for _page in range(3):
            pdf.add_blank_page()
        form = pdf.make_indirect(
            pikepdf.Stream(pdf, b"0 0 9 9 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        )
        shared = pdf.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(Drawn=form)))
        form.Resources = shared  # refers to itself, as LibreOffice and others write it
        for page in pdf.pages:
            page.obj.Resources = shared if name == "circle" else pikepdf.Dictionary(XObject=pikepdf.Name.Nothing, Font=pikepdf.Array([]))
            page.obj.MediaBox = [0, 0, 0, 0] if name == "no_size" else page.obj.MediaBox
        locked = pikepdf.Encryption(owner="o", user="u") if name == "locked" else False
        pdf.save(file, encryption=locked)
    if name == "cut_off":
        file.write_bytes(file.read_bytes()[:400])
    return file


@pytest.mark.parametrize(("name", "code"), [("circle", 0), ("no_dictionaries", 0), ("no_size", 4), ("locked", 4), ("cut_off", 4)])
def test_reading_matter_that_is_not_in_order_is_printed_or_refused_never_a_fault(
    built: Home, poshta: Poshta, tmp_path: Path, name: str, code: int
) -> None:
    said = poshta("packets", "print", "--week", WEEK, "--two-up", "--reading", str(odd_pdf(tmp_path, name)))
    assert said.code == code
    assert (built.path / f"print/{WEEK}/reading-01.pdf").is_file() == (code == 0)


def test_a_stamp_on_reading_matter_is_printed_and_what_an_earlier_job_left_is_removed(built: Home, poshta: Poshta, tmp_path: Path) -> None:
    source = tmp_path / "stamped.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(600, 600))
        look = pikepdf.Stream(pdf, b"0 g 0 0 600 600 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 600, 600])
        shown = pikepdf.Dictionary(N=pdf.make_indirect(look))
        stamp = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 600, 600], F=4, AP=shown)
        pdf.pages[0].obj.Annots = [pdf.make_indirect(stamp)]
        pdf.save(source)
    words = ("packets", "print", "--week", WEEK, "--two-up", "--reading", str(source))
    assert len(poshta(*words, "--reading", str(source)).data["reading"]) == 2
    [reading] = poshta(*words).data["reading"]
    assert [file.name for file in sorted((built.path / f"print/{WEEK}").glob("reading-*.pdf"))] == ["reading-01.pdf"]
    with pypdfium2.PdfDocument(built.path / reading["file"]) as made:
        assert made[0].render(scale=0.25, grayscale=True).to_numpy()[150, 74] < 40


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not there")
def test_poppler_renders_a_batch_without_a_word_of_complaint(built: Home, poshta: Poshta) -> None:
    file = poshta("packets", "print", "--week", WEEK).data["files"][0]
    told = subprocess.run(["pdftoppm", "-r", "20", "-gray", built.path / file, built.path / "seen"], capture_output=True, check=True)
    assert told.stderr == b""
    fonts = subprocess.run(["pdffonts", built.path / file], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)  # embedded, subset, with its way back to Unicode


def test_a_plan_orders_bags_as_a_vehicle_is_loaded(built: Home, poshta: Poshta) -> None:
    with built.database.write() as session:
        session.add(schema.Office(index="150100", name="Айыртау", kato=FIRST, lat=54.0, lon=69.0))
        session.add(schema.Vehicle(office="150100", vehicle="001", payload_kg=500, day_minutes=None, days="mon"))
    poshta("routes", "plan", "--week", WEEK)
    [route] = poshta("routes", "export", "--week", WEEK).data["routes"]
    said = poshta("packets", "print", "--week", WEEK, "--labels")
    stops = [stop["stop"] for batch in said.data["batches"] for stop in batch["stops"]]
    assert stops == sorted((stop["order"] for stop in route["stops"]), reverse=True) == [2, 1]
    assert {batch["route"] for batch in said.data["batches"]} == {route["route"]}
    assert said.data["labels"][-1] == f"routes/{WEEK}/labels.pdf"
    only = poshta("packets", "print", "--week", WEEK, "--route", route["route"].lower())
    assert only.data["packets"] == said.data["packets"]
    assert SECOND in [stop["kato"] for batch in only.data["batches"] for stop in batch["stops"]]
