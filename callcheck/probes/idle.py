"""Which runtimes, clients, consumers and schedulers are handed work and never started?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import RuntimeIdle, RuntimeStarted
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.begun import begun_at, main_only
from callcheck.sources.code.collected import PUTS, collected
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.mentions import Mentions
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.taken_up import SAYS, in_sight, in_table, takes_up
from callcheck.sources.code.told_by import where
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Conditional,
    Entry,
    Function,
    Keyword,
    Loop,
    Member,
    Name,
    Node,
    Object,
    Return,
    Sequence,
    Spread,
    With,
    Yield,
    dotted,
    last_name,
)  # fmt: skip
from callcheck.sources.code.whose import Whose
from callcheck.sources.languages import COMPONENTS

_MAKES = pattern(r"(?i)_?(?:make|create|new|build|open|start|init|setup)(?:_|[A-Z]|$)")
_ENTRIES = ("main", "run", "start", "serve", "setup", "create_app", "make_app", "build_app", "get_app", "app_factory", "create_application", "get_application")
"""Functions that something outside of the project calls by their name: a console script, a server that makes the application, or whatever loads plug-ins."""


class Idle:
    """Follows each object that must be started, by its identity, to whatever starts it."""

    name = "idle"
    looks_at = Sight.SOURCE
    about = ("needs-start",)
    answers = frozenset({RuntimeIdle, RuntimeStarted, EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        made = [use for use in code.idioms.of("make") if "needs-start" in use.idiom.traits]
        if not made:
            return
        every, loose, taken = self._started(code, {name for use in made for name in _starts(use)})
        by_names = {use.idiom.event_is: _by_names(every, _starts(use)) for use in made}
        whose = Whose(code)
        worked: dict[str, Use] = {}
        for use in code.idioms.uses:
            if "work" in use.idiom.traits or use.idiom.does in ("register", "serve", "subscribe"):
                worked.setdefault(code.lifetimes.identity(use.receiver), use)
        for use in made:
            started = by_names[use.idiom.event_is]
            made_at = use.receiver if "on-receiver" in use.idiom.traits else code.lifetimes.born(use.call)
            identity = code.lifetimes.identity(made_at)
            inner = code.lifetimes.identity(code.origins.of(use.call))
            if identity not in worked and inner in worked and inner in started:
                identity = inner  # the function that makes it hands it its work and starts it itself, whoever is given it
            by_itself = inner in worked or not {"by-itself", "on-receiver", "with-work"}.isdisjoint(use.idiom.traits)
            pieces = _pieces(code, use.call)
            held = {} if len(pieces) == 1 else {name: piece for piece in pieces if (name := code.lifetimes.identity(code.origins.of(piece)))}
            works = by_itself or identity in worked or not held.keys().isdisjoint(worked)
            if not identity or not works or any(whose.in_hand(use, node.object) for name in _starts(use) for node in loose.get(name, ())):
                continue
            if len(pieces) > 1 and (held.keys() & started.keys() or identity not in started):
                idle = {name: piece for name, piece in held.items() if name not in started and (by_itself or not worked.keys().isdisjoint({name, identity}))}
                yield from self._asked_again(use, [piece for name, piece in held.items() if name in started], list(idle.values())) or self._each(code, use, idle)
                continue
            if "to-be-read" in use.idiom.traits:
                if not any(_reads(node, _starts(use)) for node in started.get(identity, ())) and not _handed_on(code, use, identity):
                    yield seen(RuntimeIdle(_method(use.call), _starts(use)[0], use.framework.name, use.module.language), use.call, self.name)
                continue
            if identity in started and "by-itself" not in use.idiom.traits and all(self._unreached(code, place) and not _asked_for(use.call, place) for place in started[identity]):
                fact = RuntimeIdle(_method(use.call), _starts(use)[0], use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, started[identity][0], self.name, label="started here, in a function that nothing calls"),))
                continue
            if identity in started:
                yield from self._only_here(use, _begun(code, started[identity]), worked.get(identity, use))
                continue
            closed = not any(name in loose or name in taken for name in _starts(use))
            if (not _put_away(use.call) and _handed_on(code, use, identity, pieces[0], closed)) or _started_as_written(code, use):
                continue
            start = _starts(use)[0]
            fact = RuntimeIdle(_method(use.call), start, use.framework.name, use.module.language)
            work = worked.get(identity) or worked.get(inner)
            handed = [(work.call, "work is handed to it here")] if work is not None and work.call is not use.call else []
            handed += [(call, "by this call") for work in handed for call in _given_by(code, work[0])]
            handed += [(pieces[0], "made by this call")] if pieces[0] is not use.call else []
            yield seen(fact, use.call, self.name, tuple(seen(fact, call, self.name, label=label) for call, label in handed))

    def _unreached(self, code: Code, place: Node) -> bool:
        """Whether a place stands in a plain function or method that nothing calls, names or hands on, while the class, if any, is made use of."""
        function = function_of(place)
        if function is None or module_of(place).path.endswith(COMPONENTS) or function.decorators or function.name.startswith("__") or function_of(function) is not None or code.idioms.handled_by(function):
            return False
        cls = function.parent
        if isinstance(cls, ClassDef) and (code.origins.bases(cls) or not any(True for _ in code.project.calls(cls.name))):
            return False
        if not isinstance(cls, ClassDef) and (function.name in _ENTRIES or function.name.startswith(("setup_", "async_setup"))):
            return False
        # Whatever has a method of this name may be the object, unless it is known to be another.
        called = any(_may_call(code, call, function) for call in code.project.calls(function.name))
        return not called and not Mentions(code).given(function, function.name)

    def _each(self, code: Code, use: Use, idle: dict[str, Call]) -> Iterator[Evidence]:
        """What a factory makes for several callers: each of them that gives it work must start its own."""
        for name, piece in idle.items():
            if not _handed_on(code, use, name, piece):
                fact = RuntimeIdle(_method(use.call), _starts(use)[0], use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, piece, self.name, label="this one is never started"),))

    def _asked_again(self, use: Use, begun: list[Call], idle: list[Call]) -> list[Evidence]:
        """A getter (`get_runtime()`) that makes another one for each who asks, where one of them starts his and the others hand their work to theirs."""
        if not begun or any(piece.args or piece.keywords or _MAKES.match(last_name(piece.callee)) for piece in (*begun, *idle)):
            return []
        fact = EmittersApart(_method(use.call), use.framework.name, use.module.language)
        because = (seen(fact, use.call, self.name, label="made anew on each call"), seen(fact, begun[0], self.name, label="another one, and that alone is started"))
        return [seen(fact, piece, self.name, because, label="work is handed to this one, which nothing starts") for piece in idle]

    def _only_here(self, use: Use, places: list[Node], work: Use) -> Iterator[Evidence]:
        """The one file that starts a runtime, when it is handed its work in another one, or only where the file is the main program."""
        guarded = all(map(main_only, places))
        if len({module_of(place).path for place in places}) > 1 or not (guarded or module_of(places[0]) is not module_of(work.call)):
            return
        fact = RuntimeStarted(_method(use.call), _starts(use)[0], guarded, use.framework.name, use.module.language)
        yield seen(fact, places[0], self.name, (seen(fact, work.call, self.name, label="work is handed to it here"),))

    def _started(self, code: Code, starts: set[str]) -> tuple[dict[str, list[Node]], dict[str, list[Member]], set[str]]:
        """The identities that are started or iterated, with the places; by their names the starts on objects that cannot be told; and the names of those on a part of something."""
        found: dict[str, list[Node]] = {}
        for use in code.idioms.of("start"):
            for name in _names(code, use.receiver):
                found.setdefault(name, []).append(use.call)
        loose: dict[str, list[Member]] = {}
        taken: set[str] = set()
        for module in code.project.naming(*sorted(starts)):
            for node in module.all(Member):
                if node.name in starts:
                    origin = code.origins.of(node.object)
                    names = _names(code, origin)
                    for name in names:
                        found.setdefault(name, []).append(node)
                    if origin.base is not None:
                        taken.add(node.name)
                    if not names and origin.kind not in ("class", "function", "module") and _reached(code, node):
                        loose.setdefault(node.name, []).append(node)
            # `const server = path === "/chat" ? chat : feed`: either may be the one that is started.
            for part in (each for choice in module.all(Conditional) for each in (choice.then, choice.orelse) if isinstance(each, (Name, Member))):
                for name in _names(code, code.origins.of(part)):
                    found.setdefault(name, []).append(part)
        for loop in (each for module in code.project.chosen.values() for each in module.all(Loop)):
            # A list that is written out starts nothing: it may stand in the line in which the object is made, by which both are known.
            if isinstance(loop.over, (Name, Member)) and code.origins.of(loop.over).kind != "value":
                for name in _names(code, code.origins.of(loop.over)):
                    found.setdefault(name, []).append(loop)
        for block in (each for module in code.project.chosen.values() for each in module.all(With)):
            for item in block.items:
                entered = item.value if isinstance(item, Assign) else item
                for name in _names(code, code.origins.of(entered)):
                    found.setdefault(name, []).append(block)
        return found, loose, taken


def _given_by(code: Code, work: Call) -> list[Call]:
    """The one call that gives an object to the function in which work is handed to it: `defineJobs(agenda)`."""
    function = function_of(work)
    named = work.callee.object if isinstance(work.callee, Member) else None
    calls = code.origins.calls_of(function) if function is not None and where(named, function) else []
    return calls if len(calls) == 1 else []


def _may_call(code: Code, call: Call, function: Function) -> bool:
    """Whether a call of a function's name may be one of that function: none of itself, and none of an object that is known to be of a library or another class."""
    if function_of(call) is function or not isinstance(call.callee, Member):
        return function_of(call) is not function
    origin = code.origins.of(call.callee.object)
    if origin.cls is not None:
        return origin.cls is function.parent or not isinstance(function.parent, ClassDef) or bool(origin.cls.bases)
    return origin.kind not in ("made", "part", "external") or not code.idioms.kinds(origin)


