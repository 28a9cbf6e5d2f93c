"""Which source files are there, and what does an import bring from one to another?"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import Malformed, SourceError
from callcheck.model.evidence import Lost
from callcheck.model.knowledge import Framework
from callcheck.model.printable import clean
from callcheck.model.signs import EVERY_FILE, Sign
from callcheck.sources.code import languages, raw
from callcheck.sources.code.choice import MOST_USERS, Choice
from callcheck.sources.code.exports import Exports
from callcheck.sources.code.fields import fields
from callcheck.sources.code.inlined import Constants
from callcheck.sources.code.other_files import OtherFiles
from callcheck.sources.code.paths import Paths
from callcheck.sources.code.present import present
from callcheck.sources.code.scopes import (
    Binding,
    Scope,
    bindings,
    import_of,
    module_of,
    returned,
    target_names,
)
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Import,
    Imported,
    Literal,
    Module,
    Node,
    NodeT,
    Param,
)
from callcheck.sources.code.users import Users
from callcheck.sources.files import LARGEST_BYTES, File, Tree

if TYPE_CHECKING:
    from callcheck.model.left_out import Reason


class Project:
    """The parsed sources of a target, joined by their imports."""

    def __init__(
        self, tree: Tree, text: Callable[[File], str], frameworks: Iterable[Framework] = (), signs: tuple[Sign, ...] = EVERY_FILE
    ) -> None:
        self._known = frameworks
        self.lost: list[Lost] = []
        self.others = OtherFiles(tree, text, self.lost)
        self.files_named, self.text_of, self.derived = self.others.named, self.others.text_of, self.others.derived
        self.choice = Choice(tree, frameworks, signs, lambda importer, name: self.paths.find(importer, name), lambda: self.others.dependencies)
        self.paths = Paths(self.choice.names, tree, self.others.json, self._unparsed)
        self.read: dict[str, Module] = {}
        """The files that were parsed so far, by name: to save work, and nothing else (see `ground`)."""
        self._modules: dict[str, Module | None] = {}
        self._ground: dict[str, Module] | None = None
        self._lost_then = 0
        self.users = Users(self)
        self.constants = Constants(self)
        exports = Exports(self)
        self.exports, self.exported = exports.of, exports.exported
        self.unread: dict[Reason, list[str]] = {}
        """Source files of which nothing was read; they are in `lost` too."""
        self._text = text
        self._scopes: dict[int, dict[str, list[Binding]]] = {}
        self._fields: dict[int, dict[str, list[Function | Param | Assign]]] = {}
        self._returned: dict[int, list[Node]] = {}

    @functools.cached_property
    def modules(self) -> dict[str, Module]:
        """Every source file, parsed, by name. On a big tree this costs most of all: ask for `chosen`, `calls` or `naming` instead."""
        return self._parsed_all(self.choice.names)

    @property
    def ground(self) -> dict[str, Module]:
        """The modules that every answer rests on, whoever asks and after whom: all of a small project; of a big one those that were parsed by the
        time of `settle`. What is parsed later is looked at for the question alone that named it."""
        if self.choice.all:
            return self.modules
        return self.read if self._ground is None else self._ground

    def settle(self) -> None:
        """Let the ground grow no more: from now on no answer depends on those before it."""
        self._ground = dict(self.read)
        self._lost_then = len(self.lost)

    @property
    def settled(self) -> bool:
        """Whether the ground grows no more."""
        return self._ground is not None

    @property
    def lost_at_first(self) -> list[Lost]:
        """What of the ground could not be read."""
        return self.lost if self._ground is None else self.lost[: self._lost_then]

    @functools.cached_property
    def chosen(self) -> dict[str, Module]:
        """The source files with a call of a library that the project imports, or a sign that some probe declares; all of a small project."""
        return self.modules if self.choice.all else self._parsed_all(self.choice.chosen)

    def _parsed_all(self, names: Iterable[str]) -> dict[str, Module]:
        return {name: module for name in names if (module := self.module(name)) is not None}

    def with_users(self, functions: Iterable[Function], names_of: Callable[[Function], Collection[str]], sign: Sign | None = None) -> list[Module]:
        """The chosen files, and those that may call one of these functions, also on an object that two other files hand on; in order.

        With a sign, of the latter only those that show it.
        """
        wanted = set(self.chosen)
        if self.choice.all:
            return list(self.chosen.values())
        together: dict[str, list[Function]] = {}
        for function in functions:
            together.setdefault(module_of(function).path, []).append(function)
        for path, several in together.items():
            names = {name for function in several for name in names_of(function)}
            found = set(self.choice.users(path, names, (), through=2, most=MOST_USERS * len(several))) - wanted
            wanted |= self.choice.showing(sign, found) if sign is not None else found
        return list(self._parsed_all(name for name in self.choice.names if name in wanted).values())

    def chosen_with(self, *signs: Sign) -> list[Module]:
        """Those of the chosen files that show one of these signs by their own text; all of a small project."""
        shown = set().union(*(self.choice.showing(sign, self.chosen) for sign in signs)) if not self.choice.all else self.chosen
        return [module for name, module in self.chosen.items() if name in shown]

    def using(self, sites: Iterable[Node]) -> list[Module]:
        """The chosen files, and those that may use by its name what stands at one of these places in its module; in order."""
        wanted = set(self.chosen)
        for site in () if self.choice.all else sites:
            names = [name for target in site.targets for name in target_names(target)] if isinstance(site, Assign) else []
            path = module_of(site).path
            wanted |= {path, *self.choice.users(path, names, ())}
        return list(self._parsed_all(name for name in self.choice.names if name in wanted).values())

    def in_order(self, modules: Iterable[Module]) -> list[Module]:
        """Each of these modules once, in the order of the sources."""
        given = {module.path: module for module in modules}
        return [given[name] for name in self.choice.names if name in given]

    def naming(self, *words: str) -> list[Module]:
        """The source files in which one of these identifiers stands, be it in a comment; all of a small project."""
        return list(self.modules.values() if self.choice.all else self._parsed_all(self.choice.naming(words)).values())

    def holding(self, texts: Collection[str]) -> list[str]:
        """The names of the source files, in order, in which one of these pieces of text may stand as it is written there; of all where nothing is known of them."""
        if self.choice.all or not texts:
            return self.sources
        found = self.choice.texts.words.holding_one(texts)
        return [name for name in self.sources if name in found or name not in self.choice.texts]

    def serving(self, *words: str) -> list[Module]:
        """Those of `naming` that serve requests, or work for one that does: are imported by it, through few others."""
        if self.choice.all:
            return list(self.modules.values())
        return list(self._parsed_all(name for name in self.choice.naming(words) if name in self.choice.served or name in self.ground).values())

    def showing(self, sign: Sign) -> list[Module]:
        """The source files that show a sign by their own text; all of a small project."""
        if self.choice.all:
            return list(self.modules.values())
        shown = self.choice.showing(sign)
        return list(self._parsed_all(name for name in self.choice.names if name in shown).values())

    @property
    def sources(self) -> list[str]:
        """The names of all source files, parsed or not."""
        return self.choice.names

    @functools.cached_property
    def folders(self) -> dict[str, list[str]]:
        """The names of the source files that lie in each folder itself, by the folder's name."""
        found: dict[str, list[str]] = {}
        for name in self.sources:
            found.setdefault(posixpath.dirname(name), []).append(name)
        return found

    def module(self, name: str) -> Module | None:
        """A source file, parsed; None for one that cannot be read, or was not written by hand: it goes to `lost`."""
        if name not in self._modules:
            self._modules[name] = module = self._parsed(name)
            if module is not None:
                self.read[name] = module
                self.constants.put_into(module)
        return self._modules[name]

    def _parsed(self, name: str) -> Module | None:
        file = self.choice.files.get(name)
        if file is None:
            return None
        try:
            text = self._text(file)
        except SourceError as error:
            self.lost.append(Lost(clean(name), error.message))
            if isinstance(error, Malformed):
                self.unread.setdefault("large" if file.size > LARGEST_BYTES else "binary", []).append(name)
            return None
        if raw.by_machine(text.encode("utf-8", "replace"), name):
            self.unread.setdefault("machine", []).append(name)
            self.lost.append(Lost(clean(name), "minified: left out"))
            return None
        module = languages.read(text, name)
        if module.broken:
            self.lost.append(Lost(clean(f"{name}:{module.broken[0]}"), "syntax error: the rest of the file was read"))
        return module

    def importers(self, path: str) -> frozenset[str]:
        """The source files that import a source file."""
        return self.choice.importers(path) if not self.choice.all else frozenset(self._importers.get(path, ()))

    @functools.cached_property
    def _importers(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for module in self.modules.values():
            for statement in module.all(Import):
                stem = statement.module if not statement.module.strip(".") else f"{statement.module}."
                below = [stem + each.imported for each in statement.names] if module.language == "python" else []
                for path in (self.paths.find(module.path, name) for name in (statement.module, *below)):
                    if path is not None and path != module.path:
                        found.setdefault(path, set()).add(module.path)
        return found

    def text(self, path: str) -> str:
        """The text of a source file, "" if it cannot be read."""
        if path in self.ground:
            return self.ground[path].text
        return self.choice.texts.data(path).decode("utf-8", "replace") if not self.choice.all else ""

    def bare(self, path: str) -> str:
        """The text of a source file without comments; it is parsed for that."""
        module = self.module(path)
        return module.text if module is not None else self.text(path)

    def _unparsed(self, path: str) -> str:
        try:
            return self._text(self.choice.files[path])
        except SourceError:
            return ""

    def all(self, kind: type[NodeT]) -> Iterator[NodeT]:
        """Every node of a class, file by file, in source order."""
        for module in self.modules.values():
            yield from module.all(kind)

    def calls(self, *names: str) -> Iterator[Call]:
        """Every call whose callee's last name is one of these, file by file, in source order."""
        for module in self.naming(*names):
            yield from module.calls(*names)

    def imported(self, name: Imported) -> Module | None:
        """The project's module that an imported name comes from."""
        return self.find(module_of(name), import_of(name).module)

    def statement(self, name: Imported) -> Import:
        """The import statement of an imported name."""
        return import_of(name)

    @functools.cached_property
    def frameworks(self) -> tuple[Framework, ...]:
        """The known frameworks that the project can have to do with, going by its imports."""
        return present(self._known, self.outside)

    @functools.cached_property
    def outside(self) -> frozenset[str]:
        """Every module that is imported by a name without a leading dot."""
        if self.choice.all:
            named = [each.module for each in self.all(Import)]
            # `require("fastify")()`, `await import("bullmq")`: in the middle of an expression.
            loaded = (call.args[0] for call in self.calls("require", "import") if call.args)
            named += [arg.value for arg in loaded if isinstance(arg, Literal) and isinstance(arg.value, str)]
            return frozenset(name.removeprefix("node:") for name in named if not name.startswith("."))
        return self.choice.outside

    def scope(self, node: Scope) -> dict[str, list[Binding]]:
        """The names that a module, function or class declares."""
        if id(node) not in self._scopes:
            self._scopes[id(node)] = bindings(node)
        return self._scopes[id(node)]

    def fields(self, cls: ClassDef) -> dict[str, list[Function | Param | Assign]]:
        """The members of a class by name, as `fields.fields` gives them."""
        if id(cls) not in self._fields:
            self._fields[id(cls)] = fields(cls)
        return self._fields[id(cls)]

    def returned(self, function: Function) -> list[Node]:
        """What a function returns, as `scopes.returned` gives it."""
        if id(function) not in self._returned:
            self._returned[id(function)] = returned(function)
        return self._returned[id(function)]

    def imports(self, module: Module) -> Iterator[Import]:
        """Every import of a module, wherever it stands."""
        return iter(module.all(Import))

    def find(self, importer: Module, name: str) -> Module | None:
        """The project's module that an import names; None for a package from outside."""
        path = self.paths.find(importer.path, name)
        return self.module(path) if path else None
