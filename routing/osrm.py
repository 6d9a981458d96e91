"""One question to an OSRM-compatible road server, and its answer as arrays; everything that may go wrong with a server has a name here.

routing/served asks block by block. The interface: `GET /table/v1/PROFILE/LON,LAT;...?sources=...&destinations=...&annotations=duration,distance`
(OSRM's HTTP documentation, service `table`). Whether the answered legs can be true is routing/osrm_judge's matter.
"""

from __future__ import annotations

import errno
import http.client
import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import numpy as np
import numpy.typing as npt

from records.language import N_, _

Real = npt.NDArray[np.float64]
Point = tuple[float, float]  # latitude, longitude in degrees of WGS 84
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds before the second try, and at most
MOST_BYTES = 64 << 20  # of an answer
PIECE = 1 << 16
TOO_BIG = "TooBig"  # OSRM's own word for more places than it takes
DOWN, SLOW, WRONG, REFUSING = "road_server_down", "road_server_slow", "road_server_wrong", "road_server_refuses"
FAILURES = {
    DOWN: N_("The road server {url} does not answer ({reason})."),
    SLOW: N_("The road server {url} is too slow: no whole answer within {reason} seconds."),
    WRONG: N_("The road server {url} answers what is no table of roads ({reason})."),
    REFUSING: N_("The road server {url} refuses: {reason}."),
}


class ServerFailed(Exception):
    """No usable answer, after all tries. `kind` is one of FAILURES, `reason` its detail."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind, self.reason = kind, reason


class TooManyPlaces(Exception):
    """The server takes fewer places in one question."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and with how much patience. `pause` waits so many seconds."""

    url: str
    profile: str
    timeout: float
    tries: int
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Block:
    """An answer: `metres` and `seconds` (sources, destinations), NaN where the server knows no way.

    `source_places`, `destination_places` (n, 2): longitude and latitude of the road next to each place, NaN where the server does not say.
    """

    metres: Real
    seconds: Real
    source_places: Real
    destination_places: Real


def table(server: Server, sources: Sequence[Point], destinations: Sequence[Point]) -> Block:
    """The legs from each source to each destination. Raises TooManyPlaces, and ServerFailed after the last try."""
    address = _address(server, sources, destinations)
    for number in range(1, server.tries + 1):
        try:
            return _block(_fetched(address, server.timeout), sources, destinations)
        except ServerFailed as failure:
            if number == server.tries or failure.kind == REFUSING:
                raise
        server.pause(min(FIRST_PAUSE * 2 ** (number - 1), LONGEST_PAUSE))
    raise AssertionError("a server is tried at least once")


def _address(server: Server, sources: Sequence[Point], destinations: Sequence[Point]) -> str:
    """The question; places that are source and destination are named once."""
    named = list(dict.fromkeys([*sources, *destinations]))
    numbers = {point: str(number) for number, point in enumerate(named)}
    places = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in named)
    asked = [("sources", sources), ("destinations", destinations)]
    words = "&".join(f"{word}={';'.join(numbers[point] for point in points)}" for word, points in asked)
    return f"{server.url.rstrip('/')}/table/v1/{server.profile}/{places}?{words}&annotations=duration,distance&generate_hints=false"


def _fetched(address: str, timeout: float) -> Any:
    """The JSON of an answer. Raises ServerFailed."""
    deadline = time.monotonic() + timeout
    request = urllib.request.Request(address, headers={"User-Agent": "poshta-mektebi", "Accept": "application/json"})  # noqa: S310 - the setting takes http and https only
    try:
        with _opener(address).open(request, timeout=timeout) as response:
            return _json(_read(response, deadline, timeout))
    except urllib.error.HTTPError as refusal:
        raise _refused(refusal) from None
    except TimeoutError:
        raise ServerFailed(SLOW, f"{timeout:g}") from None
    except urllib.error.URLError as failure:
        if isinstance(failure.reason, TimeoutError):
            raise ServerFailed(SLOW, f"{timeout:g}") from None
        raise ServerFailed(DOWN, _plain(failure.reason)) from None
    except (OSError, http.client.HTTPException) as failure:
        raise ServerFailed(DOWN, _plain(failure)) from None