def _reached(code: Code, node: Member) -> bool:
    """Whether the method that a start stands in may ever be called: one whose name nothing else of the project says is not, unless a container has its class."""
    function = function_of(node)
    if function is None or not isinstance(function.parent, ClassDef) or function.decorators or function.parent.bases or function.parent.decorators:
        return True
    said = [each for module in code.project.naming(function.name) for each in (*module.all(Member), *module.all(Name)) if last_name(each) == function.name]
    return any(not (module_of(each) is module_of(function) and function.at <= each.at < function.end) for each in said)


def _by_names(started: dict[str, list[Node]], starts: list[str]) -> dict[str, list[Node]]:
    """What is started by one of these methods: connect() starts a producer, and a consumer it does not."""
    kept = {name: [place for place in places if not isinstance(place, Member) or place.name in starts] for name, places in started.items()}
    return {name: places for name, places in kept.items() if places}


def _names(code: Code, origin: Origin) -> set[str]:
    """By what an object may be known: its identity, and the place of the call that made it within a factory."""
    made = origin.node
    within = f"{module_of(made).path}:{made.line}" if origin.kind == "made" and made is not None and not isinstance(made.parent, (Entry, Sequence)) else ""
    return {code.lifetimes.identity(origin), within} - {""}


def _started_as_written(code: Code, use: Use) -> bool:
    """Whether the name that the object is put under is started in the same file, whatever it may be by then: `Channel.pump.start()`; a variable of another function is another one."""
    made = use.call.parent
    targets = {dotted(target): target for target in made.targets} if isinstance(made, Assign) else {}
    begun = [node.object for node in module_of(use.call).all(Member) if node.name in _starts(use) and dotted(node.object) in targets]
    return any(not isinstance(node, Name) or code.origins.binding_of(node) is code.origins.binding_of(targets[node.id]) for node in begun)


