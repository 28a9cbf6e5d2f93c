"""Which jobs are put, while requests are served, into a scheduler that keeps them in the memory of its process?

    scheduler.start()                                                  # app.py, loaded before gunicorn forks: its thread stays with the first process
    def book(): scheduler.add_job(remind, "date", run_date=due)        # in a worker, whose copy of the scheduler has no thread

Source: APScheduler 3.11, schedulers/base.py add_job() (a copy that says it runs takes the job and wakes its own thread), jobstores/memory.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import CallNoted
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import last_name

_STORED = pattern(r"(?i)\w*jobstores?\b")
_SERVING = frozenset({"request", "message", "connection"})


class LateJobs:
    """Silent where a store of jobs outside of the process is named anywhere: its jobs are found later by whoever runs them."""

    name = "late-jobs"
    looks_at = Sight.SOURCE
    about = ("plan",)
    answers = frozenset({CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        planned = [(use, role) for use in code.idioms.of("plan") if (role := code.lifetimes.role(use.function)) in _SERVING]
        if planned and any(_STORED.search(code.project.text(name)) for name in code.project.sources):
            return
        for use, role in planned:
            fact = CallNoted("planned-in-memory", clean(last_name(use.call.callee), 60), "", role, use.framework.name, use.module.language)
            yield seen(fact, use.call, self.name, label="a worker puts this into its own copy of the scheduler")


PROBE = LateJobs()
