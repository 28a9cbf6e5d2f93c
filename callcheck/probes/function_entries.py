"""Does a platform look for a function under a name that its file does not export?

    Handler: src/orders.main                    # and src/orders.js exports handler alone
    entry_point = "on_upload"                   # and main.py registers make_thumb alone

Sources: docs.aws.amazon.com/lambda, Runtime.HandlerNotFound; cloud.google.com/functions/docs/writing (the entry point is the name that is given to functions.http() and
functions.cloudEvent(), or that of the decorated function).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES
from callcheck.sources.code.imports import is_test
from callcheck.sources.function_callers import deployed_functions
from callcheck.sources.launch import own_texts
from callcheck.sources.terraform import made

_ANY = pattern(r"export\s*\*|module\.exports\s*=\s*(?:require\(|\w+\s*[;\n(]|\{\s*\.\.\.)|import\s+\*|__getattr__|globals\(\)|Object\.assign\(\s*(?:module\.)?exports")
"""What may export any name."""
_EXPORTED = pattern(r"export\s+(?:const|let|var|(?:async\s+)?function)\s+(\w+)|\bexports\.(\w+)\s*=|^def\s+(\w+)\(\s*\w*(?:event|_)\w*\s*[,:]", re.MULTILINE)
_REGISTERED = pattern(r"\bfunctions\.(?:http|cloudEvent)\(\s*['\"`](\w+)['\"`]|@functions_framework\.(?:http|cloud_event|typed)\b[^\n]*\n(?:@[^\n]*\n)*(?:async\s+)?def\s+(\w+)", re.MULTILINE)
_BY_COMMAND = pattern(r"--entry-point[= ]+[\"']?([A-Za-z_]\w*)")
_LARGEST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name that a platform looks for, and where that is said."""

    name: str
    where: Location


class FunctionEntries:
    """Silent where the file is not here, or may export names that are not written in it."""

    name = "function-entries"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf", "*.sh", "Makefile")
    marks = ("andler", "entry_point", "--entry-point")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no deployed functions"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if not eyes.code.present:
            return
        for deployed in deployed_functions(eyes):
            stem, _, name = deployed.handler.removeprefix("./").rpartition(".")
            found = [path for path in _files(eyes, stem) if not is_test(path)] if stem and deployed.path else []
            text = eyes.code.project.text(found[0]) if len(found) == 1 else ""
            if text and not _ANY.search(text) and not re.search(rf"\b{re.escape(name)}\b", text):
                yield self._told(deployed.handler, name, _exported(text), found[0], Location(clean(deployed.path), deployed.line or 1))
        yield from self._registered(eyes)

    def _registered(self, eyes: Eyes) -> Iterator[Evidence]:
        """Functions of Google Cloud, which are registered by their names: one that is asked for and is not there, beside one that nobody asks for."""
        entries = list(_asked(eyes))
        texts = {path: eyes.code.project.text(path) for path in eyes.code.project.sources if not is_test(path)} if entries else {}
        known = {found[1] or found[2]: path for path, text in texts.items() for found in _REGISTERED.finditer(text)}
        idle = [name for name in known if name not in {each.name for each in entries}]
        for each in entries if len(idle) == 1 else ():
            if not any(re.search(rf"\b{re.escape(each.name)}\b", text) for text in texts.values()):
                yield self._told(each.name, each.name, idle[0], known[idle[0]], each.where)

    def _told(self, handler: str, name: str, exported: str, path: str, where: Location) -> Evidence:
        there = f"it exports {clean(exported, 40)}" if exported else "it exports no such name"
        why = f"the platform looks for {clean(name, 40)} in {clean(path, 60)}, which is not there ({there}), so no event is handled; name the same function"
        fact = LibraryTrap("receiver-not-loaded", "strong", clean(why, 160), clean(handler, 60), "", "")
        return Evidence(fact, Basis.DECLARED, self.name, where, because=(Evidence(fact, Basis.INFERRED, self.name, Location(clean(path), 1), label=there),))


def _files(eyes: Eyes, stem: str) -> list[str]:
    """The source files that a handler's path names, below whatever folder its code is taken from."""
    wanted = {stem, stem.replace(".", "/")}
    whole = [path for path in eyes.code.project.sources if path.rpartition(".")[0] in wanted]
    return whole or [path for path in eyes.code.project.sources if any(path.rpartition(".")[0].endswith(f"/{each}") for each in wanted)]


def _exported(text: str) -> str:
    found = _EXPORTED.search(text)
    return next((name for name in found.groups() if name), "") if found else ""


def _asked(eyes: Eyes) -> Iterator[_Entry]:
    for scope, file, block in made(eyes):
        if block.labels[0] in ("google_cloudfunctions_function", "google_cloudfunctions2_function"):
            for part in (block, *block.find("build_config")):
                name = scope.text(part.text("entry_point"), file)
                if name:
                    yield _Entry(name, Location(clean(file.name), part.keys["entry_point"][1]))
    for file, text in own_texts(eyes, "*.sh", "Makefile", "*.y*ml", most=_LARGEST_BYTES):
        for found in _BY_COMMAND.finditer(text) if "functions" in text else ():
            yield _Entry(found[1], Location(clean(file.name), text.count("\n", 0, found.start()) + 1))


PROBE = FunctionEntries()