def _begun(code: Code, places: list[Node]) -> list[Node]:
    """The calls outside of all functions that lead to these places, if they all stand below guards; else the places themselves."""
    begun = [begun_at(code, place) for place in places]
    tops = [top for found in begun for top in found]
    return tops if all(begun) and all(map(main_only, tops)) else places


def _starts(use: Use) -> list[str]:
    """The methods that start it, as `event_is` lists them."""
    return use.idiom.event_is.split("|") or ["start"]


def _pieces(code: Code, made: Call, depth: int = 0) -> list[Call]:
    """The calls at which an object is made, seen from outside the functions that give it back."""
    function = function_of(made)
    if function is None or depth > 3 or not _gives_back(function, made):
        return [made]
    calls = code.origins.calls_of(function)
    return [piece for call in calls for piece in _pieces(code, call, depth + 1)] if calls else [made]


def _gives_back(function: Function, made: Call) -> bool:
    """Whether a function returns what a call in it makes, directly or under a name."""
    if isinstance(made.parent, Return) or function.body == [made]:
        return True
    target = made.parent.targets[0] if isinstance(made.parent, Assign) else None
    returned = [each.value for each in function.inside(Return)]
    return isinstance(target, Name) and any(isinstance(value, Name) and value.id == target.id for value in returned)


