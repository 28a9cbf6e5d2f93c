"""Do two programs take from one queue or group, though each handles what the other does not, or poll with one token?"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ConsumersCompete, UpdatesPolled
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.environ import set_to
from callcheck.sources.code.flow import outermost
from callcheck.sources.code.given import given
from callcheck.sources.code.given_back import callers, told, works_apart
from callcheck.sources.code.handed_on import HandedOn
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import CTORS, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tokens import TRAITS, Poller, asks_when_loaded, pollers, token_of
from callcheck.sources.code.told_by import root
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Template,
)  # fmt: skip
from callcheck.sources.environment import settings
from callcheck.sources.environment.of_program import kept_as, place, set_of
from callcheck.sources.environment.setting import dotenv

_ALONE = "alone"
"""The trait of a name under which one connection lives: a later one ends it."""
_OWN_FILE = pattern(r"\benv_file:\s*(?:\n\s*-\s*)?[\"']?([^\s\"'#]+)")


class Competing:
    """Looks at `joins` idioms with one written name in programs that have no file with it in common."""

    name = "competing"
    looks_at = Sight.SOURCE
    about = ("joins", *sorted(TRAITS))
    answers = frozenset({ConsumersCompete, UpdatesPolled})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._loaded(eyes)
        if len(code.programs.entries) < 2:
            return
        by_name: dict[tuple[str, str], list[Use]] = {}
        for use in code.idioms.of("joins"):
            for name in _names(eyes, use) if _ALONE not in use.idiom.traits else ():
                by_name.setdefault((use.framework.name, name), []).append(use)
        for (_, name), uses in by_name.items():
            yield from self._compare(code, name, uses)
        yield from self._replacing(eyes)
        yield from self._pollers(eyes)
        for use in code.idioms.of("joins"):
            if _ALONE not in use.idiom.traits:
                yield from self._through_a_helper(eyes, use)

    def _loaded(self, eyes: Eyes) -> Iterator[Evidence]:
        """Calls that ask for the updates of a bot as soon as their file is loaded, which several units may do."""
        for poll in pollers(eyes.code):
            token = token_of(eyes.code, poll.programs or None) if asks_when_loaded(poll) else None
            if token is not None and token.variable:
                fact = UpdatesPolled(clean(token.variable, 60), _set_apart(eyes, token.variable), poll.use.framework.name, poll.use.module.language)
                yield seen(fact, poll.use.call, self.name)

    def _pollers(self, eyes: Eyes) -> Iterator[Evidence]:
        """Two programs that each ask for the updates of one bot: every update goes to one of them."""
        polls, apart = pollers(eyes.code), functools.cache(functools.partial(_set_apart, eyes))
        for at, poll in enumerate(polls):
            for other in polls[at + 1 :]:
                if poll.provider == other.provider and poll.programs and other.programs and not poll.programs & other.programs and (name := _one_token(eyes, poll, other, apart)):
                    fact = _shared(name, min(poll.programs), min(other.programs), poll.use)
                    yield seen(fact, other.use.call, self.name, (seen(fact, poll.use.call, self.name, label="the other program polls with it too"),))
                    return

    def _compare(self, code: Code, name: str, uses: list[Use]) -> Iterator[Evidence]:
        for use in uses:
            for other in uses:
                here, there = code.programs.of(use.module), code.programs.of(other.module)
                if use is other or not here or not there or here & there or not _differ(code, use, other, here, there):
                    continue
                fact = _shared(name, min(here), min(there), use)
                yield seen(fact, _naming(code, use), self.name, (seen(fact, _naming(code, other), self.name, label="the other program takes from it too"),))
                return

    def _replacing(self, eyes: Eyes) -> Iterator[Evidence]:
        """Two programs that connect under one name of which a broker lets one connection live, whatever they handle."""
        code, known = eyes.code, dict[tuple[str, str], tuple[str, Use]]()
        for use in code.idioms.of("joins"):
            for program in sorted(code.programs.of(use.module)) if _ALONE in use.idiom.traits else ():
                for name in given(code, code.idioms.placed(use.call, use.idiom.event), sets=lambda variable, of=program: set_of(eyes, {of}, variable)):  # type: ignore[misc]
                    other, first = known.setdefault((use.idiom.medium, name), (program, use))
                    if name and "*" not in name and other != program:
                        fact = _shared(name, other, program, use)
                        because = (seen(fact, first.call, self.name, label="the other program has the same"),) if first.call is not use.call else ()
                        yield seen(fact, use.call, self.name, because)
                        return

    def _through_a_helper(self, eyes: Eyes, use: Use) -> Iterator[Evidence]:
        """One call in a shared function, which several programs call for handlers of their own, and which knows one name for both, or is told the same by both."""
        code, nodes = eyes.code, eyes.code.idioms.placed(use.call, use.idiom.event)
        function, told_by = _helper(code, use, nodes)
        calls = callers(code, function) if function is not None else []
        for call in calls:
            for other in calls:
                here, there = code.programs.of(module_of(call)), code.programs.of(module_of(other))
                if not here or not there or here & there or function is None:
                    continue
                if (_alike(code, call, other) or not (_hands(call) and _hands(other))) and not works_apart(code, use, function, call, other):
                    continue
                if told_by is None:
                    name = _one_name(eyes, nodes, here, there)
                else:
                    name = told_by(call)
                    name = name if name == told_by(other) else ""
                if not name:
                    continue
                fact = _shared(name, min(here), min(there), use)
                because = (seen(fact, call, self.name, label="one program takes from it"), seen(fact, other, self.name, label="the other one too, for handlers of its own"))
                named = (seen(fact, node, self.name, label="by this name") for node in nodes[:1] if node.line != use.call.line)
                yield seen(fact, use.call, self.name, (*because, *named))
                return


def _helper(code: Code, use: Use, nodes: Sequence[Node]) -> tuple[Function | None, Callable[[Call], str] | None]:
    """The function that is called for a use, and what a call of it tells the use's name to be; None where that is no matter of its callers."""
    record = next((each for node in nodes if isinstance(node, Member) and isinstance(each := code.origins.binding_of(root(node)), Param)), None)
    if record is not None and isinstance(helper := record.parent, Function):
        handed = HandedOn(code.idioms)
        return helper, lambda call: handed.name(use, helper, call)  # `subscribe(event, run)`, and `event.queue` is what it takes from
    # A parameter that one caller alone gives is no more than that to the others, whatever it comes to there.
    held = [each for node in nodes for each in (code.origins.binding_of(node), code.origins.of(node).node)]
    param = next((each for each in held if isinstance(each, Param)), None)
    if param is not None and param.parent is not outermost(use.call) and isinstance(param.parent, Function) and param.parent.name in CTORS:
        # `new Bus("mail").on(…)`: the object was told as it was made.
        return outermost(use.call), lambda call: told(code, made, param) if (made := _made_for(code, call)) is not None else ""
    if param is not None:
        return outermost(use.call), lambda call: told(code, call, param)
    function = outermost(use.call)
    if isinstance(function, Function) and _told_in_part(code, [*nodes, *held], function):
        return function, lambda call: HandedOn(code.idioms).place(use, function, call)  # `group_id=f"shop.{topic}"`
    return function, None


