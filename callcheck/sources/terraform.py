"""Which resources does Terraform make, and what do the values in them come to?

    resource "aws_ecs_service" "api" {
      desired_count = var.tasks
    }

`var.x` is looked up in `*.tfvars` (production first), then in its default, `local.x` in `locals`; of `condition ? 3 : 1` the greater number counts.
A module of the target's own (`module "api" { source = "./service", tasks = 3 }`) is read once for each call, with what it is given.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources import documents
from callcheck.sources.documents import Table
from callcheck.sources.documents.hcl_values import OPEN, hcl_value, table_of
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.launch import aside, number

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_VARIABLE = pattern(r"(?:\$\{)?\(?(var|local)\.(\w{1,100}(?:\.\w{1,100})?)\)?\}?$")
_CHOICE = pattern(r"(?:\$\{)?\(?[^?]{1,300}\?([^?:]{1,100}):([^?:]{1,100}?)\)?\}?$")
_LOOKED_UP = pattern(r"(?:\$\{)?(?:lookup\(\s*)?((?:local|var)\.\w{1,100})(?:\[|\s*,)")
_PRODUCTION = pattern(r"(?:^|[./_-])prod(?:uction)?(?=[./_-]|$)", re.IGNORECASE)
_HERE = pattern(r"\$\{path\.(?:module|root|cwd)\}/?")
_EACH = pattern(r"(?:\$\{)?each\.([\w.-]{1,100})\}?$")
_EACH_INSIDE = pattern(r"\$\{each\.([\w.-]{1,100})\}")
_DEEPEST = 4
_MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Written:
    """A value with the place that has the last word on it."""

    value: str
    file: File
    line: int


@dataclass(slots=True)
class Scope:
    """The files of one folder, with what its variables are."""

    folder: str
    found: list[tuple[File, Block]] = field(default_factory=list)
    known: dict[str, Written] = field(default_factory=dict)
    tables: dict[str, tuple[File, Block]] = field(default_factory=dict)
    """Variables and locals that are written as a table, `{ PORT = "8000" }`."""
    each: dict[str, Any] = field(default_factory=dict)
    """`key` and `value` of the round, for resources with `for_each`."""

    def resources(self) -> list[tuple[File, Block]]:
        """Every `resource "kind" "label" {}`, with its file."""
        return [(file, block) for file, root in self.found for block in root.blocks if block.kind == "resource" and len(block.labels) == 2]

    def settled(self, written: tuple[str, int], file: File, depth: int = 0) -> Written:
        """What a value comes to, and where that is written."""
        text = written[0].strip().strip('"').strip()
        if (of_round := _EACH.match(text)) and self.each:
            return Written(str(self._of_round(of_round[1])), file, written[1])
        name = _VARIABLE.match(text)
        there = self.known.get(f"{name[1]}.{name[2]}") if name else None
        if depth >= _DEEPEST:
            return Written(written[0], file, written[1])
        if there is not None:
            return self.settled((there.value, there.line), there.file, depth + 1)
        choice, table = _CHOICE.match(text), _LOOKED_UP.match(text)
        if choice or table:
            branches = [self.settled((branch, written[1]), file, depth + 1) for branch in choice.groups()] if choice else []
            branches += [value for key, value in self.known.items() if table and key.startswith(f"{table[1]}.")]
            counts = [(number(branch.value.strip('"')).many, branch) for branch in branches]
            if counts and all(count is not None for count, _ in counts):
                return max(counts, key=lambda counted: counted[0] or 0)[1]
        return Written(written[0], file, written[1])

    def text(self, written: str, file: File) -> str:
        """A text that is written out, or what the variable is that stands there; "" for what is computed."""
        filled = _EACH_INSIDE.sub(lambda hole: str(self._of_round(hole[1])), written) if self.each else written
        value = self.settled((filled, 0), file).value.strip().strip('"')
        return "" if "$" in value or "(" in value or _VARIABLE.match(value) else value

    def _of_round(self, name: str) -> Any:
        """`each.key`, `each.value`, `each.value.command` of this round; None if it is not known."""
        first, *steps = name.split(".")
        value = self.each.get(first)
        for step in steps:
            value = value.get(step) if isinstance(value, Table) else None
        return value

    def value(self, eyes: Eyes, written: tuple[str, int], file: File, depth: int = 0, referred: bool = False) -> Any:
        """A value with its tables, lists and references, read by `hcl_value`; references that are not known are None, or stand for themselves if `referred`."""

        def look(name: str) -> Any:
            if depth >= _DEEPEST:
                return None
            if self.each and name.startswith("each."):
                return self._of_round(name.removeprefix("each."))
            if name in self.known:
                there = self.known[name]
                return self.value(eyes, (there.value, there.line), there.file, depth + 1, referred)
            if name in self.tables:
                return table_of(self.tables[name][1], look)
            return name if referred else None

        def read(name: str, args: list[Any]) -> Any:
            path = _HERE.sub("", str(args[0])) if args else ""
            held = eyes.tree.get(posixpath.normpath(posixpath.join(self.folder, path)))
            holes = args[1] if len(args) > 1 and isinstance(args[1], dict) else {}
            return _parsed(eyes.text(held), held.name, {key: str(value) for key, value in holes.items() if value is not None}) if held else None

        text, line = written
        return hcl_value(text, line, look, read)


def _parsed(text: str, name: str, holes: dict[str, str]) -> Any:
    """JSON that a template makes, with the holes filled that are known; None where it is none."""
    for key, value in holes.items():
        text = text.replace("${" + key + "}", value)
    try:
        return documents.load(text, "x.json" if name.endswith((".json", ".tpl", ".tftpl")) else name)
    except SourceError:
        return None


def roots(eyes: Eyes) -> Iterator[tuple[File, Block] | Lost]:
    """Every Terraform file as one block; those of examples and tests left out."""
    for file in eyes.tree.named("*.tf"):
        if not aside(eyes, file):
            try:
                yield file, eyes.hcl(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)


def scopes(eyes: Eyes) -> list[Scope | Lost]:
    """Each folder with Terraform files; one that is a module of the target's own, for each of its calls. Nobody may change them: all get the same."""
    return eyes.once(("terraform",), lambda: list(_scopes(eyes)))


