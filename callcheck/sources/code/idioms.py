"""Which calls in the sources are known ways of registering, emitting, running, serving?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.call_forms import bridged, bridged_in, decorated, given_by_name
from callcheck.sources.code.origins import Origin, Origins
from callcheck.sources.code.relays import Relays
from callcheck.sources.code.releases import Releases
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Keyword,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    last_name,
)  # fmt: skip
from callcheck.sources.code.wanted import has
from callcheck.sources.code.wording import Wording
from callcheck.sources.code.wraps import referred, wrapped
from callcheck.sources.code.written import Written

_TABLES = ("skips", "requires", "streamed", "graphs")
"""Tables of frameworks that some probes are about."""
_HOLE = pattern(r"\{([\w|]+?)(?:=([^}]*))?\}")
"""`{0}`, `{prefix=bull}`: a place of the call, and what holds without it."""


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One call that fits an idiom."""

    idiom: Idiom
    framework: Framework
    call: Call
    module: Module
    receiver: Origin
    """The object whose method is called; unknown for a plain function."""
    inner: Node | None = None
    """Where it happens, if the call is one of a function of the project that passes it on."""

    @property
    def function(self) -> Function | None:
        """The function in whose body the call stands."""
        return function_of(self.call)


class Idioms:
    """The uses of all known idioms in one project."""

    def __init__(self, origins: Origins, releases: Releases) -> None:
        self.origins = origins
        self.releases = releases
        self.project = origins.project
        self._methods: dict[str, list[tuple[Framework, Idiom]]] = {}
        self._fields: dict[str, list[tuple[Framework, Idiom]]] = {}
        self._names: dict[str, list[tuple[Framework, Idiom]]] = {}
        self._defined: dict[str, list[tuple[Framework, Idiom]]] = {}
        self._makers: dict[str, set[str]] = {}
        for framework in self.project.frameworks:
            for kind, made in framework.objects.items():
                for name in made:
                    self._makers.setdefault(name, set()).add(f"{framework.name}.{kind}")
            for idiom in framework.idioms:
                for method in idiom.methods:
                    self._methods.setdefault(method, []).append((framework, idiom))
                for name in idiom.fields:
                    self._fields.setdefault(name, []).append((framework, idiom))
                for name in idiom.defines:
                    self._defined.setdefault(name, []).append((framework, idiom))
                for name in idiom.calls:
                    self._names.setdefault(name, []).append((framework, idiom))
        self.rows = origins.rows
        self._written = Written(origins)
        self.text, self.option = self._written.text, self._written.option
        self._at: dict[int, list[Use]] = {}
        self._handled: dict[int, list[Use]] = {}
        self._wording = Wording()
        self._relays: Relays | None = None
        self._looking = False

    @functools.cached_property
    def uses(self) -> list[Use]:
        """Every use, file by file, in source order."""
        found = []
        for module in self._looked_through():
            placed = [(call.at, use) for call in self.candidates(module) for use in self.at(call)]
            if self._fields:
                placed += [(node.at, use) for node in module.all(Assign) for use in self.assigned(node)]
            for framework, idiom in (each for each in self._anywhere if self._spoken(each[0], module)):
                calls_with = (call for call in module.all(Call) if any(k.name in idiom.needs for k in call.keywords))
                placed += [(call.at, Use(idiom, framework, call, module, Origin("unknown"))) for call in calls_with if has(self, call, idiom.needs)]
            defined: list[Function | ClassDef] = [*module.all(Function), *module.all(ClassDef)]
            placed += [(node.at, use) for node in defined for d in node.decorators for use in self._bare(d)]
            if self._defined:
                placed += [(node.at, use) for node in defined for use in self._defining(node)]
            found += [use for _, use in sorted(placed, key=lambda each: each[0])]
        return found

    def _looked_through(self) -> list[Module]:
        """The chosen modules, and those that may use the project's own ways of registering and emitting."""
        if self._relays is None:
            self._find_relays()
        functions = {id(each.function): each.function for known in (self._relays.by_function.values() if self._relays else ()) for each in known}
        read = len(self.project.read)
        found = self.project.with_users(functions.values(), self.origins.names_of)
        if len(self.project.read) > read:
            self.origins.forget_calls()
        return found

    def candidates(self, module: Module) -> Iterator[Call]:
        """The calls of a module that may be uses, by the last name of their callee."""
        if self._relays is None and not self._looking:
            self._find_relays()
        named = module.named_calls
        names = self._candidates | self._relays.names if self._relays is not None else self._candidates
        yield from (call for name in named if name in names for call in named[name])
        if module.language == "python":
            yield from bridged_in(module, names)

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """What the uses do, their traits and whether their idioms are `weak` or have a `wildcard`; the names of the frameworks that are used,
        imported or depended on, and which of some tables these have."""
        found = {word for use in self.uses for word in (use.idiom.does, *use.idiom.traits, use.framework.name)}
        if not any(self._wording.fits(use.idiom, use.call) for use in self.of("trap")):
            found.discard("trap")
        found.update(word for use in self.uses for word, holds in (("weak", use.idiom.weak), ("wildcard", use.idiom.wildcard)) if holds)
        found |= self.imported
        needed = self.project.depends_on
        near = (f for f in self.project.frameworks if f.name in found or not needed.isdisjoint(f.packages))
        return frozenset(found).union(table for framework in near for table in _TABLES if getattr(framework, table))

    def of(self, *does: str) -> Iterator[Use]:
        """The uses that do one of these."""
        return (use for use in self.uses if use.idiom.does in does)

    def at(self, call: Call) -> list[Use]:
        """The uses that one call is: by what is known of libraries, and by what the project's own functions pass on."""
        if self._relays is None and not self._looking:
            self._find_relays()
        return self.known(call)

    def dispatches(self, call: Call) -> bool:
        """Whether a hand-written bus calls one of its listeners here."""
        self.at(call)
        return self._relays is not None and id(call) in self._relays.dispatches

    def _find_relays(self) -> None:
        self._looking = True
        relays = Relays(self)
        relays.find()
        for _ in range(2):
            # What was asked meanwhile was answered with less than is known now. The second time finds wrappers of wrappers.
            self._at.clear()
            self._handled.clear()
            self.__dict__.pop("_assigned_handlers", None)
            if self._relays is None:
                self._relays = relays
                relays.widen()
        self._looking = False

    def known(self, call: Call) -> list[Use]:
        """The uses that one call is, as far as relaying functions have been looked for."""
        if id(call) not in self._at:
            self._at[id(call)] = []
            laid = self.rows.of(call)
            found = list(self._uses_of(call, call))
            if laid[0] is not call or len(laid) > 1:
                rows = [use for each in laid for use in self._uses_of(each, call) if each is call or self._about_row(use, call)]
                known = {id(use.idiom) for use in rows}
                found = [use for use in found if id(use.idiom) not in known] + rows
            self._at[id(call)] = found
        return self._at[id(call)]

    def _uses_of(self, call: Call, whole: Call) -> Iterator[Use]:
        """The uses that a call is, or that it is in one round of the loop around it."""
        plain = bridged(call)
        if plain is not None:
            # The bridge waits for the coroutine, which nobody else then has to.
            yield from (use for use in self._match(plain, plain.callee) if "awaited" not in use.idiom.traits)
        elif self._relays is None or id(whole) not in self._relays.replaced:
            yield from self._match(call, call.callee)
        for relay, receiver in self._relays.at(call) if self._relays is not None else ():
            yield Use(relay.idiom, relay.framework, call, module_of(call), receiver, relay.inner)

    def _about_row(self, use: Use, whole: Call) -> bool:
        """Whether the event or the handler of a use is another one in each round of the loop around it."""
        places = [place for place in (use.idiom.event, use.idiom.handler) if place and place != "decorated"]
        return any(self.placed(use.call, place) != self.placed(whole, place) for place in places)

    def assigned(self, node: Assign) -> list[Use]:
        """The uses that an assignment to an attribute is: `client.on_message = f`."""
        if not self._fields or id(node) in self._at:
            return self._at.get(id(node), [])
        found = self._at[id(node)] = []
        for target in node.targets:
            if isinstance(target, Name) and target.id in self._fields and node.value is not None:
                plain = Call(target, [node.value], line=node.line, column=node.column, end_line=node.end_line, parent=node)
                named = [(f, i) for f, i in self._fields[target.id] if not i.on and self._fits(i, plain, Origin("unknown"))]
                found += [Use(idiom, framework, plain, module_of(node), Origin("unknown")) for framework, idiom in named]
            if isinstance(target, Member) and target.name in self._fields and node.value is not None:
                call = Call(target, [node.value], line=node.line, column=node.column, end_line=node.end_line, parent=node, at=node.at, end=node.end)
                receiver = self.origins.of(target.object)
                kinds = self.kinds(receiver)
                for framework, idiom in (each for each in self._fields[target.name] if self._spoken(each[0], module_of(node))):
                    if (idiom.on == "any" or f"{framework.name}.{idiom.on}" in kinds) and self._fits(idiom, call, receiver):
                        found.append(Use(idiom, framework, call, module_of(node), receiver))
        return found

    def _bare(self, decorator: Node) -> Iterator[Use]:
        """A decorator without parentheses, as a call without arguments."""
        if isinstance(decorator, (Name, Member)):
            call = Call(decorator, [], line=decorator.line, column=decorator.column, end_line=decorator.end_line, parent=decorator)
            yield from self._match(call, decorator)
            for relay, receiver in self._relays.called(call, decorator) if self._relays is not None else ():
                yield Use(relay.idiom, relay.framework, call, module_of(call), receiver, relay.inner)

    def _defining(self, node: Function | ClassDef) -> Iterator[Use]:
        """A method, or a class, whose definition is a use: as a call without arguments at its place."""
        cls = node if isinstance(node, ClassDef) else node.parent
        known = self._defined.get("class" if isinstance(node, ClassDef) else node.name, ())
        if not known or not isinstance(cls, ClassDef):
            return
        call = Call(Name(node.name, line=node.line, column=node.column, parent=node), [], line=node.line, column=node.column, end_line=node.end_line, parent=node)
        known = [each for each in known if self._spoken(each[0], module_of(node)) and (each[1].on != "any" or self._wording.may_fit(each[1], call))]
        own = Origin("class", cls, cls=cls)
        kinds = self.kinds(own) if known else ()
        for framework, idiom in known:
            loose = idiom.on == "any" and framework.name in self.imported
            if (loose or f"{framework.name}.{idiom.on}" in kinds) and self._fits(idiom, call, own):
                if not idiom.versions or self.releases.hold(idiom.versions, framework, module_of(node).path, self.maker(own)):
                    yield Use(idiom, framework, call, module_of(node), own)

    def _match(self, call: Call, callee: Node) -> Iterator[Use]:
        module = module_of(call)
        # Whose object it is may take long to find out: only where the file can have one in hand.
        method = callee.name if isinstance(callee, Member) else callee.id if isinstance(callee, Name) else ""
        held = [
            each for each in self._methods.get(method, ())
            if self._spoken(each[0], module) and self.project.choice.may_hold(module.path, *each) and self._wording.may_fit(each[1], call)
        ]
        receiver = self._receiver(callee) if held else None
        if receiver is not None:
            kinds = self.kinds(receiver)
            for framework, idiom in held:
                loose = idiom.on == "any" and isinstance(callee, Member) and receiver.kind not in ("module", "external") and self._had(framework)
                if (loose or f"{framework.name}.{idiom.on}" in kinds) and self._fits(idiom, call, receiver):
                    if not idiom.versions or self.releases.hold(idiom.versions, framework, module.path, self.maker(receiver)):
                        yield Use(idiom, framework, call, module, receiver)
        if isinstance(callee, (Name, Member)):
            last = callee.id if isinstance(callee, Name) else callee.name
            if last in self._candidates and self.project.choice.may_call(module.path, last):
                origin = self.origins.of(callee)
                name = origin.qualified if origin.kind == "external" else ""
                for framework, idiom in (each for each in self._names.get(name, ()) if self._spoken(each[0], module) and self._wording.may_fit(each[1], call)):
                    if self._fits(idiom, call, origin) and self.releases.hold(idiom.versions, framework, module.path, name):
                        on = self.placed(call, idiom.object) if idiom.object else []
                        yield Use(idiom, framework, call, module, self.origins.of(on[0]) if on else origin)

    def _receiver(self, callee: Node) -> Origin | None:
        """The object whose method is called; also where the method was taken off it: `({ action }) => action("items.create", f)`."""
        if isinstance(callee, Member):
            return self.origins.of(callee.object)
        origin = self.origins.of(callee)
        taken = isinstance(callee, Name) and isinstance(origin.node, Param) and origin.node.binds.get(callee.id) == callee.id
        return origin if taken else origin.base if origin.kind == "part" else None

    @functools.cached_property
    def _anywhere(self) -> list[tuple[Framework, Idiom]]:
        """The idioms of any call with certain options, for the frameworks that the project imports."""
        return [(framework, idiom) for framework, idiom in self._names.get("*", ()) if framework.name in self.imported]

    @functools.cached_property
    def imported(self) -> set[str]:
        """The frameworks of which some module of the project imports a package."""
        names = self.project.outside
        heads = {".".join(name.split(".")[: n + 1]) for name in names for n in range(min(3, name.count(".") + 1))} | {
            "/".join(name.split("/")[: n + 1]) for name in names for n in range(min(3, name.count("/") + 1))
        }
        return {f.name for f in self.project.frameworks if not set(f.packages).isdisjoint(heads)}

    @functools.cached_property
    def _candidates(self) -> set[str]:
        """The last names of callees that may be an idiom: methods, functions, and what the project calls these instead."""
        renames = self.origins.renames
        found = set(renames.of({name.rsplit(".", 1)[-1] for name in self._names}))
        return found.union(self._methods, *(renames.of(renames.of_package(name)) for name in self._names))

    def _had(self, framework: Framework) -> bool:
        """Whether the project imports a framework, or it is there without an import."""
        return framework.name in self.imported or "" in framework.packages

    def _spoken(self, framework: Framework, module: Module) -> bool:
        """Whether a framework is of the module's language: `openai.OpenAI` is a class of two."""
        return not framework.languages or module.language in framework.languages or (module.language != "python" and "python" not in framework.languages)

    def _fits(self, idiom: Idiom, call: Call, receiver: Origin) -> bool:
        if (idiom.only or idiom.but) and not self._named(idiom, call):
            return False
        if idiom.made:
            wanted = {name: want for name, want in idiom.made.items() if name != "of"}
            # For a constructor, what it is given: `new Worker("q", f, { connection })`.
            whole = call if idiom.calls or not isinstance(call.callee, Member) else call.callee.object
            parts = self.parts(self.origins.of(whole), str(idiom.made.get("of", "")))
            if not parts or not all(has(self, part, wanted) for part in parts):
                return False
        return has(self, call, idiom.needs) and self._stands(idiom, call, receiver)

    def parts(self, origin: Origin, kind: str = "", depth: int = 0) -> list[Call]:
        """The calls that made an object, and with a kind the objects of that kind that it is put together from."""
        if not isinstance(origin.node, Call) or depth > 6:
            return []
        if not kind or kind in self.kinds(origin):
            return [origin.node]
        inner = [arg for arg in origin.node.args if not isinstance(arg, (Literal, Function))]
        inner += [entry.value for arg in inner if isinstance(arg, Object) for entry in arg.entries]
        inner += [item for arg in inner if isinstance(arg, Sequence) for item in arg.items]
        found = [part for node in inner if isinstance(node, (Call, Name, Member)) for part in self.parts(self.origins.of(node), kind, depth + 1)]
        if origin.base is not None:
            found += self.parts(origin.base, kind, depth + 1)
        return found

    def _stands(self, idiom: Idiom, call: Call, receiver: Origin) -> bool:
        """Whether a call stands where an idiom wants it."""
        where = idiom.where
        if not where:
            return True
        function = function_of(call)
        if "async" in where and (function is not None and function.is_async) is not where["async"]:
            return False
        if "inside" in where and (function is None or function.name not in where["inside"]):
            return False
        if "package" in where and where["package"] not in self.imported:
            return False
        if "finite" in where and not _ends(function):
            return False
        if "top" in where and (function is None) is not where["top"]:
            return False
        if "foreign" in where:
            made = receiver.site or receiver.node
            while receiver.base is not None and receiver.kind == "part":
                receiver = receiver.base
                made = receiver.site or receiver.node
            foreign = made is not None and module_of(made) is not module_of(call)
            return foreign is where["foreign"]
        return True

    def kinds(self, origin: Origin, depth: int = 0) -> set[str]:
        """`framework.kind` names of what an object is known to be."""
        if depth > 6:
            return set()
        found: set[str] = set()
        if origin.cls is not None:
            for name in self.origins.bases(origin.cls):
                found |= self._makers.get(name, set())
        if origin.qualified:
            found |= self._makers.get(origin.qualified, set())
        if origin.kind in ("part", "made") and origin.base is not None:
            for kind in self.kinds(origin.base, depth + 1):
                found |= self._makers.get(f"{kind}.{origin.qualified.rsplit('.', 1)[-1]}", set()) | self._makers.get(f"{kind}.*", set())
        if origin.kind == "made" and isinstance(origin.node, Call):
            for use in self.at(origin.node):
                if use.idiom.makes:
                    found.add(f"{use.framework.name}.{use.idiom.makes}")
        if origin.kind == "param" and isinstance(origin.node, Param):
            found |= self._given(origin.node, depth)
        return found

    def maker(self, origin: Origin) -> str:
        """The qualified name that an object, or the object it is a part of, was made by."""
        while origin.kind in ("part", "made") and origin.base is not None:
            origin = origin.base
        return origin.qualified or next(iter(self.origins.bases(origin.cls)), "")

    def _given(self, param: Param, depth: int) -> set[str]:
        """What a handler's parameter is, by the idiom that the handler was registered with."""
        function = param.parent
        if not isinstance(function, Function) or param not in function.params:
            return set()
        index = function.params.index(param)
        found = set()
        for use in self.handled_by(function) if self._giving(module_of(function)) else ():
            if index < len(use.idiom.gives) and use.idiom.gives[index]:
                given = use.idiom.gives[index]
                found.add(given if "." in given else f"{use.framework.name}.{given}")
        return found | self._handed(function, index)

    def _giving(self, module: Module) -> bool:
        """Whether any library of the module's language hands objects to its handlers."""
        return any(self._spoken(framework, module) for framework in self._givers)

    @functools.cached_property
    def _givers(self) -> list[Framework]:
        return [framework for framework in self.project.frameworks if any(idiom.gives for idiom in framework.idioms)]

    def _handed(self, function: Function, index: int) -> set[str]:
        """What a library hands to the module it loads: `export default (app) => …` under Probot."""
        handing = [f for f in self.project.frameworks if index < len(f.hands) and self.project.dependencies.intersection(f.packages)]
        if not handing:
            return set()
        module = module_of(function)
        exports = self.project.exports(module)
        whole = exports.get("default", exports.get("*"))
        if whole is not function and not (isinstance(whole, str) and whole == function.name):
            return set()
        return {f"{framework.name}.{framework.hands[index]}" for framework in handing}

    def handled_by(self, function: Function) -> list[Use]:
        """The uses for which a function is the handler: given in place, by name, or decorated."""
        if self._relays is None and not self._looking:
            self._find_relays()
        found = []
        parent = function.parent
        while isinstance(parent, (Keyword, Entry, Object)):
            parent = parent.parent
        inner: Node = function
        while isinstance(parent, Call) and inner is not parent.callee:
            found += [use for use in self.at(parent) if function in self.handlers(use)]
            inner, parent = parent, parent.parent  # what a wrapper gives for it
        for decorator in function.decorators:
            found += [use for use in self.decorating(decorator) if function in self.handlers(use) or use.idiom.role]
        if function.name in self._defined:
            found += [use for use in self._defining(function) if use.idiom.role]
        return found + self._by_name(function)

    def decorating(self, decorator: Node) -> list[Use]:
        """The uses that a decorator is, with parentheses or without."""
        return self.at(decorator) if isinstance(decorator, Call) else list(self._bare(decorator))

    def _by_name(self, function: Function) -> list[Use]:
        """The uses for which a function is the handler that is given by its name."""
        key = id(function)
        if key not in self._handled:
            # Given before the uses are complete, so that a question asked on the way ends.
            found = self._handled[key] = []
            for call in self.origins.callers.passing(function):
                outer = call.parent
                # `app.post(path, wrap(receive))`
                for each in (call, outer) if isinstance(outer, Call) and call is not outer.callee else (call,):
                    found += [use for use in self.at(each) if any(held is function for held in self.handlers(use)) and function.parent is not call]
            found += self._assigned_handlers.get(key, []) + self._listed_handlers.get(key, [])
        return self._handled[key]

    @functools.cached_property
    def _listed_handlers(self) -> dict[int, list[Use]]:
        """Handlers that stand in a table, or in a file of a folder, over which a loop goes that registers them."""
        found: dict[int, list[Use]] = {}
        self.__dict__["_listed_handlers"] = found
        calls = [call for module in self.project.chosen.values() for call in self.rows.loops(module) if last_name(call.callee) in self._candidates]
        for use in (use for call in calls for use in self.at(call) if use.call is not call):
            for handler in self.handlers(use):
                found.setdefault(id(handler), []).append(use)
        return found

    @functools.cached_property
    def _assigned_handlers(self) -> dict[int, list[Use]]:
        """Handlers that are assigned to an attribute of their object."""
        found: dict[int, list[Use]] = {}
        self.__dict__["_assigned_handlers"] = found
        named = self.project.naming(*self._fields) if self._fields else ()
        for assign in (each for module in named for each in module.all(Assign)):
            for use in self.assigned(assign):
                for handler in self.handlers(use):
                    found.setdefault(id(handler), []).append(use)
        return found

    def handlers(self, use: Use) -> list[Node]:
        """The handlers that a use registers: functions where they can be followed, else the expressions as written."""
        if use.idiom.defines and isinstance(use.call.parent, Function):
            return [use.call.parent]
        where = use.idiom.handler.removesuffix("decorated").rstrip("|")
        given = [self._function(node) for node in self.placed(use.call, where)]
        below = decorated(use.call) if not given and use.idiom.handler.endswith("decorated") else None
        return given if below is None else [below]

    def _function(self, node: Node) -> Node:
        if isinstance(node, Function):
            return node
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "bind":
            return self._function(node.callee.object)
        if isinstance(node, Call) and node.args and last_name(node.callee) == "Callback":
            return self._function(node.args[0])  # RQ's wrapper, which adds a time limit
        if (inner := wrapped(self.origins, node)) is not None:
            return inner
        origin = self.origins.of(node)
        if origin.kind == "function" and origin.node is not None:
            return origin.node
        return referred(self.origins, origin.node or node) or node

    def placed(self, call: Call, where: str) -> list[Node]:
        """The nodes at a place of a call, as `Idiom` describes places; alternatives are separated by "|"."""
        for each in where.split("|"):
            found = self._placed(call, each.strip())
            if found:
                return found
        return []

    def _placed(self, call: Call, where: str) -> list[Node]:
        if not where:
            return []
        if where == "*":
            return list(call.args)
        if where.startswith("methods:"):
            return [name for held in self._placed(call, where[8:]) for name in self._methods_of(held)]
        if where.startswith("method:"):
            place, _, name = where[7:].partition(":")
            held = [self.origins.member(self.origins.of(node), name).node for node in self._placed(call, place)]
            return [method for method in held if isinstance(method, Function)]
        if where == "last":
            return call.args[-1:]
        if where.startswith("made:"):
            maker = self.origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
            return self._placed(maker, where[5:]) if isinstance(maker, Call) else []
        if where == "name-below":
            below = decorated(call)
            return [Literal(below.name, line=call.line, column=call.column, end_line=call.end_line, parent=call)] if below is not None else []
        if where[:1].isalpha() and "." in where:
            outer, _, inner = where.partition(".")
            options = self.option(call, outer)
            nested = self._written.inside(options, inner) if options is not None else None
            return [nested] if nested is not None else []
        if where == "keys":
            objects = [a for a in call.args if isinstance(a, Object)]
            return [Literal(e.key, line=e.line, column=e.column, end_line=e.end_line, parent=e) for o in objects for e in o.entries if e.key]
        if where in ("given", "given-names"):
            return given_by_name(call, where == "given")
        if where.isdigit():
            index = int(where)
            found = call.args[index : index + 1]
        else:
            value = self.option(call, where)
            found = [value] if value is not None else []
        return [item for node in found for item in (node.items if isinstance(node, Sequence) else [node])]

    def stored(self, use: Use) -> str:
        """The key under which a queue keeps its waiting work in the broker, `*` for what is computed; "" if the idiom does not say."""
        return _HOLE.sub(lambda hole: self._filled(use, hole[1], hole[2]), use.idiom.stores)

    def _filled(self, use: Use, where: str, default: str | None) -> str:
        node = next(iter(self.placed(use.call, where)), None)
        if node is None:
            return default if default is not None else "*"
        if isinstance(node, Operation) and node.operator in ("??", "||"):
            # `process.env.PREFIX ?? "shop"`: what holds unless somebody sets the variable.
            node = node.operands[-1]
        return self.text(node) or "*"

    def _methods_of(self, node: Node) -> list[Node]:
        """The names of the functions that an object has, as literals at the object's own place."""
        origin = self.origins.of(node)
        holder = origin.node if origin.kind == "value" else None
        if isinstance(origin.node, Call) and origin.cls is None:
            holder = next((arg for arg in origin.node.args if isinstance(arg, Object)), None)
        cls, names = origin.cls, []
        if isinstance(holder, Object):
            names = [entry.key for entry in holder.entries if entry.key and isinstance(entry.value, Function)]
        elif cls is not None:
            names = [part.name for part in cls.body if isinstance(part, Function) and part.name != "constructor"]
        return [Literal(name, line=node.line, column=node.column, end_line=node.end_line, parent=node) for name in names]

    def events(self, use: Use) -> list[str]:
        """The event names of a use; "" for one that is computed."""
        if use.idiom.event_is:
            return [use.idiom.event_is]
        if use.idiom.only or use.idiom.but:
            return self._named(use.idiom, use.call)
        if use.idiom.fields and isinstance(use.call.parent, Assign) and isinstance(use.call.callee, Member):
            return [use.call.callee.name]
        nodes = self.placed(use.call, use.idiom.event)
        return [self.text(node) for node in nodes] or [""]

    def _named(self, idiom: Idiom, call: Call) -> list[str]:
        """The events at a call that an idiom is about."""
        names = (self.text(node) for node in self.placed(call, idiom.event))
        return [name for name in names if (name in idiom.only if idiom.only else name and name not in idiom.but)]


def _ends(function: Function | None) -> bool:
    """Whether a function comes to its end by itself: no endless loop, no future that is only waited for."""
    if function is None:
        return False
    endless = any(isinstance(loop.test, Literal) and bool(loop.test.value) or loop.is_async for loop in function.inside(Loop))
    waits = any(last_name(call.callee) in ("Future", "Event", "wait", "start_consuming", "serve_forever", "run_forever", "gather", "pause") for call in function.inside(Call))
    return not endless and not waits
