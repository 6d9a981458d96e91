"""What printing needs, for `poshta doctor`: every letter that a page may carry is in the embedded fonts."""

from __future__ import annotations

from records.health import Check, Look
from records.home import Home
from records.language import KAZAKH_ALPHABET, _

MUST_PRINT = KAZAKH_ALPHABET + KAZAKH_ALPHABET.upper() + "0123456789№₸«»—"


def fonts(home: Home) -> Check:
    """Every Kazakh and Russian letter, № and ₸ in each text face, and the signs that another face lends."""
    del home
    from packets.paper import Face, font

    for face in Face:
        letters = font(face).face.charToGlyph
        wanted = face.alphabet + (MUST_PRINT if "ә" in face.alphabet else "")
        missing = "".join(sign for sign in wanted if ord(sign) not in letters)
        if missing:
            hint = _("Install the program anew: delete .venv and start ./run again.")
            return Check("fonts", "fail", _("The font {face} lacks {letters}.").format(face=face.value, letters=missing), hint)
    return Check("fonts", "ok", _("The fonts hold every Kazakh letter, № and ₸."))


CHECKS: tuple[tuple[str, Look], ...] = (("fonts", fonts),)
