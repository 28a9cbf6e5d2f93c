"""Which bindings does code of a Worker use that one environment lacks, as environments inherit none?

    [[durable_objects.bindings]]             # of the top level alone
    name = "ROOMS"
    [env.production]                         # env.ROOMS is undefined there
    routes = ["chat.example.com/*"]

Source: developers.cloudflare.com/workers/wrangler/configuration, non-inheritable keys. Variables are left out: secrets stand in no file.
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
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import Member, Module, dotted
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.environment.per_stage import DEVELOPMENT, stage_of
from callcheck.sources.files import File
from callcheck.sources.launch import mappings

_FILES = ("wrangler.toml", "wrangler.json", "wrangler.jsonc")
_BINDINGS = (
    (("durable_objects", "bindings"), "name"),
    (("queues", "producers"), "binding"),
    (("services",), "binding"),
    (("workflows",), "binding"),
    (("kv_namespaces",), "binding"),
    (("r2_buckets",), "binding"),
    (("d1_databases",), "binding"),
)
"""Where bindings stand, and the key that names each."""
_NAME = pattern(r"^[A-Za-z_]\w{1,60}$")


class WorkerBindings:
    """Silent for environments that are named after no stage or after one of development, and for a binding that the code asks for before it is used."""

    name = "worker-bindings"
    looks_at = (*_FILES, "*.ts", "*.js", "*.mjs")
    marks = ("wrangler",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no configuration of a Worker"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in mappings(eyes, _FILES):
            if isinstance(each, Lost):
                yield each
            elif isinstance(stages := each[1].get("env"), Table):
                yield from self._lacking(eyes.code, *each, stages)

    def _lacking(self, code: Code, file: File, document: Table, stages: Table) -> Iterator[Evidence]:
        """The first binding of each environment that the top level has, the environment lacks and the code calls; one that the top level lacks, too, may be another Worker's."""
        above = _names(document)
        for name, table in stages.items():
            stage = stage_of(str(name))
            if not isinstance(table, Table) or not stage or stage in DEVELOPMENT:
                continue
            own = _names(table)
            folder = file.name.rpartition("/")[0]
            for binding, line in above.items():
                used = _used(code, binding, folder) if binding not in own else None
                if used is None:
                    continue
                module, node = used
                why = f"{clean(binding, 40)} is bound in the top level alone, and {clean(str(name), 40)} inherits no binding: what is called on it throws there; bind it below env.{clean(str(name), 40)}, too"
                fact = LibraryTrap("handler-exception", "strong", why, clean(binding, 60), "cloudflare", module.language)
                top = Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), label="it is bound here")
                there = Evidence(fact, Basis.DECLARED, self.name, Location(clean(module.path), node.line), label="it is called here")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), stages.lines.get(name, table.line)), because=(top, there))
                break


def _names(table: Table) -> dict[str, int]:
    """The bindings of one environment, or of the top level, with their lines."""
    found: dict[str, int] = {}
    for path, key in _BINDINGS:
        for _, row in each_of(value_at(table, *path)):
            if _NAME.match(str(row.get(key))):
                found[str(row[key])] = row.lines.get(key, row.line)
    return found


def _used(code: Code, binding: str, folder: str) -> tuple[Module, Member] | None:
    """Where the code takes something of a binding: `env.ROOMS.get(id)`, `c.env.JOBS.send(job)`; None where it does nowhere, or once asks whether it is there."""
    first: tuple[Module, Member] | None = None
    for module in code.project.naming(binding):
        if is_test(module.path) or folder and not module.path.startswith(f"{folder}/"):
            continue
        if re.search(rf"\benv(?:\.|\?\.){binding}\s*(?:\?|&&|\|\||\)\s*\{{)|!\s*(?:\w+\.)?env\.{binding}\b", module.text):
            return None
        for member in module.all(Member):
            called = isinstance(member.parent, Member) and member.parent.object is member
            if member.name == binding and called and dotted(member.object).rpartition(".")[2] == "env":
                first = first or (module, member)
    return first


PROBE = WorkerBindings()
