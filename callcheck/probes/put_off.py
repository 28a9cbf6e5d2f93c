"""Which work does a library put off by itself, in a function that answers a request, with nobody waiting for it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import WorkAfterResponse
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen

_SETTINGS = ("*.yml", "*.yaml", "*.json", "*.toml", "Dockerfile*", ".env*", "*.env", "*.ts", "*.js", "*.mjs", "*.cjs")
"""Files in which a setting may be made."""


class PutOff:
    """Looks at `background` idioms, at `flush` ones that wait for their work, and for the setting that each names."""

    name = "put-off"
    looks_at = Sight.SOURCE
    about = ("background",)
    answers = frozenset({WorkAfterResponse})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        flushed = {u.framework.name for u in code.idioms.of("flush")}
        for use in code.idioms.of("background"):
            if use.framework.name in flushed or code.lifetimes.role(use.function) != "request":
                continue
            off = re.compile(rf"{re.escape(use.idiom.says)}\W+false")
            if not any(off.search(code.project.text_of(file)) for file in code.project.files_named(*_SETTINGS)):
                yield seen(WorkAfterResponse(use.idiom.event_is, use.framework.name, use.module.language), use.call, self.name)


PROBE = PutOff()
