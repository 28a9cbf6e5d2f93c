"""How do the tests look at a page? With the Chromium of the system, without a window, told what to do over two pipes.

The browser speaks the DevTools protocol on file descriptors 3 and 4: JSON messages that end in a zero byte. One browser serves a whole test
session; a page is a tab of its own.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_ANSWER_S = 30.0


def program() -> str:
    """The path of a Chromium; "" if none is installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), "")


class BrowserError(Exception):
    """The browser could not do what it was told."""


class Browser:
    """One Chromium."""

    def __init__(self) -> None:
        self._home = tempfile.mkdtemp(prefix="callcheck-browser-")
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--remote-debugging-pipe"]
        # Out of the way of the numbers that they are to have in Chromium.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_read, to_write)]

        def hand_over() -> None:
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        command = [program(), *options, f"--user-data-dir={self._home}", "about:blank"]
        self._process = subprocess.Popen(command, pass_fds=(3, 4), preexec_fn=hand_over, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in ends:
            os.close(end)
        os.close(to_read)
        os.close(to_write)
        self._number = 0
        self._held = b""
        self._events: dict[str, list[dict[str, Any]]] = {}

    def page(self) -> Page:
        """A new tab."""
        target = self.send("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        return Page(self, target, session)

    def send(self, method: str, params: dict[str, Any] | None = None, session: str = "") -> dict[str, Any]:
        """One command and its answer. Raises BrowserError."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params or {}, **({"sessionId": session} if session else {})}
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        while True:
            told = self._next(_ANSWER_S)
            if told.get("id") == self._number:
                if "error" in told:
                    raise BrowserError(f"{method}: {told['error'].get('message')}")
                return dict(told.get("result", {}))
            self._keep(told)

    def wait(self, session: str, method: str) -> dict[str, Any]:
        """The next event of a kind, or the first one that came already. Raises BrowserError."""
        while True:
            for number, event in enumerate(self._events.get(session, [])):
                if event["method"] == method:
                    return dict(self._events[session].pop(number).get("params", {}))
            self._keep(self._next(_ANSWER_S))

    def events(self, session: str) -> list[dict[str, Any]]:
        """All events of a tab that nobody waited for."""
        return self._events.setdefault(session, [])

    def _keep(self, told: dict[str, Any]) -> None:
        if "method" in told:
            self._events.setdefault(told.get("sessionId", ""), []).append(told)

    def _next(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))
            data = os.read(self._read, 1 << 20) if ready else b""
            if not data:
                raise BrowserError("the browser does not answer")
            self._held += data
        message, _, self._held = self._held.partition(b"\0")
        return dict(json.loads(message))

    def close(self) -> None:
        """End it, and what it left."""
        try:
            self.send("Browser.close")
        except (BrowserError, OSError):
            self._process.kill()
        self._process.wait(20)
        os.close(self._read)
        os.close(self._write)
        shutil.rmtree(self._home, ignore_errors=True)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self.session = session
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.tell(f"{domain}.enable")

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol."""
        return self._browser.send(method, params, self.session)

    def open(self, path: Path) -> None:
        """Load a file."""
        self._browser.events(self.session).clear()
        self.tell("Page.navigate", url=path.absolute().as_uri())
        self._browser.wait(self.session, "Page.loadEventFired")

    def run(self, script: str) -> Any:
        """What a script in the page gives; promises are waited for."""
        told = self.tell("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in told:
            raise BrowserError(told["exceptionDetails"].get("exception", {}).get("description", "the script failed"))
        return told["result"].get("value")

    def until(self, script: str, seconds: float = 5.0) -> None:
        """Wait until a script gives something true."""
        deadline = time.monotonic() + seconds
        while not self.run(script):
            if time.monotonic() > deadline:
                raise BrowserError(f"never came true: {script}")
            time.sleep(0.02)

    def key(self, key: str, text: str = "") -> None:
        """Press and release a key."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowRight": 39, "ArrowLeft": 37, " ": 32}
        common = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper()) if len(key) == 1 else 0)}
        typed = text or (key if len(key) == 1 else "\r" if key == "Enter" else "")
        self.tell("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": typed} if typed else {}))
        self.tell("Input.dispatchKeyEvent", type="keyUp", **common)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """mouseMoved, mousePressed or mouseReleased."""
        self.tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def look(self, width: int = 1280, height: int = 900, scheme: str = "light", media: str = "", mobile: bool = False) -> None:
        """How wide the window is, and what its user likes."""
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.tell("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def scripts(self, on: bool) -> None:
        """Whether pages loaded from now on may run any."""
        self.tell("Emulation.setScriptExecutionDisabled", value=not on)

    def picture(self, path: Path, whole: bool = True) -> None:
        """A screenshot."""
        told = self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **({"clip": self._whole()} if whole else {}))
        path.write_bytes(base64.b64decode(told["data"]))

    def _whole(self) -> dict[str, float]:
        size = self.tell("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}

    def said(self, matches: Callable[[dict[str, Any]], bool] = lambda event: True) -> list[dict[str, Any]]:
        """The events since the page was opened."""
        self.run("0")
        return [event for event in self._browser.events(self.session) if matches(event)]

    def complaints(self) -> list[str]:
        """Errors and warnings that the page caused: of scripts, of the policy, of the network."""
        logged = [event["params"]["entry"]["text"] for event in self.said() if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] in ("error", "warning")]
        thrown = [event["params"]["exceptionDetails"]["text"] for event in self.said() if event["method"] == "Runtime.exceptionThrown"]
        return logged + thrown

    def requests(self) -> list[str]:
        """The addresses that the page asked for, itself apart."""
        asked = [event["params"]["request"]["url"] for event in self.said() if event["method"] == "Network.requestWillBeSent"]
        return asked[1:]

    def close(self) -> None:
        self._browser.send("Target.closeTarget", {"targetId": self._target})
