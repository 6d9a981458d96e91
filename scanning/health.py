"""What reading needs, for `poshta doctor`: a QR symbol drawn and read again, and the second reader's system library; by which thresholds it judges."""

from __future__ import annotations

from records.health import Check, Look
from records.home import Home
from records.language import _

SAMPLE = "POSHTA MEKTEBI $%*12"  # twenty letters of QR's own alphabet


def symbol_round_trip(home: Home) -> Check:
    """A QR symbol as it is printed, drawn by qrcode, is read by zxing-cpp."""
    del home
    import zxingcpp

    read = [found.text for found in zxingcpp.read_barcodes(_drawn(SAMPLE))]
    if read == [SAMPLE]:
        return Check("qr", "ok", _("A QR code that was drawn is read again."))
    hint = _("Pages could not be recognised. Install the program anew: delete .venv and start ./run again.")
    return Check("qr", "fail", _("A QR code that was drawn is not read again."), hint)


def _drawn(text: str) -> object:
    import numpy as np
    import qrcode

    symbol = qrcode.QRCode(version=2, error_correction=qrcode.constants.ERROR_CORRECT_H, border=4)
    symbol.add_data(text)
    symbol.make(fit=False)
    modules = np.array(symbol.get_matrix(), dtype=bool)
    return np.kron(np.where(modules, 0, 255), np.ones((6, 6))).astype(np.uint8)


def second_reader(home: Home) -> Check:
    """Libzbar, which pyzbar needs, is on this machine; without it reading goes on."""
    del home
    try:
        import pyzbar.pyzbar  # noqa: F401 - loading it is the question
    except (ImportError, OSError):
        found = _("The library libzbar is not on this machine: a few of the worst damaged codes will wait for a person.")
        return Check("libzbar", "warn", found, _("On Debian and Ubuntu: apt install libzbar0. Everything else works without it."))
    return Check("libzbar", "ok", _("The second reader of QR codes is there."))


def thresholds(home: Home) -> Check:
    """Whether the reader judges by the program's own thresholds."""
    from scanning.rules import desk_thresholds, differences

    differ = differences(desk_thresholds(home.loaded))
    if not differ:
        return Check("thresholds", "ok", _("The reader judges by the program's own thresholds."))
    found = _("The reader judges by other thresholds than the program's own: {names}.").format(names=", ".join(map(str, differ)))
    hint = _("`poshta scan rejudge` says what that changes. Take them out of poshta.toml to go back to the program's own.")
    return Check("thresholds", "warn", found, hint)


CHECKS: tuple[tuple[str, Look], ...] = (("qr", symbol_round_trip), ("libzbar", second_reader), ("thresholds", thresholds))
