"""A small road server on this machine, well or ill: it speaks OSRM's /table, and can be down, slow or a liar."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from settlements.distance import metres

CANNED = {
    "page": (200, b"<html>Sign in to the network</html>"),
    "list": (200, b"[1, 2, 3]"),
    "broken": (500, b"oops"),
    "profileless": (400, b'{"code":"InvalidUrl","message":"URL string malformed"}'),
    "unsegmented": (200, b'{"code":"NoSegment","message":"Could not find a matching segment"}'),
}
ROAD_FACTOR = 1.25
METRES_A_SECOND = 15.0


@dataclass
class RoadServer:
    """What it does to the questions; `mood` names one of the ways to be ill. `asked`: how many legs each question was
    about, `largest`: the most places in one."""

    mood: str = "well"
    most: int = 100
    url: str = ""
    asked: list[int] = field(default_factory=list)
    largest: int = 0
    fail_first: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def answer(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        parts = urlsplit(path)
        service, version, _profile, coordinates = parts.path.strip("/").split("/")
        assert (service, version) == ("table", "v1")
        places = [tuple(float(value) for value in each.split(",")) for each in coordinates.split(";")]
        words = parse_qs(parts.query)
        rows, columns = ([int(number) for number in words[name][0].split(";")] for name in ("sources", "destinations"))
        if len(places) > self.most:
            return 400, b'{"code":"TooBig","message":"Too many table coordinates"}'
        self.asked.append(len(rows) * len(columns))
        self.largest = max(self.largest, len(places))
        if len(self.asked) <= self.fail_first:
            return 503, b"busy"
        return CANNED.get(self.mood) or getattr(self, f"_{self.mood}")(places, rows, columns)

    def _well(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return 200, json.dumps(self.body(places, rows, columns)).encode()

    def body(self, places: Any, rows: Any, columns: Any) -> dict[str, Any]:
        """The honest answer, as OSRM writes it."""
        far = [[round(ROAD_FACTOR * metres(*places[row][::-1], *places[column][::-1]), 1) for column in columns] for row in rows]
        return {
            "code": "Ok",
            "distances": far,
            "durations": [[round(value / METRES_A_SECOND, 1) for value in row] for row in far],
            "sources": [{"distance": 0.0, "name": "", "location": list(places[row])} for row in rows],
            "destinations": [{"distance": 0.0, "name": "", "location": list(places[column])} for column in columns],
        } | self.extra

    def _changed(self, places: Any, rows: Any, columns: Any, change: Any) -> tuple[int, bytes]:
        body = self.body(places, rows, columns)
        change(body)
        return 200, json.dumps(body).encode()

    def _bare(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: [body.pop(name) for name in ("sources", "destinations")])

    def _negative(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: body.update(distances=[[-5.0] * len(columns)] * len(rows)))

    def _shorter(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: body.update(distances=[[7.0] * len(columns)] * len(rows)))

    def _instant(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: body.update(durations=[[0] * len(columns)] * len(rows)))

    def _wayless(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: body.update(distances=[[None] * len(columns)] * len(rows)))

    def _elsewhere(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        def move(body: dict[str, Any]) -> None:
            for each in (*body["sources"], *body["destinations"]):
                each["location"] = [7.42, 43.73]

        return self._changed(places, rows, columns, move)

    def _narrow(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: body["distances"].pop())

    def _wordy(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: body.update(durations=[["soon"] * len(columns)] * len(rows)))

    def _distanceless(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        return self._changed(places, rows, columns, lambda body: body.pop("distances"))

    def _half(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        status, content = self._well(places, rows, columns)
        return status, content[: len(content) // 2]

    def _slow(self, places: Any, rows: Any, columns: Any) -> tuple[int, bytes]:
        time.sleep(0.6)
        return self._well(places, rows, columns)

    _dripping = _well


@contextmanager
def road_server(mood: str = "well", **more: Any) -> Iterator[RoadServer]:
    """The server while the block lasts; its address is in `url`."""
    server = RoadServer(mood, **more)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = server.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self._write(content)
            except OSError:
                return  # whoever asked has given up

        def _write(self, content: bytes) -> None:
            if server.mood != "dripping":
                self.wfile.write(content)
                return
            for place in range(len(content)):
                self.wfile.write(content[place : place + 1])
                self.wfile.flush()
                time.sleep(0.05)

        def log_message(self, *_words: Any) -> None:
            """Nothing on the screen."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server.url = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
