"""What is a parameter, by the calls of its function, by what a framework puts into it, or by its annotation?

    def notify(bus: Bus) -> …          notify(Bus())          @app.get("/")  def view(bus=Depends(get_bus))
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.sources.code.called_back import called_back
from callcheck.sources.code.decorators import wrapped_by
from callcheck.sources.code.injected import injections, marked, providers, token
from callcheck.sources.code.origin import UNKNOWN, Origin, keeps
from callcheck.sources.code.scopes import CTORS, module_of
from callcheck.sources.code.tree import ClassDef, Function, Name, Node, Param, Yield

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins



class Parameters:
    """The parameters of one project's functions."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        self._project = origins.project
        self._dependents: dict[int, list[Function]] | None = None

    def of(self, param: Param, name: str, depth: int) -> Origin:
        """The origin of a parameter, or of what it binds `name` to when it is taken apart."""
        function = param.parent
        typed = self.typed(param.annotation, param, depth)
        if not isinstance(function, Function):
            return typed if typed.kind != "unknown" else Origin("param", param)
        if name in param.binds and name != param.name:
            return self._taken_apart(function, param, param.binds[name], depth) or (typed if typed.kind != "unknown" else Origin("param", param))
        filled = self._provided(token(param), function, depth) if param.decorators else self._filled(marked(self._project, param), function, depth)
        if filled.kind != "unknown":
            return filled
        given = self._arguments(function, param, depth)
        if given:
            first = given[0]
            if all(_same(first, other) for other in given):
                return first
            return Origin("param", param, first.qualified if len({g.qualified for g in given}) == 1 else "", first.cls)
        if param.default is not None:
            default = self._origins.of(param.default, depth + 1)
            if default.kind not in ("unknown", "value"):
                return default
        return typed if typed.kind != "unknown" else Origin("param", param)

    def _taken_apart(self, function: Function, param: Param, path: str, depth: int) -> Origin | None:
        """What a name of `({ bus, log: { warn } }) => …` is, if all that call the function give it the same."""
        given = self._arguments(function, param, depth)
        for key in path.split("."):
            given = [self._origins.member(each, key, depth + 2) for each in given]
        first = next(iter(given), UNKNOWN)
        return first if first.kind not in ("unknown", "param") and all(_same(first, other) for other in given) else None

    @functools.cached_property
    def _providers(self) -> dict[str, Node]:
        return providers(self._project)

    def _provided(self, name: str, function: Function, depth: int) -> Origin:
        """What a container puts in for a token: one object for all that ask."""
        by = self._providers.get(name) if name else None
        found = self._filled(by, function, depth) if isinstance(by, Function) else self._origins.of(by, depth + 1)
        return replace(found, kept=True) if found.kind == "made" else UNKNOWN

    def _filled(self, by: Node | None, function: Function, depth: int) -> Origin:
        """What a framework puts into a parameter: what the marked function gives, or an instance of the marked class."""
        source = self._origins.of(by, depth + 1)
        if source.kind == "class" and source.cls is not None:
            return Origin("made", by, cls=source.cls, site=next(iter(function.body), by))
        if source.kind != "function" or not isinstance(source.node, Function):
            return UNKNOWN
        cached = any(keeps(d) for d in source.node.decorators)
        given = [*self._project.returned(source.node), *(y.value for y in source.node.inside(Yield) if y.value is not None)]
        for value in given:
            found = self._origins.of(value, depth + 1)
            if found.kind != "unknown":
                return replace(found, kept=True) if cached else found
        return UNKNOWN

    def dependents(self, target: Function) -> list[Function]:
        """The functions for whose parameters a framework calls this one."""
        if self._dependents is None:
            self._dependents = {}
            for function, node in injections(self._project):
                source = self._origins.of(node).node
                if source is not None:
                    self._dependents.setdefault(id(source), []).append(function)
        return self._dependents.get(id(target), [])

    def _arguments(self, function: Function, param: Param, depth: int) -> list[Origin]:
        """The origins given for a parameter at every known call of its function; [] if no call is known."""
        index = function.params.index(param)
        cls = function.parent if isinstance(function.parent, ClassDef) else None
        if cls is not None and function.name in CTORS:
            sites = self._origins.calls_of(cls)
            index -= function.name == "__init__"
        else:
            sites = self._origins.calls_of(function)
            index -= cls is not None and module_of(function).language == "python" and not function.static
        found = []
        for call in sites:
            node = next((k.value for k in call.keywords if k.name == param.name), None)
            if node is None and 0 <= index < len(call.args):
                node = call.args[index]
            if node is not None:
                found.append(self._origins.of(node, depth + 2))
        if not sites:
            found += called_back(self._origins, function, function.params.index(param), depth)
            found.append(self._origins.of(self._origins.slots.handed(param.name, index), depth + 1))
        if index == 0:
            found += [Origin("function", wrapped) for wrapped in wrapped_by(self._origins, function)]
        return [o for o in found if o.kind != "unknown"]

    def may_be(self, node: Node) -> list[Origin]:
        """All that a name may be which is a parameter: what the calls of its function give it, and what its function decorates."""
        declared = next((held for scope in self._origins.scopes_of(node) if (held := self._project.scope(scope).get(node.id))), []) if isinstance(node, Name) else []
        param = declared[0] if len(declared) == 1 else None
        function = param.parent if isinstance(param, Param) else None
        return self._arguments(function, param, 0) if isinstance(function, Function) and isinstance(param, Param) else []

    def typed(self, annotation: str, node: Node, depth: int) -> Origin:
        """What an annotation says of a parameter or a variable: its class, or the outside name of it; unknown for unions and what is computed."""
        either = [part.strip() for part in annotation.strip().strip("\"'").split("|")]
        either = [part for part in either if part not in ("None", "null", "undefined")]
        name = either[0].split("<")[0].split("[")[0].strip() if len(either) == 1 else ""
        if not name or not name.replace(".", "").replace("_", "").isalnum():
            return UNKNOWN
        probe = Name(name.split(".")[0], line=node.line, column=node.column)
        probe.parent = node.parent
        found = self._origins.named(probe, depth + 1)
        for part in name.split(".")[1:]:
            found = self._origins.member(found, part, depth + 1)
        if found.kind == "class":
            return Origin("param", node, cls=found.cls)
        return Origin("param", node, found.qualified) if found.kind == "external" and (found.qualified[:1].isalpha() or found.qualified[:1] == "@") else UNKNOWN


def _same(one: Origin, other: Origin) -> bool:
    return one == other or (one.site is not None and one.site is other.site) or (one.kind == "external" and one.qualified == other.qualified)
