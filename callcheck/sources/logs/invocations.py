"""What happens between START and END of a function, and what after it?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Lists, Table, first_of, keep_first, nothing
from callcheck.sources.logs.executions import DONE, Mark, carried_over
from callcheck.sources.logs.trails import REQUEST, Step
from callcheck.sources.logs.view import View

_MARK = pattern(r"(START|END|REPORT) RequestId: ([0-9a-f-]{36})", re.ASCII)
_PLATFORM = pattern(r"platform\.(start|runtimeDone|report) (?:\S{1,200} ){0,8}?record\.requestId=([0-9a-f-]{36})", re.ASCII)
"""The same marks where the function's log format is JSON."""
_EXECUTION = pattern(r"Function execution (started|took)\b(?:.{0,200}? requestId=(\S{12})$)?", re.ASCII)
"""And Google's first generation of functions; Firebase's command leaves the execution's name out."""
_GOOGLES = 12
"""Characters of an execution's name there."""
_SAME = {"start": "START", "runtimeDone": "END", "report": "REPORT"}
_DURATION = pattern(
    r"(?:Duration: |durationMs=)(\d+(?:\.\d+)?).{0,200}?(?:(?:Init Duration: |initDurationMs=)(\d+(?:\.\d+)?)|$)", re.ASCII | re.S
)
_RETRY_MARK = rare(
    r"x-slack-retry-num[\"']?[=: ]+[\"']?[1-9]|\bretry[_-]?num(?:ber)?[\"']?[=: ]+[\"']?[1-9]|x-slack-retry-reason[\"']?[=: ]+[\"']?http_timeout|\breason[=: ]+[\"']?http_timeout",
    re.I,
)
_SYSTEM = ("START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "INIT_START ", "platform.")
_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_LATE_MS = 3000.0
_MOST = 5_000
_MOST_MARKS = 15_000
_MOST_OF_STREAM = 3_000


@dataclass(slots=True)
class Work:
    """What was done under which invocation, once all lines are known."""

    moved: list[tuple[Place, Place, str]] = field(default_factory=list)
    """Where the work was begun or its invocation ended, where it went on, and the text there."""
    moved_count: int = 0
    repeated: int = 0
    """Repeated invocations that did their work again."""
    platform: str = ""


@dataclass(slots=True)
class Invocations:
    """Function invocations of a part of the logs; parts merge."""

    streams: Lists[Mark] = field(default_factory=lambda: Lists(_MOST_MARKS, _MOST_OF_STREAM, in_order))
    """Stream -> its START and END lines, of a sample of the streams where there are too many."""
    unnamed: Lists[Mark] = field(default_factory=lambda: Lists(_MOST_MARKS, _MOST_OF_STREAM, in_order))
    """Function -> where its executions begin and end, if these have no names."""
    slow: list[tuple[Place, str]] = field(default_factory=list)
    slow_count: int = 0
    retries: list[tuple[Place, str]] = field(default_factory=list)
    retry_count: int = 0
    retried: Table[str, bool] = field(default_factory=lambda: Table(_MOST, bool))
    """Invocations that a sender marked as a repetition."""

    def see(self, view: View) -> None:
        """One record."""
        text = view.text
        if "etry" in text and _RETRY_MARK.search(text, 0, 3000):
            self._retry(view)
        if "RequestId: " in text:
            found = _MARK.search(text, 0, 200)
            if found:
                self._mark(view, found[1], found[2])
        elif text.startswith("Function execution ") and (found := _EXECUTION.match(text)):
            self._mark(view, "START" if found[1] == "started" else "END", found[2] or "")
        elif text.startswith("platform."):
            found = _PLATFORM.match(text)
            if found:
                self._mark(view, _SAME[found[1]], found[2])
                if found[1] == "report":
                    # Where the system's log is at a level that leaves out `platform.runtimeDone`, this is all that tells the end.
                    self._mark(view, "END", found[2])

    def merge(self, other: Invocations) -> None:
        """Take the other part's in."""
        self.streams.merge(other.streams)
        self.unnamed.merge(other.unnamed)
        self.slow = first_of(self.slow, other.slow, 6)
        self.retries = first_of(self.retries, other.retries, 8)
        self.slow_count += other.slow_count
        self.retry_count += other.retry_count
        self.retried.merge(other.retried, nothing)

    def work(self, steps: Collection[Step]) -> Work:
        """Lays the lines of all streams between their marks."""
        work = Work()
        marks = {stream: of[:: _direction(of)] for stream, of in self.streams.items()}
        lines: dict[str, list[Step]] = {}
        for step in steps:
            if step.instance in marks:
                lines.setdefault(step.instance, []).append(step)
        moved: list[tuple[Place, Place, str]] = []
        repeated: set[str] = set()
        for stream in sorted(stream for stream in lines if stream or _one_by_one(marks[stream])):
            self._stream(marks[stream], lines[stream], moved, repeated, by_ids=bool(stream))
        unnamed = self.unnamed.items()
        of_function: dict[str, list[Step]] = {}
        for step in steps if unnamed else ():
            of_function.setdefault(_function(step.instance, step.logger), []).append(step)
        for function, executions in unnamed:
            moved += carried_over(executions, of_function.get(function, ()))
        work.platform = "google-cloud-functions" if unnamed or any(len(of[0][2]) == _GOOGLES for of in marks.values()) else "aws-lambda"
        work.moved = sorted(moved, key=lambda each: (each[1].path, each[1].line))[:6]
        work.moved_count, work.repeated = len(moved), len(repeated)
        return work

    def _stream(
        self, marks: list[Mark], lines: list[Step], moved: list[tuple[Place, Place, str]], repeated: set[str], by_ids: bool
    ) -> None:
        """Work that goes on after the invocation that began it, and work of repeated invocations; `by_ids`: also by what its lines name."""
        running, number = "", 0
        over: dict[str, Place] = {}
        among, early = _shared(lines), frozenset() if by_ids else _before_opening(lines)
        last_of: dict[str, tuple[str, Place]] = {}
        back = -1 if marks[0][1] > marks[-1][1] else 1
        for step in sorted(lines, key=lambda step: (step.place.whole, back * step.order)):
            while number < len(marks) and (marks[number][0], back * marks[number][1]) <= (step.place.whole, back * step.order):
                _, _, of, ends, place = marks[number]
                number += 1
                if ends:
                    over.setdefault(of, place)
                else:
                    running = of
            request = step.request or running
            if not request or (number == len(marks) == _MOST_OF_STREAM):
                continue
            done = DONE.search(step.text) is not None
            if done and request in self.retried and "ack" not in step.text.lower():
                repeated.add(request)
            if step.request and request != running and request in over and (done or step.ids - among - {request.replace("-", "")}):
                # The line still names the invocation that began it, which is over while another one runs.
                moved.append((over[request], step.place, step.text))
                continue
            for key in sorted(step.ids - among) if by_ids or early else ():
                if key == request.replace("-", ""):
                    continue
                before = last_of.get(key)
                if before is not None and before[0] != request and done and (by_ids or step.place in early):
                    moved.append((before[1], step.place, step.text))
                    del last_of[key]
                    break
                # A later request that names the id before it finishes anything works on it in its own right.
                last_of[key] = (request, step.place)

    def _retry(self, view: View) -> None:
        self.retry_count += 1
        of = REQUEST.search(view.text)
        if of:
            self.retried.at(of[1])
        keep_first(self.retries, (view.place, view.text[:400]), 8)

    def _mark(self, view: View, what: str, request: str) -> None:
        if what != "REPORT":
            mark = (view.place.whole, view.order, request, what == "END", view.place)
            (self.streams if request else self.unnamed).add(view.instance if request else _function(view.instance, view.record.logger), mark)
            return
        found = _DURATION.search(view.text)
        if found and float(found[1]) + float(found[2] or 0) > _LATE_MS:
            self.slow_count += 1
            keep_first(self.slow, (view.place, ""), 6)


def _function(instance: str, logger: str) -> str:
    """The function that wrote a line, which Google's tools put where others name the logger."""
    return f"{instance}:{logger}"


def _shared(lines: Iterable[Step]) -> set[str]:
    """Ids that more than two invocations name, such as a model's or a version's; work that moves has two."""
    under: dict[str, set[str]] = {}
    for step in lines:
        for key in step.ids if step.request else ():
            under.setdefault(key, set()).add(step.request)
    return {key for key, requests in under.items() if len(requests) > 2}


def _before_opening(lines: Iterable[Step]) -> frozenset[Place]:
    """The lines of an invocation that stand before the one with which the first begins and most have: they are another's work, which goes on as soon as the
    environment is thawed."""
    of: dict[str, list[Step]] = {}
    for step in sorted(lines, key=lambda step: (step.place.whole, step.order)):
        if step.request and not step.text.startswith(_SYSTEM):
            of.setdefault(step.request, []).append(step)
    opening = next((_head(steps[0]) for steps in of.values()), "")
    begins = [(steps, next((n for n, step in enumerate(steps[:4]) if _head(step) == opening), -1)) for steps in of.values()]
    if not opening or sum(n >= 0 for _, n in begins) * 2 <= len(of):
        return frozenset()
    return frozenset(step.place for steps, n in begins for step in steps[: max(0, n)])


def _head(step: Step) -> str:
    """The first two words of a line; of one that names a request its method stands for all."""
    words = step.shape.split()[:2]
    return "request" if words[:1] and words[0] in _METHODS else " ".join(words)


def _direction(marks: list[Mark]) -> int:
    """-1 where the newest line comes first, as `gcloud functions logs read` gives them: what ends stands before what begins it; else 1."""
    return -1 if marks[0][3] and any(mark[2] == marks[0][2] and not mark[3] for mark in marks[1:]) else 1


def _one_by_one(marks: list[Mark]) -> bool:
    """Whether each invocation ends before the next begins, so that lines without the name of a stream are those of one."""
    return all(
        (first[3] != second[3] and (first[2] == second[2] or first[3])) or (first[3] and second[3] and first[2] == second[2])
        for first, second in itertools.pairwise(marks)
    )


def in_order(mark: Mark) -> tuple[str, int]:
    """Along the files."""
    return mark[:2]