def _told_in_part(code: Code, nodes: Sequence[Node | None], function: Function) -> bool:
    """Whether a name, or what it is set to, is made of what the function is told, and of texts: what comes from elsewhere may be another one in each program."""
    names = {name for param in function.params for name in (param.name, *param.binds)}
    for node in (node.value if isinstance(node, Assign) else node for node in nodes):
        written = node.parts if isinstance(node, Template) else node.operands if isinstance(node, Operation) and node.operator == "+" else []
        parts = [part for part in written if isinstance(part, Node) and not isinstance(part, Literal)]
        told = [part for part in parts if isinstance(part, Name) and part.id in names]
        if told and all(part in told or _constant(code, part) for part in parts):
            return True
    return False


def _constant(code: Code, node: Node) -> bool:
    held = code.origins.binding_of(node)
    return isinstance(held, Assign) and isinstance(held.value, Literal)


def _made_for(code: Code, call: Call) -> Call | None:
    """The call that made the object of a method's call."""
    made = code.origins.of(call.callee.object) if isinstance(call.callee, Member) else None
    return made.node if made is not None and made.kind == "made" and isinstance(made.node, Call) else None


def _shared(name: str, here: str, there: str, use: Use) -> ConsumersCompete:
    return ConsumersCompete(clean(name, 80), clean(here, 80), clean(there, 80), use.framework.name, use.module.language, _ALONE in use.idiom.traits)


def _naming(code: Code, use: Use) -> Node:
    """What names in the call of a use what it takes from, as that is what must change; the call itself where the name stands outside of it."""
    return next((node for node in code.idioms.placed(use.call, use.idiom.event) if any(above is use.call for above in node.up())), use.call)


def _names(eyes: Eyes, use: Use) -> set[str]:
    """The names of what a use takes from: as written, or as the deployment sets the variable for the program that the use stands in."""
    code = eyes.code
    nodes, programs = list(code.idioms.placed(use.call, use.idiom.event)), code.programs.of(use.module)
    # For want of a value, the default of a variable; without one, what its programs are given where they run.
    names = set(given(code, nodes, sets=lambda variable: set_of(eyes, programs, variable))) - {""}
    names = names or set(given(code, nodes, sets=lambda variable: {f"process.env.{variable}"})) or set(code.idioms.events(use))
    scopes = [code.idioms.text(node) for node in code.idioms.placed(use.call, use.idiom.scope)]
    return {" ".join([*scopes, name]) for name in names if name and "*" not in name}