def _opener(address: str) -> urllib.request.OpenerDirector:
    """A server on this machine is asked directly, any other through the proxy that the system names."""
    host = urllib.parse.urlsplit(address).hostname or ""
    return urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if _is_here(host) else []))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read(response: Any, deadline: float, timeout: float) -> bytes:
    """The answer's bytes, however slowly they come."""
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise ServerFailed(WRONG, _("more than {size} MB").format(size=MOST_BYTES >> 20))
        if time.monotonic() > deadline:
            raise ServerFailed(SLOW, f"{timeout:g}")
    return b"".join(pieces)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise ServerFailed(WRONG, _("no JSON")) from None


def _refused(refusal: urllib.error.HTTPError) -> Exception:
    """What an HTTP status means: overload passes, a refusal stays."""
    try:
        body = json.loads(refusal.read(PIECE))
        code, message = str(body.get("code", "")), str(body.get("message", ""))
    except (ValueError, OSError, AttributeError, http.client.HTTPException):
        code, message = "", ""
    if code == TOO_BIG or refusal.code in (413, 414):
        return TooManyPlaces()
    words = " ".join(filter(None, (str(refusal.code), code, message[:120])))
    return ServerFailed(DOWN if refusal.code >= 500 or refusal.code in (408, 425, 429) else REFUSING, words)


NETWORK_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (ConnectionRefusedError, N_("nothing answers there")),
    (socket.gaierror, N_("the name of the server is not known")),
    (ConnectionError, N_("the connection broke off")),
    (http.client.HTTPException, N_("the connection broke off")),
)


def _plain(reason: object) -> str:
    """Why a server cannot be reached; what has no words here in those of the system."""
    words = next((words for kind, words in NETWORK_WORDS if isinstance(reason, kind)), "")
    if not words and getattr(reason, "errno", None) in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        words = N_("no way leads there through the network")
    text = _(words) if words else getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return str(text)[:120]


def _block(body: Any, sources: Sequence[Point], destinations: Sequence[Point]) -> Block:
    """The arrays of an answer; raises ServerFailed where it is of another shape."""
    if not isinstance(body, dict):
        raise ServerFailed(WRONG, _("no JSON object"))
    if body.get("code") == TOO_BIG:
        raise TooManyPlaces
    if body.get("code") != "Ok":
        said = f"{body.get('code', '')} {body.get('message', '')}".strip()[:120]
        raise ServerFailed(REFUSING, said or _("it does not say why"))
    shape = (len(sources), len(destinations))
    metres, seconds = (_array(body.get(name), name, shape) for name in ("distances", "durations"))
    return Block(metres, seconds, _places(body.get("sources"), len(sources)), _places(body.get("destinations"), len(destinations)))


def _array(rows: Any, name: str, shape: tuple[int, int]) -> Real:
    """Numbers row by row, NaN for null."""
    if not isinstance(rows, list) or len(rows) != shape[0] or any(not isinstance(row, list) or len(row) != shape[1] for row in rows):
        raise ServerFailed(WRONG, _("{name}: not {rows} × {columns}").format(name=name, rows=shape[0], columns=shape[1]))
    if any(value is not None and (isinstance(value, bool) or not isinstance(value, int | float)) for row in rows for value in row):
        raise ServerFailed(WRONG, _("{name}: not numbers").format(name=name))
    try:
        found: Real = np.array(rows, dtype=np.float64).reshape(shape)
    except OverflowError:
        raise ServerFailed(WRONG, _("{name}: not numbers").format(name=name)) from None
    return found


def _places(told: Any, count: int) -> Real:
    """Longitude and latitude at which the server put each place (count, 2); NaN where it does not say."""
    found = np.full((count, 2), np.nan)
    for row, each in enumerate(told[:count] if isinstance(told, list) else []):
        location = each.get("location") if isinstance(each, dict) else None
        if isinstance(location, list) and len(location) == 2 and all(isinstance(value, int | float) for value in location):
            found[row] = location
    return found
