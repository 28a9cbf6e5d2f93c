"""What kind of object is it, by what made it, by the idiom that gives it, or by the handler that it is given to?

    client = mqtt.Client()                                 paho.client
    io.on("connection", (socket) => socket.on(…))          socketio.socket
"""

from __future__ import annotations

import functools
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Framework
from callcheck.model.shelf import root
from callcheck.sources.code.inherited import constructor_above
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import module_of, told_by_calls
from callcheck.sources.code.tree import Call, Function, Literal, Member, Module, Name, Object, Param, Sequence

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Idioms

_DEEPEST = 6


class Kinds:
    """The kinds of the objects of one project, as `framework.kind`."""

    def __init__(self, idioms: Idioms) -> None:
        self._idioms = idioms
        self._origins = idioms.origins
        self._project = idioms.project
        self._makers: dict[str, set[str]] = {}
        self._patterns: dict[str, list[tuple[str, str]]] = {}
        """Package, or a module of it -> patterns of the last names of what makes its objects, and their kinds: for libraries that no framework names."""
        for framework in self._project.frameworks:
            for kind, made in framework.objects.items():
                for package, _, last in (name.rpartition(".") for name in made if "*" in name):
                    self._patterns.setdefault(package, []).append((last, f"{framework.name}.{kind}"))
                for name in made:
                    self._makers.setdefault(name, set()).add(f"{framework.name}.{kind}")

    def of(self, origin: Origin, depth: int = 0) -> set[str]:
        """`framework.kind` names of what an object is known to be."""
        if depth > _DEEPEST:
            return set()
        found: set[str] = set()
        if origin.cls is not None:
            for name in self._origins.bases(origin.cls):
                found |= self._made_by(name)
        if origin.qualified and origin.kind != "part":
            # The name of a part is that of a member: `socket.io` is not the global `io`.
            found |= self._made_by(origin.qualified)
        if origin.kind in ("part", "made") and origin.base is not None:
            for kind in self.of(origin.base, depth + 1):
                found |= self._makers.get(f"{kind}.{origin.qualified.rsplit('.', 1)[-1]}", set()) | self._makers.get(f"{kind}.*", set())
        if origin.kind == "made" and isinstance(origin.node, Call):
            for use in self._idioms.at(origin.node):
                if use.idiom.makes:
                    found.add(f"{use.framework.name}.{use.idiom.makes}")
        if origin.kind == "param" and isinstance(origin.node, Param):
            found |= self._given(origin.node, depth)
        return found

    def _made_by(self, name: str) -> set[str]:
        """The kinds of what an outside class or function makes, or of what a method of that gives: `aio_pika.connect().channel`."""
        found = self._makers.get(name, set())
        whole, _, last = name.rpartition("().")
        if whole and not found:
            return {made for kind in self._made_by(whole) for each in (last, "*") for made in self._makers.get(f"{kind}.{each}", set())}
        if found or not self._patterns:
            return found
        package, _, last = name.rpartition(".")
        if package:
            whose = root(package)
            # Or of one module of the package, however deep that lies: `allauth.account.signals`.
            known = [*self._patterns.get(whose, ()), *self._patterns.get(f"{whose}.{package.rpartition('.')[2]}", ())]
        else:
            # `import AuditEmitter from "audit-emitter"`: what a package is itself has its name.
            known, last = self._patterns.get(name, []), "".join(word.capitalize() for word in name.rpartition("/")[2].split("-"))
        fitting = [(wanted, kind) for wanted, kind in known if fnmatchcase(last, wanted)]
        named = {kind for wanted, kind in fitting if wanted != "*"}
        return named or {kind for _, kind in fitting}

    def maker(self, origin: Origin) -> str:
        """The qualified name that an object, or the object it is a part of, was made by."""
        root = origin.root
        return root.qualified or next(iter(self._origins.bases(root.cls)), "")

    def _given(self, param: Param, depth: int) -> set[str]:
        """What a handler's parameter is, by the idiom that the handler was registered with."""
        function = param.parent
        if not isinstance(function, Function) or param not in (told := told_by_calls(function)):
            return set()
        index = told.index(param)
        found = set()
        for use in self._idioms.handled_by(function) if self._giving(module_of(function)) else ():
            if index < len(use.idiom.gives) and use.idiom.gives[index]:
                given = use.idiom.gives[index]
                found.add(given if "." in given else f"{use.framework.name}.{given}")
        return found | self._handed(function, index)

    def _giving(self, module: Module) -> bool:
        """Whether any library of the module's language hands objects to its handlers."""
        return any(self._idioms.spoken(framework, module) for framework in self._givers)

    @functools.cached_property
    def _givers(self) -> list[Framework]:
        return [framework for framework in self._project.frameworks if any(idiom.gives for idiom in framework.idioms)]

    def _handed(self, function: Function, index: int) -> set[str]:
        """What a library hands to the module it loads: `export default (app) => …` under Probot."""
        handing = [f for f in self._project.frameworks if index < len(f.hands) and self._project.others.dependencies.intersection(f.packages)]
        if not handing:
            return set()
        module = module_of(function)
        exports = self._project.exports(module)
        whole = exports.get("default", exports.get("*"))
        if whole is not function and not (isinstance(whole, str) and whole == function.name):
            return set()
        return {f"{framework.name}.{framework.hands[index]}" for framework in handing}

    def originals(self, made: Call) -> list[Call]:
        """The call that made an object, and where that copied one of its own kind (`connection.duplicate()`, `agent.clone()`), those that made the one copied: what they were given it has, too."""
        found = [made]
        while len(found) <= _DEEPEST:
            origin = self._origins.of(found[-1])
            base = origin.base.node if origin.base is not None and self.of(origin) & self.of(origin.base) else None
            if not isinstance(base, Call) or base in found:
                break
            found.append(base)
        return found

    def parts(self, origin: Origin, kind: str = "", depth: int = 0) -> list[Call]:
        """The calls that made an object, and with a kind the objects of that kind that it is put together from."""
        above = constructor_above(origin.cls) if origin.cls is not None and not kind else None
        if above is not None and (above.keywords or any(isinstance(arg, Object) for arg in above.args)):
            return [above]
        if not isinstance(origin.node, Call) or depth > _DEEPEST:
            return []
        if not kind or kind in self.of(origin):
            return [origin.node]
        given = (*origin.node.args, *(each.value for each in origin.node.keywords))
        inner = [arg for arg in given if not isinstance(arg, (Literal, Function))]
        inner += [entry.value for arg in inner if isinstance(arg, Object) for entry in arg.entries]
        inner += [item for arg in inner if isinstance(arg, Sequence) for item in arg.items]
        found = [part for node in inner if isinstance(node, (Call, Name, Member)) for part in self.parts(self._origins.of(node), kind, depth + 1)]
        if origin.base is not None:
            found += self.parts(origin.base, kind, depth + 1)
        return found
