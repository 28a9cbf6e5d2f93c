"""Does the code itself start a server with several workers?

    uvicorn.run("app.main:app", workers=4)
    class Standalone(BaseApplication): …      Standalone(app, {"workers": 4}).run()         gunicorn's own class
    throng({ workers: 4, start })                throng({ count: process.env.WEB_CONCURRENCY || 2, worker })       throng(4, start)

Without a number throng forks as many as there are CPUs (throng 4.0.0 and 5.0.0, lib/throng.js).
`cluster.fork()` is another probe's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources.code.tree import Module

_SIGNS = ("throng", "uvicorn.run", "Granian(", "gunicorn.app")
_RUNS = {"uvicorn.run": "uvicorn", "Granian": "granian", "granian.Granian": "granian"}

_GUNICORN = ("gunicorn.app.base", "gunicorn.app.wsgiapp", "gunicorn")


class ServerCalls:
    """A count of 1, and one that cannot be read, is not stated."""

    name = "server-calls"
    looks_at = Sight.SOURCE
    marks = _SIGNS
    signs = (Sign(words=("throng", "Granian")), Sign(words=("uvicorn",), also=("run",)), Sign(words=("gunicorn",)))
    answers: frozenset[type[Fact]] = frozenset({InstancesFactor})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for name, module in eyes.code.project.chosen.items() if eyes.code.present else ():
            file = eyes.tree.get(name)
            if file is not None and any(sign in module.text for sign in _SIGNS) and not aside(eyes, file):
                yield from _started(module, name, eyes)


def _started(module: Module, name: str, eyes: Eyes) -> Iterator[Evidence]:
    from callcheck.sources.code import tree
    from callcheck.sources.environment import settings
    from callcheck.sources.launch.quantity import assigned, quantity

    names = assigned(module)
    throng = {
        item.local
        for node in module.body
        if isinstance(node, tree.Import) and node.module == "throng"
        for item in node.names
    }
    for node in module.all(tree.Call):
        callee = tree.dotted(node.callee)
        system = _RUNS.get(callee, "") if module.language == "python" else "throng" if callee in throng else ""
        workers = (node.keyword("workers") or node.keyword("count")) if system else None
        if system == "throng" and workers is None and len(node.args) > 1:
            workers = node.args[0]
        env = {each.name: each.value for each in settings(eyes) if each.value} if workers is not None else {}
        found = quantity(workers, env, names)
        if workers is not None and found.many and found.many > 1:
            text = f"{callee}: {found.many} workers"
            fact = InstancesFactor(found.many, found.at_least, "processes", system, "", clean(text, 80))
            yield Evidence(fact, Basis.INFERRED, "server-calls", Location(clean(name), workers.line))
        elif workers is None and system == "throng" and node.args:
            fact = InstancesFactor(2, True, "processes", system, "", f"{callee}: one a CPU")
            yield Evidence(fact, Basis.INFERRED, "server-calls", Location(clean(name), node.line))
    if any(isinstance(node, tree.Import) and node.module in _GUNICORN for node in module.body):
        yield from _within_gunicorn(module, name, eyes)


def _within_gunicorn(module: Module, name: str, eyes: Eyes) -> Iterator[Evidence]:
    """Of a program that starts gunicorn by its class: the options, which are handed over as a table (docs.gunicorn.org, custom application)."""
    from callcheck.sources.code.tree import Object
    from callcheck.sources.environment import settings
    from callcheck.sources.launch.quantity import assigned, quantity

    names = assigned(module)
    for table in module.all(Object):
        workers = table.get("workers")
        found = quantity(workers, {each.name: each.value for each in settings(eyes) if each.value}, names) if workers is not None else None
        if workers is not None and found is not None and found.many and found.many > 1:
            fact = InstancesFactor(found.many, found.at_least, "processes", "gunicorn", "", f"workers: {found.many}")
            yield Evidence(fact, Basis.INFERRED, "server-calls", Location(clean(name), workers.line))


PROBE = ServerCalls()