def _one_name(eyes: Eyes, nodes: Sequence[Node], here: AbstractSet[str], there: AbstractSet[str]) -> str:
    """The one name that a use has in two programs: as written, or as the deployment sets its variable for each; "" for none, or two."""
    code = eyes.code
    one, other = (set(given(code, nodes, sets=lambda variable, of=programs: _set_for_one(eyes, of, variable))) for programs in (here, there))  # type: ignore[misc]
    text = next(iter(one)) if one == other and len(one) == 1 else "" if one or other else code.idioms.known_text(next(iter(nodes), None))
    return "" if "*" in text else text


def _set_for_one(eyes: Eyes, programs: AbstractSet[str], variable: str) -> set[str]:
    """What a variable is set to for programs, where it has to be known of these very ones: of what no unit is seen to get, an env file beside the code counts alone."""
    if any(each.name == variable for each in settings(eyes)):
        return set_of(eyes, programs, variable)
    beside = {value for file in eyes.tree.named(".env") for name, value, _ in dotenv(eyes, file) if name == variable}
    return beside if set(set_to(eyes.code.project, variable)) <= beside else {""}


def _alike(code: Code, call: Call, other: Call) -> bool:
    """Whether two calls hand over the same: written alike, and by names that mean one thing."""
    meant = ([code.origins.of(arg) for arg in each.args if isinstance(arg, (Name, Member))] for each in (call, other))
    return _written(call) == _written(other) and all(one.node is two.node or one.kind != "function" for one, two in zip(*meant, strict=False))


def _written(call: Call) -> str:
    """The source lines of a call."""
    return "\n".join(module_of(call).lines[call.line - 1 : call.end_line])


def _hands(call: Call) -> bool:
    """Whether a call hands over handlers: a function, or an object or name that may hold some."""
    return any(isinstance(arg, (Function, Object, Name, Member)) for arg in call.args)


def _one_token(eyes: Eyes, poll: Poller, other: Poller, apart: Callable[[str], bool]) -> str:
    """The name of the token that two programs poll with; "" if it is not one: by what the deployment gives each of them, else by how it is written."""
    mine, theirs = token_of(eyes.code, poll.programs), token_of(eyes.code, other.programs)
    if mine is None or theirs is None:
        return ""
    given_mine, given_theirs = kept_as(eyes, poll.programs, mine.variable), kept_as(eyes, other.programs, theirs.variable)
    if given_mine and given_theirs:
        return mine.variable if given_mine & given_theirs else ""
    return mine.variable if mine.written and mine.written == theirs.written and not apart(mine.variable) else ""


def _set_apart(eyes: Eyes, variable: str) -> bool:
    """Whether the deployment gives the variable more than one value, or takes it from more than one place."""
    code = eyes.code
    if len({each.value or place(each.secret) for each in settings(eyes) if each.name == variable} - {""}) > 1:
        return True
    name = re.escape(variable)
    texts = [code.project.text_of(file) for file in code.project.files_named("*.yml", "*.yaml", "*.env", "*.service")]
    values = {place(value) for text in texts for value in re.findall(rf"\b{name}\s*[:=]\s*[\"']?([^\s\"'#]+)", text)}
    # Services that each read a file of their own, which is not there to be read.
    return len(values) > 1 or (not values and len({file for text in texts for file in _OWN_FILE.findall(text)}) > 1)


def _differ(code: Code, use: Use, other: Use, here: frozenset[str], there: frozenset[str]) -> bool:
    """Whether the two handle different messages, as far as their libraries name these, or the same ones in other ways; a queue without names counts as one for all."""
    if _handled(code, use, here) != _handled(code, other, there) or not _handled(code, use, here):
        return True
    ways, others = _handlers(code, use, here), _handlers(code, other, there)
    return bool(ways and others and not ways & others)


def _handlers(code: Code, use: Use, programs: frozenset[str]) -> frozenset[str]:
    """The source of what a program does with messages of one library."""
    handling = (each for each in code.idioms.uses if each.framework is use.framework and each.idiom.role in ("message", "job") and code.programs.of(each.module) & programs)
    found = [handler for each in handling for handler in code.idioms.handlers(each) if isinstance(handler, Function)]
    return frozenset("\n".join(module_of(each).lines[each.line - 1 : each.end_line]) for each in found)


def _handled(code: Code, use: Use, programs: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for each in code.idioms.of("subscribe", "listen"):
        if each.framework is use.framework and code.programs.of(each.module) & programs and ("pattern" in each.idiom.traits or each.idiom.does == "listen"):
            found |= set(code.idioms.events(each))
    return frozenset(found)


PROBE = Competing()
