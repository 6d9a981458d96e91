"""A real Chromium without a window, spoken to through its own pipe: opens a page, presses keys, reads what stands on it. No driver is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60.0  # seconds: a loaded machine starts it slowly
KEYS = {"Enter": (13, "\r"), " ": (32, " "), "ArrowRight": (39, ""), "ArrowLeft": (37, ""), "Backspace": (8, ""), "Escape": (27, "")}

AS_3_AND_4 = """
import fcntl, os, sys
a, b = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(a, 3), os.dup2(b, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def chromium() -> str | None:
    """Where it is installed, if it is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One page."""

    def __init__(self, program: str, folder: Path, size: tuple[int, int] = (1280, 800)) -> None:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", "--no-first-run"]
        flags += [f"--window-size={size[0]},{size[1]}", f"--user-data-dir={folder}"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", AS_3_AND_4, str(to_read), str(to_write), program, *flags],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._number, self._rest, self.events = 0, b"", []
        target = self._call("Target.createTarget", {"url": "about:blank"}, "")["targetId"]
        self._session = self._call("Target.attachToTarget", {"targetId": target, "flatten": True}, "")["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._read)
        os.close(self._write)

    def go(self, address: str) -> None:
        self._call("Page.navigate", {"url": address})

    def evaluate(self, script: str) -> Any:
        """The value of an expression on the page."""
        return self._call("Runtime.evaluate", {"expression": script, "returnByValue": True, "awaitPromise": True})["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until the expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(script):
            assert time.monotonic() < end, f"never true: {script}; message: {self.evaluate('document.body.innerText')}"
            time.sleep(0.05)

    def press(self, key: str, code: str = "") -> None:
        """One key, down and up; `code` is its place on the keyboard where the alphabet is another."""
        number, text = KEYS.get(key, (ord(key.upper()[0]), key))
        places = {"code": code or (f"Key{key.upper()}" if key.isalpha() and len(key) == 1 else key)}
        said = {"key": key, "windowsVirtualKeyCode": number, **places}
        self._call("Input.dispatchKeyEvent", {"type": "keyDown", "text": text, **said})
        self._call("Input.dispatchKeyEvent", {"type": "keyUp", **said})

    def picture(self, file: Path) -> None:
        """What the window shows, as a PNG."""
        file.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", {})["data"]))

    def save_into(self, folder: Path) -> None:
        """Let what the page saves go to a folder."""
        self._call("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}, "")

    def asked(self) -> list[str]:
        """The addresses that the page has asked for."""
        return [event["params"]["request"]["url"] for event in self.events if event.get("method") == "Network.requestWillBeSent"]

    def hold(self, addresses: str) -> None:
        """Let no answer through to what the page asks of addresses like these."""
        self._call("Network.setCacheDisabled", {"cacheDisabled": True})
        self._call("Fetch.enable", {"patterns": [{"urlPattern": addresses}]})
        time.sleep(0.5)  # it is said to hold before it does

    def release(self) -> None:
        """Let through what was held, and all that follows."""
        held = [event["params"]["requestId"] for event in self.events if event.get("method") == "Fetch.requestPaused"]
        assert held, "nothing was held"
        for each in held:
            self._call("Fetch.continueRequest", {"requestId": each})
        self._call("Fetch.disable", {})

    def complaints(self) -> list[str]:
        """What the browser complained of: faults of the script, and what the page's policy forbade."""
        thrown = [str(event["params"]) for event in self.events if event.get("method") == "Runtime.exceptionThrown"]
        logged = [event["params"]["entry"] for event in self.events if event.get("method") == "Log.entryAdded"]
        return thrown + [entry["text"] for entry in logged if entry["level"] == "error"]

    def _call(self, method: str, params: dict[str, Any], session: str | None = None) -> dict[str, Any]:
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session is None:
            said["sessionId"] = self._session
        os.write(self._write, json.dumps(said).encode() + b"\0")
        while True:
            answer = self._heard()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def _heard(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], PATIENCE)
            assert ready, "the browser does not answer"
            more = os.read(self._read, 1 << 16)
            assert more, "the browser has ended"
            self._rest += more
        body, self._rest = self._rest.split(b"\0", 1)
        return dict(json.loads(body))