def _scopes(eyes: Eyes) -> Iterator[Scope | Lost]:
    folders: dict[str, Scope] = {}
    for each in roots(eyes):
        if isinstance(each, Lost):
            yield each
        else:
            folder = posixpath.dirname(each[0].name)
            folders.setdefault(folder, Scope(folder)).found.append(each)
    calls: dict[str, list[tuple[Scope, File, Block]]] = {}
    for scope in folders.values():
        _define(eyes, scope)
        for file, block in ((file, block) for file, root in scope.found for block in root.blocks if block.kind == "module"):
            source = block.text("source")
            there = posixpath.normpath(posixpath.join(scope.folder, source)) if source.startswith(".") else ""
            if there in folders and there != scope.folder:
                calls.setdefault(there, []).append((scope, file, block))
    for folder, scope in folders.items():
        if folder not in calls:
            yield from _rounds(eyes, scope)
        for caller, file, block in calls.get(folder, ()):
            yield from _rounds(eyes, _called(scope, caller, file, block))


def made(eyes: Eyes) -> Iterator[tuple[Scope, File, Block]]:
    """Every resource of every folder that can be read."""
    for scope in scopes(eyes):
        if not isinstance(scope, Lost):
            yield from ((scope, file, block) for file, block in scope.resources())


def _rounds(eyes: Eyes, scope: Scope) -> Iterator[Scope]:
    """A folder once for all resources that stand for themselves, and once for each round of those with `for_each` over a table that is known."""
    loops: dict[str, list[tuple[File, Block]]] = {}
    for file, block in scope.resources():
        if "for_each" in block.keys:
            loops.setdefault(block.keys["for_each"][0], []).append((file, block))
    apart: list[Block] = []
    for text, found in loops.items():
        over = scope.value(eyes, (text, 0), found[0][0])
        if isinstance(over, Table) and OPEN not in over:
            apart += [block for _, block in found]
            for key, value in list(over.items())[:_MOST_ROUNDS]:
                yield Scope(scope.folder, [(file, Block("", (), 1, blocks=[block])) for file, block in found], scope.known, scope.tables, {"key": key, "value": value})
    yield scope if not apart else Scope(scope.folder, [(file, _without(root, apart)) for file, root in scope.found], scope.known, scope.tables)


def _without(root: Block, apart: list[Block]) -> Block:
    return Block(root.kind, root.labels, root.line, root.keys, [block for block in root.blocks if not any(block is each for each in apart)])


def _called(scope: Scope, caller: Scope, file: File, block: Block) -> Scope:
    """A module with what one call gives it."""
    made = Scope(scope.folder, scope.found, dict(scope.known), dict(scope.tables))
    for name, written in block.keys.items():
        made.known[f"var.{name}"] = caller.settled(written, file)
    made.tables.update({f"var.{inner.kind}": (file, inner) for inner in block.blocks})
    return made


def _define(eyes: Eyes, scope: Scope) -> None:
    """Defaults, then what `*.tfvars` at or below the folder set, production last."""
    known = scope.known
    for file, root in scope.found:
        for block in root.blocks:
            if block.kind == "variable":
                if "default" in block.keys:
                    known[f"var.{block.label}"] = Written(block.keys["default"][0], file, block.keys["default"][1])
                for inner in block.blocks:
                    if inner.kind == "default":
                        scope.tables[f"var.{block.label}"] = (file, inner)
                        known |= {f"var.{block.label}.{name}": Written(value, file, line) for name, (value, line) in inner.keys.items()}
            elif block.kind == "locals":
                known |= {f"local.{name}": Written(value, file, line) for name, (value, line) in block.keys.items()}
                known |= {f"local.{inner.kind}.{name}": Written(value, file, line) for inner in block.blocks for name, (value, line) in inner.keys.items()}
                scope.tables.update({f"local.{inner.kind}": (file, inner) for inner in block.blocks})
    values = [file for file in eyes.tree.named("*.tfvars") if not scope.folder or file.name.startswith(scope.folder + "/")]
    for file in sorted(values, key=lambda file: bool(_PRODUCTION.search(file.name))):
        try:
            root = eyes.hcl(file)
        except SourceError:
            continue
        known |= {f"var.{name}": Written(value, file, line) for name, (value, line) in root.keys.items()}
        scope.tables.update({f"var.{inner.kind}": (file, inner) for inner in root.blocks})
