"""Is a client of an API made before the file with its key is read?

    import { ask } from "./llm.js";        // makes the client while it is imported
    import dotenv from "dotenv";
    dotenv.config();                       // imports come first, wherever they stand: the key is not there yet
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Import, Literal, Module, Node

_READS = pattern(r"[\"']dotenv(?:/config|-flow)?[\"']|loadEnvFile\(")
_WHY = "this file is read only after the modules above have made their clients, so these have no key; import 'dotenv/config' first"


class EnvOrder:
    """JavaScript entry files that call `dotenv.config()` themselves, and what they have imported by then."""

    name = "env-order"
    looks_at = Sight.SOURCE
    marks = ("dotenv",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        early: dict[str, Node] = {module_of(use.call).path: use.call for use in code.idioms.of("credential") if "when-asked" not in use.idiom.traits and _at_import(use.call)}
        early |= {module_of(r.node).path: r.place for r in code.variables.reads if r.purpose == "credential" and r.needed and _at_import(r.place)}
        for call in code.project.calls("config") if early else ():
            module = module_of(call)
            if function_of(call) is not None or module.language == "python" or is_test(module.path) or not code.origins.of(call.callee).qualified.startswith("dotenv"):
                continue
            for at, other in _before(code, module, call):
                loaded = eyes.code.reach.loads(other)
                if any(_READS.search(code.project.text(path)) for path in loaded):
                    break
                if client := next((early[path] for path in sorted(loaded) if path in early), None):
                    fact = LibraryTrap("upstream-auth", "strong", _WHY, "config", "dotenv", module.language)
                    because = (seen(fact, client, self.name, label="the client is made here, while it is imported"), seen(fact, at, self.name, label="by this import"))
                    yield seen(fact, call, self.name, because)
                    break


def _at_import(node: Node) -> bool:
    """Whether a place is come to as its file is loaded: in no function, be it as what stands in for an argument, and for no object of a class."""
    return not any(isinstance(above, (Function, ClassDef)) for above in node.up())


def _before(code: Code, module: Module, call: Call) -> Iterator[tuple[Node, str]]:
    """The project's own files that are loaded before a call at the top of a module: all that it imports, and what it has required by then."""
    for statement in module.all(Import):
        required = statement.at > call.at and "require" in module.line_of(statement)
        if statement.module == "dotenv/config":
            return
        if not statement.type_only and not required and function_of(statement) is None and (found := code.project.find(module, statement.module)) is not None:
            yield statement, found.path
    for each in module.calls("require"):
        given = each.args[0] if each.args else None
        if isinstance(given, Literal) and each.at < call.at and function_of(each) is None and (found := code.project.find(module, str(given.value))) is not None:
            yield each, found.path


PROBE = EnvOrder()
