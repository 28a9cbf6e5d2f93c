"""How far is a run that takes its time? A bar on standard error, drawn only once a second has passed; while logs are read, in bytes."""

from __future__ import annotations

import signal
import sys
import threading
from types import TracebackType
from typing import Any

from callcheck.sources.logs.gauge import GAUGE, Gauge

PATIENCE_S = 1.0


def read_so_far(gauge: Gauge) -> str:
    """`1.2 of 4.0 GB, 950 MB/s`; without the total where nobody knows it."""
    of = f" of {_bytes(gauge.total)}" if gauge.total else ""
    return f"{_bytes(min(gauge.done, gauge.total or gauge.done))}{of} read, {_bytes(gauge.rate)}/s"


def _bytes(size: float) -> str:
    unit = next((name for name in ("B", "kB", "MB") if (size := size / (1 if name == "B" else 1000)) < 1000), "")
    return f"{size:.0f} {unit}" if unit else f"{size / 1000:.1f} GB"


class Progress:
    """Hears from the pipeline what comes next; nothing is drawn, nor rich imported, in a run shorter than `PATIENCE_S`."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._lock = threading.Lock()
        self._patience_s = patience_s
        self._waits: threading.Timer | None = None
        self._state = ("", 0, 1)
        self._bar: Any = None
        self._over = False

    def __enter__(self) -> Progress:
        if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
            # No thread before there is something to draw: a process with one cannot be forked (`sources/twin.py`).
            self._before = signal.signal(signal.SIGALRM, lambda *_: threading.Thread(target=self._draw, daemon=True).start())
            signal.setitimer(signal.ITIMER_REAL, self._patience_s)
        else:
            self._waits = threading.Timer(self._patience_s, self._draw)
            self._waits.daemon = True
            self._waits.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._waits is not None:
            self._waits.cancel()
        elif sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()

    def tell(self, name: str, number: int, total: int) -> None:
        """What comes next: its name, its number from 0, and how many there are."""
        self._state = (name, number, total)
        with self._lock:
            if self._bar is not None:
                self._bar.update(0, description=f"looking: {name}", completed=number, total=total)

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar
        from rich.text import Text

        class Count(ProgressColumn):
            """Of the probes, or of the bytes that one of them waits for."""

            max_refresh = 0.2

            def render(self, task: Task) -> Text:
                return Text(read_so_far(GAUGE) if GAUGE.reading else f"{task.completed:.0f}/{task.total:.0f}")

        bar = Bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            Count(),
            TimeElapsedColumn(),
            console=Console(stderr=True, highlight=False, markup=False, emoji=False),
            transient=True,
        )
        with self._lock:
            if self._over:
                return
            name, number, total = self._state
            bar.add_task(f"looking: {name}", completed=number, total=total)
            bar.start()
            self._bar = bar
