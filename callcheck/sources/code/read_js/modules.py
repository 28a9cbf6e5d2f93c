"""What does a JavaScript or TypeScript statement bring into its module, and what does it give away?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.read_js.addresses import package_of
from callcheck.sources.code.read_js.definitions import Definitions, bound
from callcheck.sources.code.reading import EXTRAS
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Export,
    Function,
    Import,
    Imported,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    dotted,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax


class Modules(Definitions):
    """`import`, `export`, `require`, `module.exports`."""

    # ECMAScript

    def many_import_statement(self, node: Syntax) -> list[Node]:
        clause = self.child(node, "import_clause")
        equals = self.child(node, "import_require_clause")
        if equals is not None:
            source, local = equals.child_by_field_name("source"), self.inner(equals)
            return [
                Import(
                    self.string(source), [self.imported("*", self.text(local), equals)], type_only=_has(node, "type")
                )
            ]
        plain: list[Imported] = []
        types: list[Imported] = []
        for part in clause.named_children if clause is not None else []:
            if part.type == "identifier":
                plain.append(self.imported("default", self.text(part), part))
            elif part.type == "namespace_import":
                plain.append(self.imported("*", self.text(self.inner(part)), part))
            for item in part.named_children if part.type == "named_imports" else []:
                if item.type == "import_specifier":
                    (types if _has(item, "type") else plain).append(self.specifier(item))
        module = package_of(self.string(node.child_by_field_name("source")))
        made: list[Node] = [Import(module, types, type_only=True)] if types else []
        if plain or not types:
            made.append(Import(module, plain, type_only=_has(node, "type")))
        return made

    def specifier(self, node: Syntax) -> Imported:
        name = self.word(node.child_by_field_name("name"))
        alias = node.child_by_field_name("alias")
        return self.imported(name, self.word(alias) if alias is not None else name, node)

    def imported(self, name: str, local: str, node: Syntax) -> Imported:
        made = Imported(name, local)
        self.place(made, node)
        return made

    def on_import_alias(self, node: Syntax) -> Node:
        """`import Short = Some.Namespace`"""
        names = self.all(node.named_children)
        return Assign(names[:1], names[-1], declared="const")

    def many_export_statement(self, node: Syntax) -> list[Node]:
        source = node.child_by_field_name("source")
        if source is not None:
            return [Import(package_of(self.string(source)), self.passed_on(node), reexport=True, type_only=_has(node, "type"))]
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        clause = self.child(node, "export_clause")
        if clause is not None:
            given = [self.specifier(item) for item in clause.named_children if item.type == "export_specifier"]
            return [] if _has(node, "type") else [Export({item.local: item.imported for item in given})]
        if declaration is not None:
            return self.exported(node, self.body([declaration]), _has(node, "default"))
        if value is None and not _has(node, "="):
            return self.body(node.named_children)
        name = "*" if value is None else "default"
        return self.exported_value(node, name, self.read(value or self.inner(node)))

    def passed_on(self, node: Syntax) -> list[Imported]:
        """The names of `export … from "m"`."""
        clause, space = self.child(node, "export_clause"), self.child(node, "namespace_export")
        if clause is not None:
            return [self.specifier(item) for item in clause.named_children if item.type == "export_specifier"]
        return [self.imported("*", self.word(self.inner(space)) if space is not None else "*", node)]

    def exported(self, node: Syntax, made: list[Node], default: bool) -> list[Node]:
        """Declarations and the Export beside them."""
        names: dict[str, str | Node] = {}
        for item in made:
            if isinstance(item, (Function, ClassDef)):
                item.decorators = [*self.decorators(node), *item.decorators]
                names["default" if default else item.name] = item.name or item
            elif isinstance(item, Assign):
                for target in item.targets:
                    names.update(
                        {local: local for local in ([target.id] if isinstance(target, Name) else bound(target))}
                    )
            elif isinstance(item, Import):
                names.update({name.local: name.local for name in item.names})
        return [*made, Export(names)] if names else made

    def exported_value(self, node: Syntax, name: str, value: Node) -> list[Node]:
        if isinstance(value, Name):
            return [Export({name: value.id})]
        if isinstance(value, (Function, ClassDef)):
            value.decorators = [*self.decorators(node), *value.decorators]
            # Only a declaration of this very statement binds its name in the module; an arrow has none.
            return [value, Export({name: value.name or value})]
        return [value, Export({name: value, **(_keys(value) if name == "*" else {})})]

    # CommonJS

    def many_expression_statement(self, node: Syntax) -> list[Node]:
        inner = self.inner(node)
        if inner is not None and inner.type == "sequence_expression":
            parts = [child for child in inner.named_children if child.type not in EXTRAS]
            return [made for part in parts for made in self.effects(self.read(part))]
        return self.effects(self.read(inner))

    def effects(self, made: Node) -> list[Node]:
        """An expression statement, with the Import or Export that it amounts to."""
        if isinstance(made, Call):
            return [Import(module, [])] if (module := required(made)) is not None else [made]
        if not isinstance(made, Assign) or made.operator or made.value is None:
            return [made]
        if len(made.targets) == 1 and isinstance(made.targets[0], Name):
            return self.import_of(made.targets[0], made.value) or [made]
        return [made, *self.commonjs(made)]

    def commonjs(self, made: Assign) -> list[Node]:
        """What an assignment to `exports` gives away."""
        exported = [name for target in made.targets if (name := _exported(target))]
        value = made.value
        if not exported or value is None:
            return []
        module = required(value)
        if module is not None:
            names = [Imported("*", name) for name in exported]
            for item in names:
                item.line, item.column, item.end_line = made.line, made.column, made.end_line
            return [Import(module, names, reexport=True)]
        named = [
            target.id for target in made.targets if isinstance(target, Name) and target.id not in ("exports", "module")
        ]
        given = value.id if isinstance(value, Name) else named[0] if named else value
        given_away: dict[str, str | Node] = dict.fromkeys(exported, given)
        if "*" in given_away:
            given_away.update(_keys(value))
        export = Export(given_away)
        export.line, export.column, export.end_line = made.line, made.column, made.end_line
        return [export]

    def import_of(self, target: Node, value: Node) -> list[Node]:
        """The Import that `target = require("m")` is; [] if it is none, or takes more than names."""
        names = _taken(target, value)
        if names is None:
            return []
        module = required(value.object if isinstance(value, Member) else value)
        for item in names:
            item.line, item.column, item.end_line = target.line, target.column, target.end_line
        return [Import(module or "", names)]

    # Small things

    def child(self, node: Syntax, kind: str) -> Syntax | None:
        for child in node.named_children:
            if child.type == kind:
                return child
        return None

    def string(self, node: Syntax | None) -> str:
        made = self.on_string(node) if node is not None else None
        return str(made.value) if isinstance(made, Literal) else ""

    def word(self, node: Syntax | None) -> str:
        """A name, or a name written as a string."""
        return self.string(node) if node is not None and node.type == "string" else self.text(node)


def required(node: Node | None) -> str | None:
    """The module of `require("m")`."""
    if isinstance(node, Call) and isinstance(node.callee, Name) and node.callee.id == "require" and len(node.args) == 1:
        arg = node.args[0]
        return arg.value if isinstance(arg, Literal) and isinstance(arg.value, str) else None
    return None


def _taken(target: Node, value: Node) -> list[Imported] | None:
    """What a target takes out of a required module; None if that is not a matter of names."""
    if isinstance(value, Member) and required(value.object) is not None:
        return [Imported(value.name, target.id)] if isinstance(target, Name) else None
    if required(value) is None:
        return None
    if isinstance(target, Name):
        return [Imported("*", target.id)]
    if not isinstance(target, Object):
        return None
    names = []
    for entry in target.entries:
        if entry.key is None or entry.default is not None or not isinstance(entry.value, Name):
            return None
        names.append(Imported(entry.key, entry.value.id))
    return names


def _exported(target: Node) -> str:
    """The name under which `exports.x = …` and its like export; "*" for the whole, "" for other targets."""
    name = dotted(target)
    if name in ("exports", "module.exports"):
        return "*" if name != "exports" else ""
    if isinstance(target, Member) and dotted(target.object) in ("exports", "module.exports"):
        return target.name
    return ""


def _keys(value: Node) -> dict[str, str | Node]:
    """The names that an exported object literal gives one by one."""
    entries = value.entries if isinstance(value, Object) else []
    return {e.key: e.value.id if isinstance(e.value, Name) else e.value for e in entries if e.key is not None}


def _has(node: Syntax, word: str) -> bool:
    return any(child.type == word for child in node.children)


def without_exports(body: list[Node]) -> list[Node]:
    """A namespace's own exports are not the module's."""
    return [node for node in body if not isinstance(node, (Export, Opaque))]
