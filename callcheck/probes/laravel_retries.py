"""Do several workers of Laravel stay at a job for longer than its connection leaves it to them?

    'retry_after' => 90                                          # config/queue.php
    queue:work redis --queue=pdfs --timeout=900 --tries=3        # numprocs=3: after 90 s the next one begins the same job

A worker that may try a job once marks it as failed instead. Source: laravel.com/docs/11.x/queues, job expiration ("your jobs may be processed twice").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.files import File
from callcheck.sources.php_queues import CONFIG, RUNS, Kept, Works, kept, used, works

_QUEUED = pattern(r"\bimplements\s+[^{]{0,200}\bShouldQueue\b")
_ALONE = pattern(r"\bWithoutOverlapping\b|\bCache::lock\(|->lock\(|\bShouldBeUnique\b")
_AGAIN = pattern(r"\$(?:tries|maxExceptions)\s*=\s*(?!1\b)\d|function\s+(?:retryUntil|tries)\b")
_OWN_QUEUE = pattern(r"onQueue\(\s*'([\w.:-]{1,100})'|\$queue\s*=\s*'([\w.:-]{1,100})'")
_OWN_TIMEOUT = pattern(r"\$timeout\s*=\s*(\d{1,6})\b")
_LARGEST_BYTES = 300_000
_WHY = "a job is given to the next worker after {0} s (retry_after), and a worker may be at it for {1} s, so it is done twice; make retry_after longer than that"


class LaravelRetries:
    """One fact for each connection. Silent for one worker alone, for jobs that may not overlap, and where none may be tried again."""

    name = "laravel-retries"
    looks_at = (*CONFIG, *RUNS, "*.php")
    marks = ("retry_after",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no queues of Laravel"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        connections = kept(eyes)
        running = list(works(eyes)) if connections else []
        jobs = list(_jobs(eyes)) if running else []
        default = used(eyes) if running else ""
        for each in connections:
            here = [work for work in running if (work.connection or default) == each.name]
            for work in here:
                told = self._of(each, work, here, jobs)
                if told is not None:
                    yield told
                    break

    def _of(self, connection: Kept, work: Works, beside: list[Works], jobs: list[tuple[File, str]]) -> Evidence | None:
        copies = sum(each.copies for each in beside if not (each.queues and work.queues) or set(each.queues) & set(work.queues))
        mine = [(file, text) for file, text in jobs if _of_queue(text, work)]
        longest = max([work.timeout_s, *(int(found[1]) for _, text in mine if (found := _OWN_TIMEOUT.search(text)))])
        if copies < 2 or longest <= connection.seconds or not any(work.again or _AGAIN.search(text) for _, text in mine):
            return None
        if all(_ALONE.search(text) for _, text in mine):
            return None
        fact = LibraryTrap("duplicate-delivery", "strong" if longest >= 2 * connection.seconds else "fair", _WHY.format(connection.seconds, longest), clean(connection.name, 60), "laravel", "php")
        because = [Evidence(fact, Basis.DECLARED, self.name, work.where, label=f"{copies} workers may be at a job for {longest} s")]
        file, text = mine[0]
        handle = re.search(r"function\s+handle\b", text)
        because.append(Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), text.count("\n", 0, handle.start()) + 1 if handle else 1), label="this is such a job"))
        return Evidence(fact, Basis.DECLARED, self.name, connection.where, because=tuple(because))


def _jobs(eyes: Eyes) -> Iterator[tuple[File, str]]:
    for file in eyes.tree.named("*.php"):
        text = "" if is_test(file.name) else eyes.readable(file, _LARGEST_BYTES)
        if "ShouldQueue" in text and _QUEUED.search(text):
            yield file, text


def _of_queue(text: str, work: Works) -> bool:
    """Whether the workers take such a job: of one of their queues, or of the default one where the job names none."""
    named = {name for found in _OWN_QUEUE.findall(text) for name in found if name}
    return not work.queues or not (named or {"default"}).isdisjoint(work.queues)


PROBE = LaravelRetries()
