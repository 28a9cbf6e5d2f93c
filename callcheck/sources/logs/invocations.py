"""What happens between START and END of a function, and what after it?"""

from __future__ import annotations

import re

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.view import View

_MARK = pattern(r"(START|END|REPORT) RequestId: ([0-9a-f-]{36})", re.ASCII)
_OF = pattern(r" requestId=([0-9a-f-]{36})$", re.ASCII)
_DURATION = pattern(r"Duration: (\d+(?:\.\d+)?) ms.{0,200}?(?:Init Duration: (\d+(?:\.\d+)?) ms|$)", re.ASCII | re.S)
_RETRY_MARK = rare(
    r"x-slack-retry-num[\"']?[=: ]+[\"']?[1-9]|\bretry[_-]?num(?:ber)?[\"']?[=: ]+[\"']?[1-9]|x-slack-retry-reason[\"']?[=: ]+[\"']?http_timeout|retry_?reason[=: ]+[\"']?http_timeout",
    re.I,
)
_DONE = rare(
    r"\b(?:stored|finish\w*|complet\w*|done|sent|written|delivered|posted|saved|published|recorded|uploaded|called)\b",
    re.I,
)
_LATE_MS = 3000.0
_MOST = 20_000


@dataclass(slots=True)
class Invocations:
    """Function invocations of a part of the logs; parts merge (a stream is never cut between parts)."""

    ended: dict[str, str] = field(default_factory=dict)
    """Stream -> the invocation that ended last in it."""
    over: dict[str, Place] = field(default_factory=dict)
    """Stream and invocation -> its END line."""
    running: dict[str, str] = field(default_factory=dict)
    last_of: dict[str, dict[str, tuple[str, Place, str]]] = field(default_factory=dict)
    """Stream -> id -> the invocation that first named it, the place and text of its last line there."""
    moved: list[tuple[Place, Place, str]] = field(default_factory=list)
    moved_count: int = 0
    here: int = 0
    """Units that were finished in their own invocation."""
    slow: list[Place] = field(default_factory=list)
    slow_count: int = 0
    retries: list[tuple[Place, str]] = field(default_factory=list)
    retry_count: int = 0
    count: int = 0
    slow_lines: dict[str, Place] = field(default_factory=dict)
    retried: set[str] = field(default_factory=set)
    """Invocations that a sender marked as a repetition."""
    repeated_work: int = 0
    marked: set[str] = field(default_factory=set)

    def see(self, view: View) -> None:
        """One record."""
        text = view.text
        self._retry(view)
        if "RequestId: " in text:
            found = _MARK.search(text, 0, 200)
            if found:
                self._mark(view, found[1], found[2])
                return
        if view.instance in self.running or view.instance in self.ended:
            self._line(view)

    def merge(self, other: Invocations) -> None:
        """Take the other part's in."""
        self.moved = (self.moved + other.moved)[:6]
        self.slow = (self.slow + other.slow)[:6]
        self.retries = (self.retries + other.retries)[:8]
        self.moved_count += other.moved_count
        self.here += other.here
        self.slow_count += other.slow_count
        self.retry_count += other.retry_count
        self.repeated_work += other.repeated_work
        self.count += other.count

    def _retry(self, view: View) -> None:
        if "etry" in view.text and _RETRY_MARK.search(view.text, 0, 3000):
            self.retry_count += 1
            of = _OF.search(view.text)
            if of and len(self.retried) < _MOST:
                self.retried.add(of[1])
            if len(self.retries) < 8:
                self.retries.append((view.place, view.text[:400]))

    def _mark(self, view: View, what: str, request: str) -> None:
        stream = view.instance
        if what == "START":
            self.running[stream] = request
            self.count += 1
            if len(self.running) > 2000:
                self.running.pop(next(iter(self.running)))
        elif what == "END":
            self.ended[stream] = request
            self.over[f"{stream} {request}"] = view.place
            if len(self.over) > 2000:
                self.over.pop(next(iter(self.over)))
        else:
            found = _DURATION.search(view.text)
            if found and float(found[1]) + float(found[2] or 0) > _LATE_MS:
                self.slow_count += 1
                if len(self.slow) < 6:
                    self.slow.append(view.place)

    def _line(self, view: View) -> None:
        of = _OF.search(view.text)
        request = of[1] if of else self.running.get(view.instance, "")
        if request in self.retried and request not in self.marked and _DONE.search(view.text) and "ack" not in view.low:
            self.repeated_work += 1
            self.marked.add(request)
        if not view.instance or not request:
            return
        running = self.running.get(view.instance, "")
        if of and request != running and self.over.get(f"{view.instance} {request}") and _DONE.search(view.text, 0, 400):
            # The line still names the invocation that began it, which is over while another one runs.
            self.moved_count += 1
            if len(self.moved) < 6:
                self.moved.append((self.over[f"{view.instance} {request}"], view.place, view.text[:300]))
            return
        known = self.last_of.setdefault(view.instance, {})
        done = bool(_DONE.search(view.text, 0, 400)) and not view.access
        for key in sorted(view.ids):
            if key == request.replace("-", ""):
                continue
            before = known.get(key)
            if before is None or before[0] == request:
                if before is not None and done:
                    self.here += 1
                known[key] = (request, view.place, view.text[:300])
                if len(known) > 400:
                    known.pop(next(iter(known)))
            elif done and not view.access:
                self.moved_count += 1
                if len(self.moved) < 6:
                    self.moved.append((before[1], view.place, view.text[:300]))
                known.pop(key, None)
                break
            else:
                # A later request that names the id before it finishes anything works on it in its own right.
                known[key] = (request, view.place, view.text[:300])
        if len(self.last_of) > 500:
            self.last_of.pop(next(iter(self.last_of)))