def _put_away(made: Call) -> bool:
    """Whether an object goes into a table as it is made: `this.tasks.push(cron.schedule(…))`. Whoever starts what a table holds does so by the name of the method."""
    outer = made.parent
    return isinstance(outer, Call) and isinstance(outer.callee, Member) and outer.callee.name in PUTS and is_statement(outer)


def _handed_on(code: Code, use: Use, identity: str, made: Call | None = None, closed: bool = False) -> bool:
    """Whether the object leaves the project's sight: given to a call, kept in a table, or returned by a function that nobody calls.

    `closed`: the project starts nothing that cannot be told, so nothing that it takes from a list or map either."""
    made, starts = made or use.call, _starts(use)
    parent = made.parent
    while isinstance(parent, (Await, Keyword, Spread)):
        parent = parent.parent
    tabled = in_table(code, made, starts)
    if tabled is not None:
        return tabled
    if isinstance(parent, (Call, Object, Sequence, Entry)) and parent is not made and not in_sight(code, parent):
        return True
    for module in list(code.project.chosen.values()):
        for node in (*module.all(Name), *module.all(Member)):
            if isinstance(node.parent, Member):
                continue
            above = node.parent
            while isinstance(above, (Await, Keyword, Spread)):
                above = above.parent
            if isinstance(above, Call) and (last_name(above.callee) in SAYS or any("gives-async" not in each.idiom.traits for each in code.idioms.at(above))):
                continue
            leaves = isinstance(above, Call) and above.callee is not node or isinstance(above, (Sequence, Object, Entry, Yield)) and not in_sight(code, above)
            stored = isinstance(above, Assign) and above.value is node and isinstance(above.targets[0], Member) and dotted(above.targets[0]).split(".")[0] not in ("module", "exports")
            if (leaves or stored) and code.lifetimes.identity(code.origins.of(node)) == identity and in_table(code, node, starts) is not False:
                if isinstance(above, Call) and code.origins.of(above.callee).kind in ("function", "class") and not takes_up(code, above, node, starts):
                    continue
                if closed and collected(code, above, node):
                    continue
                return True
    function = function_of(made)
    return not is_statement(made) and (isinstance(parent, Return) or (made is use.call and isinstance(parent, Assign) and function is not None and _gives_back(function, made)))


def _asked_for(made: Call, place: Node) -> bool:
    """Whether it is made and started in one function that is given something: whoever gives it calls that function."""
    function = function_of(place)
    return function is not None and function_of(made) is function and any(param.name not in ("self", "cls") for param in function.params)


def _reads(node: Node, starts: list[str]) -> bool:
    return isinstance(node, Loop) or isinstance(node, Member) and node.name in starts


def _method(call: Call) -> str:
    return clean(dotted(call.callee).rsplit(".", 1)[-1], 60) or "it"


PROBE = Idle()
