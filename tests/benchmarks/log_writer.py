"""Writes a log as a scaled-out service writes it, with a chosen share of telling lines, and says exactly what it wrote.

    python tests/benchmarks/log_writer.py OUT --size 1000M --density 0.01

Ordinary lines: pino JSON, uvicorn access lines, Python logging. Telling ones: the samples of `rules/logs/signatures`, tracebacks, and deliveries
that are registered by one instance and emitted by another one. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.tools.shipped import shipped_logs

_BEGIN_MS = 1_780_000_000_000
_PODS = [f"orders-6f7c9d5b8-{tail}" for tail in ("x2k4q", "m9w7d", "t5hbz", "c8rnp")]
_PATHS = ("/orders", "/orders/search", "/carts", "/healthz", "/metrics", "/invoices", "/stock", "/profile")
_SAID = (
    "request completed",
    "incoming request",
    "cache hit",
    "stock level read",
    "price list loaded",
    "worker heartbeat",
    "page rendered",
    "query took 3 ms",
)
_LOGGERS = ("app.orders", "app.stock", "app.mail", "sqlalchemy.pool")
_FRAMES = (
    "app/orders/service.py",
    "app/stock/views.py",
    "site-packages/httpx/_client.py",
    "site-packages/starlette/routing.py",
)


@dataclass
class Truth:
    """What stands in the log."""

    size: int = 0
    lines: int = 0
    telling: int = 0
    """Lines that were written to be found: failures, tracebacks and steps of deliveries."""
    crossed: int = 0
    """Deliveries that were registered by one instance and emitted by another, where nobody handles them."""
    arrived: int = 0
    samples: Counter[str] = field(default_factory=Counter)


class Writer:
    """One log; `lines` gives it line by line and keeps count in `truth`."""

    def __init__(self, density: float, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.density = density
        self.truth = Truth()
        self.ms = _BEGIN_MS
        known = shipped_logs()
        self.samples = [
            text for sign in known.signatures for text in sign.samples if "\n" not in text and len(text) < 200
        ]
        self.ids = ["".join(self.random.choices("0123456789abcdef", k=12)) for _ in range(4096)]
        self.waiting: list[tuple[int, str, bool]] = []
        self.deliveries = 0

    def lines(self, size: int) -> Iterator[bytes]:
        """Lines, until there are `size` bytes of them."""
        truth, dice = self.truth, self.random.random
        while truth.size < size:
            self.ms += int(dice() * 4)
            text = self.telling() if dice() < self.density else self.ordinary()
            line = text.encode() + b"\n"
            truth.size += len(line)
            truth.lines += line.count(b"\n")
            yield line

    def ordinary(self) -> str:
        """A line of the ordinary course."""
        dice = self.random.random
        kind, pod = dice(), int(dice() * 4)
        if kind < 0.55:
            return self.pino(pod, self.ids[int(dice() * 4096)], _SAID[int(dice() * len(_SAID))], 30)
        if kind < 0.85:
            verb = "GET" if dice() < 0.7 else "POST"
            return f'{self.iso()} {_PODS[pod]} INFO:     10.42.{pod}.{int(dice() * 250)}:{int(30_000 + dice() * 30_000)} - "{verb} {_PATHS[int(dice() * 8)]} HTTP/1.1" 200 OK'
        return self.python(pod, self.ids[int(dice() * 4096)], _SAID[int(dice() * len(_SAID))], "INFO")

    def telling(self) -> str:
        """A failure, a traceback, or a step of a delivery."""
        dice = self.random.random
        kind, pod = dice(), int(dice() * 4)
        self.truth.telling += 1
        one = self.ids[int(dice() * 4096)]
        if kind < 0.3:
            return self.delivery()
        if kind < 0.35:
            frames = "".join(
                f'  File "/srv/{path}", line {int(dice() * 400)}, in handle\n    await step(order)\n'
                for path in self.random.choices(_FRAMES, k=3)
            )
            return f"{self.python(pod, one, 'order failed', 'ERROR')}\nTraceback (most recent call last):\n{frames}app.orders.StockError: nothing left of {one}"
        sample = self.samples[int(dice() * len(self.samples))]
        self.truth.samples[sample] += 1
        return self.pino(pod, one, sample, 50) if kind < 0.8 else self.python(pod, one, sample, "ERROR")

    def delivery(self) -> str:
        """A registration, or later the emission that belongs to it; a third of them by another instance."""
        if self.waiting and (len(self.waiting) > 40 or self.random.random() < 0.5):
            pod, one, crossed = self.waiting.pop(0)
            if crossed:
                self.truth.crossed += 1
                return self.pino((pod + 1) % 4, one, "emitted export.ready", 30)
            self.truth.arrived += 1
            return self.pino(pod, one, "handled export.ready", 30)
        self.deliveries += 1
        one, pod = f"{self.deliveries:06x}{self.random.choice(self.ids)[:6]}", int(self.random.random() * 4)
        self.waiting.append((pod, one, self.random.random() < 0.33))
        return self.pino(pod, one, "subscribed to export.ready", 30)

    def pino(self, pod: int, one: str, said: str, level: int) -> str:
        """A JSON line; every other one with the request that it belongs to."""
        said = json.dumps(said)
        request = ""
        if self.random.random() < 0.5:
            request = f'"req":{{"method":"POST","url":"{_PATHS[int(self.random.random() * 8)]}","headers":{{"user-agent":"axios/1.7.2","content-length":"{int(self.random.random() * 9000)}"}}}},"res":{{"statusCode":200}},'
        return f'{{"level":{level},"time":{self.ms},"pid":{17 + pod},"hostname":"{_PODS[pod]}","reqId":"{one}",{request}"msg":{said}}}'

    def python(self, pod: int, one: str, said: str, level: str) -> str:
        """A line of Python's logging."""
        return f"{self.iso()} {_PODS[pod]} [{17 + pod}] {level} {_LOGGERS[int(self.random.random() * 4)]}: request_id={one} {said}"

    def iso(self) -> str:
        """The time as text."""
        seconds, ms = divmod(self.ms, 1000)
        if seconds != getattr(self, "_second", None):
            self._second, self._text = seconds, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        return f"{self._text}.{ms:03d}Z"


def write(path: Path, size: int, density: float, seed: int = 1) -> Truth:
    """Writes the log, and what stands in it beside it (`.truth.json`)."""
    writer = Writer(density, seed)
    with path.open("wb", buffering=1 << 20) as out:
        for line in writer.lines(size):
            out.write(line)
    path.with_suffix(path.suffix + ".truth.json").write_text(json.dumps(vars(writer.truth), indent=1))
    return writer.truth


def size_of(text: str) -> int:
    """`100M` as bytes."""
    found = re.fullmatch(r"(\d+)([kMG]?)", text)
    if not found:
        raise SystemExit(f"not a size: {text}")
    return int(found[1]) * {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}[found[2]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="100M")
    parser.add_argument("--density", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(write(given.out, size_of(given.size), given.density, given.seed))
