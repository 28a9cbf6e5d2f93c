"""Is a record of Prisma that has a BigInt made into JSON, which throws?

    serial BigInt                                          # schema.prisma
    async onStruck(item: Item) { JSON.stringify(item) }    # TypeError: Do not know how to serialize a BigInt

Sources: prisma.io/docs/orm/prisma-client/special-fields-and-types (Working with BigInt); tc39.es/ecma262, SerializeJSONProperty.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Import,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Sequence,
    dotted,
)  # fmt: skip

_MODEL = pattern(r"(?m)^model[ \t]+(\w+)[ \t]*\{([^}]*)\}")
_FIELD = pattern(r"(?m)^[ \t]+(\w+)[ \t]+BigInt\b")
_GIVES = frozenset("findUnique findUniqueOrThrow findFirst findFirstOrThrow findMany create update upsert delete createManyAndReturn updateManyAndReturn".split())
_FEWER = ("select", "omit")
_CALLED = frozenset({*PER_CALL, "callback"})
_WHY = "Prisma gives a field of the type BigInt as a bigint, for which JSON.stringify() throws a TypeError; write it as a text, or give a replacer"
_DEEPEST = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """What the schema says of a model that has such fields."""

    name: str
    fields: frozenset[str]
    at: Evidence


class BigintTexts:
    """Silent where the project gives BigInt a toJSON(), or the client other results, and outside of what is called back."""

    name = "bigint-texts"
    looks_at = Sight.SOURCE
    marks = ("JSON.stringify",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        models = {each.name: each for each in self._models(eyes)}
        if not models or _stands(code, "BigInt.prototype") or _stands(code, "$extends", "result"):
            return
        for module in code.project.naming("stringify"):
            for call in module.calls("stringify") if module.language != "python" and not is_test(module.path) else ():
                function = function_of(call)
                if dotted(call.callee) != "JSON.stringify" or function is None or code.lifetimes.role(function) not in _CALLED or not _whole(call):
                    continue
                found = _held(code, models, call.args[0])
                if found is not None:
                    fact = LibraryTrap("handler-exception", "strong", _WHY, "stringify", "prisma", module.language)
                    yield seen(fact, call, self.name, (found.at,))

    def _models(self, eyes: Eyes) -> Iterator[_Model]:
        for file in eyes.tree.named("*.prisma"):
            text = eyes.code.project.text_of(file)
            for model in _MODEL.finditer(text):
                fields = list(_FIELD.finditer(model[2]))
                if fields:
                    line = text.count("\n", 0, model.start(2) + fields[0].start(1)) + 1
                    fact = LibraryTrap("handler-exception", "strong", _WHY, "stringify", "prisma", "")
                    label = f"{clean(fields[0][1], 60)} of {clean(model[1], 60)} is a BigInt"
                    at = Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), clean(text.splitlines()[line - 1].strip()), label=label)
                    yield _Model(model[1], frozenset(field[1] for field in fields), at)


def _stands(code: Code, text: str, also: str = "") -> bool:
    """Whether a file of the project has a text in it, and another one beside it."""
    return any(text in (held := code.project.text(path)) and also in held for path in code.project.holding([text]))


def _whole(call: Call) -> bool:
    """Whether nothing but the value, and how far to indent it, is given."""
    return len(call.args) == 1 or (len(call.args) > 1 and isinstance(call.args[1], Literal) and call.args[1].value is None)


def _held(code: Code, models: dict[str, _Model], node: Node) -> _Model | None:
    """The model of which a value holds a BigInt."""
    for model in models.values():
        if _fields(code, model, node, 0):
            return model
    return None


def _fields(code: Code, model: _Model, node: Node, depth: int) -> frozenset[str]:
    """Which of the model's BigInts a value holds, or is."""
    none: frozenset[str] = frozenset()
    if depth > _DEEPEST:
        return none
    if isinstance(node, Await):
        return _fields(code, model, node.value, depth + 1)
    if isinstance(node, Call):
        return model.fields if _gives(code, model, node) else none
    if isinstance(node, Member):
        return _fields(code, model, node.object, depth + 1) & {node.name}
    if isinstance(node, Sequence):
        return none.union(*(_fields(code, model, each, depth + 1) for each in node.items))
    if isinstance(node, Object):
        held: dict[str, frozenset[str]] = {}
        for entry in node.entries:
            inner = _fields(code, model, entry.value, depth + 1)
            held.update({each: frozenset({each}) for each in inner} if entry.key is None else {entry.key: inner})
        return none.union(*held.values())
    return _of_name(code, model, node, depth) if isinstance(node, Name) else none


def _of_name(code: Code, model: _Model, node: Name, depth: int) -> frozenset[str]:
    held = code.origins.binding_of(node)
    if isinstance(held, Param):
        return model.fields if held.name == node.id and held.annotation.removesuffix("[]") == model.name and _of_prisma(held, model.name) else frozenset()
    if not isinstance(held, Assign) or held.value is None or len(held.targets) != 1:
        return frozenset()
    whole, target = _fields(code, model, held.value, depth + 1), held.targets[0]
    if not isinstance(target, Object):
        return whole
    taken = next((entry for entry in target.entries if isinstance(entry.value, Name) and entry.value.id == node.id), None)
    if taken is None:
        return frozenset()
    return whole & {taken.key} if taken.key is not None else whole - {entry.key for entry in target.entries if entry.key is not None}


def _gives(code: Code, model: _Model, call: Call) -> bool:
    """Whether a call asks Prisma for whole records of the model: `prisma.item.update({ … })`."""
    made = call.callee
    if not isinstance(made, Member) or made.name not in _GIVES or not isinstance(made.object, Member) or any(call.keyword(each) is not None for each in _FEWER):
        return False
    return made.object.name == model.name[:1].lower() + model.name[1:] and "prisma" in code.idioms.imported


def _of_prisma(param: Param, name: str) -> bool:
    """Whether the file has the type's name from Prisma's client."""
    return any(each.module == "@prisma/client" and any(one.imported == name for one in each.names) for each in module_of(param).all(Import))


PROBE = BigintTexts()
