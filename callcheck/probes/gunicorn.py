"""How many workers does a gunicorn.conf.py ask for?

    workers = multiprocessing.cpu_count() * 2 + 1

The file is Python; it is read and never run. A command's `-w` beats it, it beats WEB_CONCURRENCY (gunicorn 27 config.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible, ServerTrait
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.launch.configs import PRELOAD, gunicorn_workers


class Gunicorn:
    """States the number without a service: the command that starts gunicorn has one."""

    name = "gunicorn"
    looks_at = ("gunicorn.conf.py", "gunicorn_conf.py", "gunicorn.config.py", "gunicorn_config.py", "gunicorn.py")
    answers: frozenset[type[Fact]] = frozenset({InstancesFactor, InstancesPossible, ServerTrait})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no gunicorn.conf.py"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                found = gunicorn_workers(eyes, file, {})
                text = eyes.text(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            path = clean(file.name)
            if found is not None:
                where = Location(path, found.line)
                fact: InstancesFactor | InstancesPossible
                if found.count is None:
                    fact = InstancesPossible(
                        "WEB_CONCURRENCY" if "WEB_CONCURRENCY" in found.text else "", "gunicorn", "", found.text
                    )
                else:
                    fact = InstancesFactor(max(1, found.count), found.at_least, "processes", "gunicorn", "", found.text)
                yield Evidence(fact, Basis.DECLARED, self.name, where)
            if preload := PRELOAD.search(text):
                line = text.count("\n", 0, preload.start()) + 1
                yield Evidence(
                    ServerTrait("preloaded", "gunicorn", ""), Basis.DECLARED, self.name, Location(path, line)
                )


def _files(eyes: Eyes) -> list[File]:
    named = eyes.tree.named(*Gunicorn.looks_at)
    return [file for file in named if not aside(eyes, file)]


PROBE = Gunicorn()
