"""Pictures of an assignment: taken from the teacher's folder once, made grey, and kept within the assignment, so that pages can be drawn again.

packets/authoring takes them in, packets/reading places them on the sheet. PNG and JPEG; a picture is known by the SHA-256 of its file. Pillow is
imported only where a picture is taken in.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from records.language import _

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PICTURES = 10  # of one assignment
LONGEST_SIDE = 1400  # pixels kept: the width of a sheet at 220 dpi
QUALITY = 88
FORMATS = ("PNG", "JPEG")
SVG_FILE, PACKED_SVG = ".svg", ".svgz"
PIXELS_PER_POINT = 6.0 * 25.4 / 72  # an SVG counts as a picture of 6 pixels a millimetre: packets.reading


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: the name in the assignment, the SHA-256 of the teacher's file, its size in pixels, and a grey JPEG in base64.

    Of an SVG there are `marks` in place of the JPEG (packets.svg_door), as JSON.
    """

    file: str
    digest: str
    width: int
    height: int
    jpeg: str = field(compare=False, repr=False)
    marks: str = field(default="", compare=False, repr=False)

    @property
    def content(self) -> bytes:
        """The JPEG."""
        return base64.b64decode(self.jpeg)

    def as_json(self) -> dict[str, Any]:
        """The picture as an assignment stores it."""
        drawn = {"marks": self.marks} if self.marks else {}
        return {"file": self.file, "digest": self.digest, "width": self.width, "height": self.height, "jpeg": self.jpeg, **drawn}


class Refused(Exception):
    """A picture that cannot be taken: code, sentence and hint."""

    def __init__(self, code: str, text: str, hint: str) -> None:
        super().__init__(text)
        self.code, self.text, self.hint = code, text, hint


def take_in(name: str, folder: Path | None) -> Picture:
    """The picture `name` of the folder in which the assignment lies. Raises Refused."""
    from PIL import Image, UnidentifiedImageError

    content = _bytes_of(name, folder)
    if name.lower().endswith(SVG_FILE):
        return _drawn(name, content)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_large(name)
            grey = _grey(opened)
    except UnidentifiedImageError:
        raise Refused("picture_format", _("«{file}» is no PNG or JPEG picture.").format(file=name), _("Save it as PNG or JPEG.")) from None
    except Image.DecompressionBombError:
        raise _too_large(name) from None
    except (OSError, SyntaxError, ValueError):
        raise Refused(
            "picture_damaged", _("The picture «{file}» is damaged.").format(file=name), _("Save it again from the program that made it.")
        ) from None
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    grey.save(written, "JPEG", quality=QUALITY)
    return Picture(name, hashlib.sha256(content).hexdigest(), grey.width, grey.height, base64.b64encode(written.getvalue()).decode())


def _drawn(name: str, content: bytes) -> Picture:
    """An SVG as its marks."""
    from packets.svg_door import svg_marks
    from packets.svg_safe import HINT, Unsafe

    try:
        width, height, marks = svg_marks(content, name)
    except Unsafe as unsafe:
        raise Refused(unsafe.code, unsafe.text, _(HINT)) from None
    across, up = (max(1, round(side * PIXELS_PER_POINT)) for side in (width, height))
    return Picture(name, hashlib.sha256(content).hexdigest(), across, up, "", json.dumps(marks, separators=(",", ":")))


def _bytes_of(name: str, folder: Path | None) -> bytes:
    path = PurePosixPath(name)
    if name.lower().endswith(PACKED_SVG):
        raise Refused("picture_format", _("«{file}» is packed.").format(file=name), _("Save it as plain SVG, or as PNG."))
    if folder is None or path.is_absolute() or ".." in path.parts or ":" in name or "\\" in name:
        hint = _("Put it into the folder of the assignment, or below, and write its name with /.")
        raise Refused("picture_place", _("«{file}» does not lie beside the assignment.").format(file=name), hint)
    file = folder / path
    try:
        if file.stat().st_size > MOST_BYTES:
            raise _too_large(name)
        return file.read_bytes()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        hint = _("It is sought beside the assignment: check the name, capital letters too.")
        raise Refused("picture_missing", _("There is no picture «{file}».").format(file=name), hint) from None


def _too_large(name: str) -> Refused:
    text = _("The picture «{file}» is too large: at most {most} MB and {pixels} million pixels.")
    said = text.format(file=name, most=MOST_BYTES // 1024 // 1024, pixels=MOST_PIXELS // 1_000_000)
    return Refused("picture_too_large", said, _("Make it smaller: 1400 pixels on its longer side are enough."))


def _grey(opened: PillowImage) -> PillowImage:
    """Upright, on white where it is transparent, in greys."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(opened)
    if upright.mode.startswith("I"):  # 16 bits a pixel, of which Pillow would keep the lowest
        upright = upright.convert("I").point(lambda value: value / 257).convert("L")
    upright = upright.convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(white, upright).convert("L")
