"""Where does a Rails app hand jobs to a worker of its own, of which kind?

    CallPickersJob.set(wait: 5.minutes).perform_later(shift)        OrderMailer.with(order:).receipt.deliver_later        ExportJob.perform_async(7)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.job_runners import JobRunner, job_runner
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

WORKERS = frozenset({"sidekiq", "solid_queue", "good_job", "delayed_job", "resque", "que"})
"""Adapters whose workers are known by their commands (`callcheck.sources.launch.ruby_php`)."""
_HANDS = pattern(r"^(?!\s*#)[^\n]*?(?:\b[A-Z]\w*(?:\.set\([^)\n]*\))?\.perform_(?:later|async|in|at)\b|\.deliver_later\b)")
_ROOTS = ("config/application.rb", "config/environments/production.rb")
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Handed:
    """A job that is handed off, and who runs it."""

    file: File
    line: int
    runner: JobRunner


def handed(eyes: Eyes) -> Iterator[Handed]:
    """For each app the first place, if a worker of its own is to run the job, as far as its settings say."""
    roots = {file.name.removesuffix(path) for path in _ROOTS for file in eyes.tree.named(path.rpartition("/")[2]) if file.name.endswith(path) and not aside(eyes, file)}
    for root in sorted(roots):
        runner = job_runner(eyes, root)
        if runner.name not in WORKERS or runner.inside is not False:
            continue
        for file in eyes.tree.named("*.rb"):
            text = eyes.readable(file) if file.name.startswith((f"{root}app/", f"{root}lib/")) and file.size < _LARGEST and not aside(eyes, file) else ""
            line = next((number for number, line in enumerate(text.splitlines(), 1) if _HANDS.match(line)), 0)
            if line:
                yield Handed(file, line, runner)
                break
