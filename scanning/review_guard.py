"""Who may talk to the review's page: the browser that was handed the address, on this machine, and no other page in it.

scanning/review_app asks before every answer. The key in the address opens once and becomes a cookie; a foreign Host, Origin or missing form key is refused
(docs/threat-model.md). No framework here: names and values in, a refusal or None out.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

HOST = "127.0.0.1"
FORM_KEY = "X-Poshta-Key"  # the header that every POST carries
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Guard:
    """The secrets of one review on one port; they end with it."""

    port: int
    opening: str = field(default_factory=_secret, repr=False)
    session: str = field(default_factory=_secret, repr=False)
    form_key: str = field(default_factory=_secret, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def cookie(self) -> str:
        """Its name: a browser keeps one jar for all ports of a machine."""
        return f"poshta-review-{self.port}"

    @property
    def address(self) -> str:
        """What the browser is to open, once."""
        return f"http://{HOST}:{self.port}/?key={self.opening}"

    def knows_host(self, host: str) -> bool:
        """Whether the request was meant for this machine: a name that somebody else pointed here is not."""
        return host in (f"{HOST}:{self.port}", f"localhost:{self.port}")

    def opens(self, given: str) -> bool:
        """Whether `given` is the key of the address; it opens once."""
        with self._lock:
            fits = bool(self.opening) and _same(given, self.opening)
            if fits:
                self.opening = ""
        return fits

    def knows(self, cookies: Mapping[str, str]) -> bool:
        """Whether the browser has been let in."""
        return _same(cookies.get(self.cookie, ""), self.session)

    def is_own_page(self, headers: Mapping[str, str]) -> bool:
        """Whether a POST comes from our page: with its key, and from no other origin."""
        origin = headers.get("Origin", "")
        from_here = not origin or (origin.startswith("http://") and self.knows_host(origin.removeprefix("http://")))
        return from_here and _same(headers.get(FORM_KEY, ""), self.form_key)


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())
