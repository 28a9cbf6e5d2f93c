"""Which calls in the sources are known ways of registering, emitting, running, serving?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.noun import dataclass, replace
from callcheck.sources.code.at_hand import AtHand
from callcheck.sources.code.call_forms import method_by_name, package_called, plain, plain_in
from callcheck.sources.code.handed_on import NAMED
from callcheck.sources.code.handlers import Handlers
from callcheck.sources.code.inherited import NOT_ABOVE, base_constructor
from callcheck.sources.code.kinds import Kinds
from callcheck.sources.code.origins import Origin, Origins
from callcheck.sources.code.places import Places
from callcheck.sources.code.relays import RELAYED, Relays
from callcheck.sources.code.releases import Releases
from callcheck.sources.code.scopes import function_of, is_super, is_written, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Member,
    Module,
    Name,
    Node,
    Param,
    last_name,
)  # fmt: skip
from callcheck.sources.code.truth import Truths
from callcheck.sources.code.wanted import has, on_as_wanted, stands
from callcheck.sources.code.wording import Wording
from callcheck.sources.code.written import Written
from callcheck.sources.languages import language_of

_TABLES = ("skips", "requires", "streamed", "graphs")
"""Tables of frameworks that some probes are about."""


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

    @property
    def is_about_own(self) -> bool:
        """Whether the object is made in the very file: who needs that object imports this module."""
        whole = self.receiver.whole
        made = whole.site or (whole.node if whole.kind != "external" else None)
        return made is not None and module_of(made) is self.module


def _holds_behind(idiom: Idiom) -> bool:
    """Whether what a call does, it does behind a bridge too: that waits for the coroutine, and may run it in another thread, which traps and what blocks are about."""
    return idiom.does not in ("trap", "block") and "awaited" not in idiom.traits


class Idioms:
    """The uses of all known idioms in one project."""

    def __init__(self, origins: Origins, releases: Releases) -> None:
        self.origins = origins
        self.releases = releases
        self.project = origins.project
        self._hand = AtHand(origins)
        self.spoken = self._hand.spoken
        self.rows = origins.rows
        written = Written(origins)
        places = Places(origins, written)
        self.text, self.known_text, self.readings, self.whole, self.option = written.text, written.known, written.readings, written.whole, written.option
        self.usual, self.number_as_text = written.usual, written.number_as_text
        self.truths = functools.partial(Truths, written)
        self.switch = self.truths().of
        self.placed, self.events, self.stored, self._named = places.at, places.events, places.stored, places.named
        self._kinds, self._handlers = Kinds(self), Handlers(self)
        self.kinds, self.maker, self.parts, self.handlers = self._kinds.of, self._kinds.maker, self._kinds.parts, self._handlers.of
        self._at: dict[int, list[Use]] = {}
        self._under_way = set[tuple[str, int, int]]()
        """Where the calls stand whose uses are being found."""
        self._wording = Wording()
        self._relays: Relays | None = None
        self._looking = False
        self._asked = 0
        """How often it was asked which uses a call is, or which a function handles."""
        self._by_itself: dict[int, list[Use]] = {}
        """What `_match` gave for calls of which that does not rest on other uses, by their ids."""

    @functools.cached_property
    def uses(self) -> list[Use]:
        """Every use, file by file, in source order."""
        found = []
        for module in self._looked_through():
            placed = [(call.at, use) for call in self.candidates(module) for use in self.at(call)]
            if self._hand.fields:
                placed += [(node.at, use) for node in module.all(Assign) for use in self.assigned(node)]
            for framework, idiom in (each for each in self._hand.anywhere if self.spoken(each[0], module) and self.releases.hold(each[1].versions, each[0], module.path)):
                calls_with = (call for call in module.all(Call) if any(not k.name or k.name in idiom.needs for k in call.keywords))
                placed += [(call.at, Use(idiom, framework, call, module, Origin("unknown"))) for call in calls_with if has(self, call, idiom.needs)]
            defined: list[Function | ClassDef] = [*module.all(Function), *module.all(ClassDef)]
            placed += [(node.at, use) for node in defined for d in node.decorators for use in self._bare(d)]
            if self._hand.defined:
                placed += [(node.at, use) for node in defined for use in self.defining(node)]
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
        names = self._hand.candidates | self._relays.names if self._relays is not None else self._hand.candidates
        yield from (call for name in named if name in names for call in named[name])
        yield from plain_in(module, names)

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """What the uses do, their traits and whether their idioms are `weak` or have a `wildcard`; the names of the frameworks that are used,
        imported or depended on, and which of some tables these have. Where there is a file of Python, `in python`, and `register in python` for
        the words of uses there."""
        found = {word for use in self.uses for word in (use.idiom.does, *use.idiom.traits, use.framework.name)}
        if any(language_of(name) == "python" for name in self.project.sources):
            found.update(f"{word} in python" for use in self.uses if use.module.language == "python" for word in (use.idiom.does, *use.idiom.traits))
            found.add("in python")
        if not any(self._wording.fits(use.idiom, use.call) for use in self.of("trap")):
            found.discard("trap")
        found.update(word for use in self.uses for word, holds in (("weak", use.idiom.weak), ("wildcard", use.idiom.wildcard)) if holds)
        found |= self.imported
        needed = self.project.others.depends_on
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
            self._handlers.forget()
            if self._relays is None:
                self._relays = relays
                relays.widen()
        self._looking = False

    def known(self, call: Call) -> list[Use]:
        """The uses that one call is, as far as relaying functions have been looked for."""
        self._asked += 1
        if id(call) in self._at:
            return self._at[id(call)]
        place = (module_of(call).path, call.at, call.end)
        if call.at >= 0 and place in self._under_way:
            return []  # `pipe = pipe.expire(key)` in a loop: what each round asks is what the one before it gave
        self._at[id(call)] = []
        if self._may_be(call):
            self._under_way.add(place)
            try:
                self._at[id(call)] = self._laid_out(call)
            finally:
                self._under_way.discard(place)
        return self._at[id(call)]

    def _laid_out(self, call: Call) -> list[Use]:
        """The uses that a call is, and those that it is in the rounds of the loop around it."""
        laid = self.rows.of(call)
        found = list(self._uses_of(call, call))
        if laid[0] is not call or len(laid) > 1:
            rows = [use for each in laid for use in self._uses_of(each, call) if each is call or self._about_row(use, call)]
            known = {id(use.idiom) for use in rows}
            found = [use for use in found if id(use.idiom) not in known] + rows
        return found

    def _may_be(self, call: Call) -> bool:
        """Whether a call may be a use, by the name of what it calls, which is the same in each round of a loop: half of the candidates of a big tree are
        none by that alone, and to follow their objects took as long as to parse them."""
        name = last_name(call.callee)
        if not name or (self._relays is not None and name in self._relays.names):
            return True
        return self._hand.may_be(module_of(call), name)

    def _uses_of(self, call: Call, whole: Call) -> Iterator[Use]:
        """The uses that a call is, or that it is in one round of the loop around it."""
        relays = self._relays
        if relays is None:
            yield from self._written_here(call)
            return
        gone = {*(RELAYED if id(whole) in relays.replaced else ()), *(NAMED if id(whole) in relays.passed else ())}
        yield from (use for use in self._written_here(call) if use.idiom.does not in gone)
        for relay, receiver in relays.at(call):
            yield Use(relay.idiom, relay.framework, call, module_of(call), receiver, relay.inner)
        for laid, inner in relays.named(call):
            yield from (replace(use, inner=inner) for use in self._match(laid, laid.callee) if use.idiom.does in NAMED)

    def _written_here(self, call: Call) -> Iterator[Use]:
        """The uses that a call is, or the plain call behind it."""
        written = plain(call)
        behind = [use for use in self._match(written.call, written.call.callee) if not written.bridged or _holds_behind(use.idiom)] if written is not None else []
        yield from behind
        if written is None or not behind or written.bridged:
            yield from self._match(call, call.callee)

    def _about_row(self, use: Use, whole: Call) -> bool:
        """Whether the event or the handler of a use is another one in each round of the loop around it."""
        places = [place for place in (use.idiom.event, use.idiom.handler) if place and place != "decorated"]
        return any(self.placed(use.call, place) != self.placed(whole, place) for place in places)

    def assigned(self, node: Assign) -> list[Use]:
        """The uses that an assignment to an attribute is: `client.on_message = f`."""
        if not self._hand.fields or id(node) in self._at:
            return self._at.get(id(node), [])
        found = self._at[id(node)] = []
        for target in node.targets:
            if isinstance(target, Name) and target.id in self._hand.fields and node.value is not None:
                plain = Call(target, [node.value], line=node.line, column=node.column, end_line=node.end_line, parent=node)
                named = [(f, i) for f, i in self._hand.fields[target.id] if not i.on and self._fits(i, plain, Origin("unknown"))]
                found += [Use(idiom, framework, plain, module_of(node), Origin("unknown")) for framework, idiom in named]
            if isinstance(target, Member) and target.name in self._hand.fields and node.value is not None:
                call = Call(target, [node.value], line=node.line, column=node.column, end_line=node.end_line, parent=node, at=node.at, end=node.end)
                held = [each for each in self._hand.fields[target.name] if self.spoken(each[0], module_of(node)) and self._fits_so(each[1], call)]
                receiver = self.origins.of(target.object) if held else Origin("unknown")
                kinds = self.kinds(receiver)
                for framework, idiom in held:
                    if (idiom.on == "any" or f"{framework.name}.{idiom.on}" in kinds) and self._fits_on(idiom, call, receiver):
                        found.append(Use(idiom, framework, call, module_of(node), receiver))
        return found

    def assignments(self) -> Iterator[Use]:
        """The uses that assignments to attributes are, in all files that name such an attribute."""
        named = self.project.naming(*self._hand.fields) if self._hand.fields else ()
        return (use for module in named for assign in module.all(Assign) for use in self.assigned(assign))

    def in_loops(self) -> Iterator[Use]:
        """The uses that a call is in one round of the loop around it."""
        calls = [call for module in self.project.chosen.values() for call in self.rows.loops(module) if last_name(call.callee) in self._hand.candidates or method_by_name(call.callee)]
        return (use for call in calls for use in self.at(call) if use.call is not call)

    def handled_by(self, function: Function) -> list[Use]:
        """The uses for which a function is the handler: given in place, by name, or decorated."""
        if self._relays is None and not self._looking:
            self._find_relays()
        self._asked += 1
        return self._handlers.uses_of(function)

    def decorating(self, decorator: Node) -> list[Use]:
        """The uses that a decorator is, with parentheses or without."""
        return self.at(decorator) if isinstance(decorator, Call) else list(self._bare(decorator))

    def _bare(self, decorator: Node) -> Iterator[Use]:
        """A decorator without parentheses, as a call without arguments."""
        if isinstance(decorator, (Name, Member)):
            call = Call(decorator, [], line=decorator.line, column=decorator.column, end_line=decorator.end_line, parent=decorator)
            yield from self._match(call, decorator)
            for relay, receiver in self._relays.called(call, decorator) if self._relays is not None else ():
                yield Use(relay.idiom, relay.framework, call, module_of(call), receiver, relay.inner)

    def defining(self, node: Function | ClassDef) -> Iterator[Use]:
        """A method, or a class, whose definition is a use: as a call without arguments at its place."""
        cls = node if isinstance(node, ClassDef) else node.parent
        known = self._hand.defined.get("class" if isinstance(node, ClassDef) else node.name, ())
        if not known or not isinstance(cls, ClassDef):
            return
        call = Call(Name(node.name, line=node.line, column=node.column, parent=node), [], line=node.line, column=node.column, end_line=node.end_line, parent=node)
        known = [each for each in known if self.spoken(each[0], module_of(node)) and (each[1].on != "any" or self._wording.may_fit(each[1], call))]
        own = Origin("class", cls, cls=cls)
        kinds = self.kinds(own) if known else ()
        for framework, idiom in known:
            loose = idiom.on == "any" and framework.name in self.imported
            if (loose or f"{framework.name}.{idiom.on}" in kinds) and self._fits(idiom, call, own):
                if not idiom.versions or self.releases.hold(idiom.versions, framework, module_of(node).path, self.maker(own)):
                    yield Use(idiom, framework, call, module_of(node), own)

    def _match(self, call: Call, callee: Node) -> list[Use]:
        """The uses of what is known of libraries that a call is; found once, unless other uses have a say in it, of which more may be known later."""
        known = self._by_itself.get(id(call))
        if known is not None:
            return known
        before = self._asked
        found = list(self._matching(call, callee))
        if before == self._asked and is_written(call):
            self._by_itself[id(call)] = found
        return found

    def _matching(self, call: Call, callee: Node) -> Iterator[Use]:
        module = module_of(call)
        # Whose object it is may take long to find out: only where the file can have one in hand.
        method = callee.name if isinstance(callee, Member) else callee.id if isinstance(callee, Name) else ""
        held = [each for each in self._hand.of(module, method) if self._wording.may_fit(each[1], call) and self._fits_so(each[1], call)] if method in self._hand.methods else []
        receiver = self._receiver(callee) if held else None
        if receiver is not None:
            kinds = functools.cache(functools.partial(self.kinds, receiver))
            for framework, idiom in held:
                loose = idiom.on == "any" and isinstance(callee, Member) and receiver.kind not in ("module", "external")
                if (loose or f"{framework.name}.{idiom.on}" in kinds()) and self._fits_on(idiom, call, receiver):
                    if not idiom.versions or self.releases.hold(idiom.versions, framework, module.path, self.maker(receiver)):
                        yield Use(idiom, framework, call, module, receiver)
        package = package_called(callee)
        if package or isinstance(callee, (Name, Member)):
            last = last_name(callee)
            if package in self._hand.names if package else self._hand.may_call(module, last):
                origin = self.origins.of(callee)
                name = origin.qualified if origin.kind == "external" else ""
                inherited = base_constructor(self.origins, call, origin)
                name, above = (inherited.name, inherited.above) if inherited is not None else (name, False)
                for framework, idiom in (each for each in self._hand.names.get(name, ()) if self.spoken(each[0], module) and self._wording.may_fit(each[1], call)):
                    if above and idiom.does in NOT_ABOVE:
                        continue
                    if self._fits(idiom, call, origin) and self.releases.hold(idiom.versions, framework, module.path, name):
                        on = self.placed(call, idiom.object) if idiom.object else []
                        yield Use(idiom, framework, call, module, self.origins.of(on[0]) if on else origin)

    def _receiver(self, callee: Node) -> Origin | None:
        """The object whose method is called; also where the method was taken off it: `({ action }) => action("items.create", f)`."""
        if isinstance(callee, Member):
            inside = function_of(callee) if is_super(callee.object) else None
            # `emit(…) { …; super.emit(…) }`: whoever calls the method of this name, calls that of the library.
            return self.origins.of(callee.object) if inside is None or inside.name != callee.name else None
        origin = self.origins.of(callee)
        taken = isinstance(callee, Name) and isinstance(origin.node, Param) and origin.node.binds.get(callee.id) == callee.id
        return origin if taken else origin.base if origin.kind == "part" else None

    @property
    def imported(self) -> set[str]:
        """The frameworks of which some module of the project imports a package."""
        return self._hand.imported

    def _fits(self, idiom: Idiom, call: Call, receiver: Origin) -> bool:
        return self._fits_so(idiom, call) and self._fits_on(idiom, call, receiver)

    def _fits_so(self, idiom: Idiom, call: Call) -> bool:
        """Whether a call stands, and is given, what an idiom wants, whatever its object is."""
        return stands(self, idiom, call) and has(self, call, idiom.needs)

    def _fits_on(self, idiom: Idiom, call: Call, receiver: Origin) -> bool:
        """Whether the object of a call, and the names that it is told, are as an idiom wants them."""
        if (idiom.only or idiom.but) and not self._named(idiom, call):
            return False
        if idiom.made:
            wanted = {name: want for name, want in idiom.made.items() if name != "of"}
            # For a constructor, what it is given: `new Worker("q", f, { connection })`.
            whole = call if idiom.calls or not isinstance(call.callee, Member) else call.callee.object
            parts = self.parts(self.origins.of(whole), str(idiom.made.get("of", "")))
            if not parts or not all(has(self, part, wanted, self._kinds.originals(part)[1:]) for part in parts):
                return False
        return on_as_wanted(idiom, call, receiver)
