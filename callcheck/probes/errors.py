"""Where are the errors of a run caught and dropped?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ErrorDropped
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Raise,
    Return,
    Try,
    dotted,
    last_name,
)

_QUIET_LEVELS = frozenset({"trace", "debug", "silly", "verbose"})
_BROAD = frozenset({"Exception", "BaseException"})
_RUNS = frozenset("run arun invoke ainvoke generate agenerate kickoff akickoff chat stream astream complete acomplete emit publish".split())
"""First words of the names of calls that lead to a callback."""
_OBJECTS = frozenset("stream async text reply response message messages event model agent task object".split())
"""Words that may follow; `runGit` and `generateId` run nothing of ours."""
_CREATES = pattern(r"(completions|responses|messages|runs)\.(create|parse|stream)$")
"""The model clients' own: `client.chat.completions.create`."""
_WORDS = pattern(r"[A-Z]?[a-z0-9]+|[A-Z]+")


class Errors:
    """Finds `catch` blocks around runs and model calls that neither raise, return the error nor show it."""

    name = "errors"
    looks_at = Sight.SOURCE
    answers = frozenset({ErrorDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for module in eyes.code.project.modules.values():
            for tried in module.all(Try):
                yield from self._caught(tried, module)
            for call in module.calls("catch"):
                yield from self._chained(call, module)
        yield from self._settled(eyes.code)

    def _settled(self, code: Code) -> Iterator[Evidence]:
        """`await Promise.allSettled(all.map(send))` whose results nobody looks at, where what may fail leads to an event."""
        for call in code.project.calls("allSettled", "gather"):
            waited = call.parent if isinstance(call.parent, Await) else call
            kept = call.keyword("return_exceptions")
            collects = dotted(call.callee) == "Promise.allSettled" or (isinstance(kept, Literal) and kept.value is True)
            if not collects or not is_statement(waited):
                continue
            for function in _functions_in(code, call):
                emits = next((u for u in code.idioms.of("emit", "publish", "run") if u.function is function), None)
                around = _run_in(function.body) or (clean(last_name(emits.call.callee), 60) if emits else "")
                if around:
                    yield self._state(call, "settled", around, module_of(call))
                    break

    def _caught(self, tried: Try, module: Module) -> Iterator[Evidence]:
        around = _run_in(tried.body)
        if not around:
            return
        for catch in tried.catches:
            if catch.types and not set(catch.types) & _BROAD:
                continue
            form = _form(catch.body, catch.name)
            if form:
                yield self._state(catch, form, around, module)

    def _chained(self, call: Call, module: Module) -> Iterator[Evidence]:
        handler = call.args[0] if call.args else None
        around = _run_in([call.callee.object]) if isinstance(call.callee, Member) else ""
        if around and isinstance(handler, Function):
            form = _form(handler.body, handler.params[0].name if handler.params else "")
            if form:
                yield self._state(handler, form, around, module)

    def _state(self, node: Node, form: str, around: str, module: Module) -> Evidence:
        function = function_of(node)
        fact = ErrorDropped(clean(function.name if function else "", 80), form, around, module.language)
        return seen(fact, node, self.name)


def _functions_in(code: Code, call: Call) -> list[Function]:
    """The project's functions that are called inside the arguments of a call."""
    found = []
    for arg in call.args:
        for each in arg.inside(Call):
            found += [o.node for o in map(code.origins.of, (each.callee, *each.args)) if o.kind == "function" and isinstance(o.node, Function)]
    return found


def _run_in(nodes: list[Node]) -> str:
    """The name of the awaited (or agent's) call inside that leads to a callback, "" if there is none."""
    for top in nodes:
        for node in top.walk():
            call = node.value if isinstance(node, Await) else node.over if isinstance(node, Loop) and node.is_async else node
            if isinstance(call, Call) and isinstance(call.callee, (Member, Name)):
                whole = dotted(call.callee)
                if _leads_on(whole) and (call is not node or isinstance(call.parent, (Return, Member))):
                    return clean(whole.rsplit(".", 1)[-1], 60)
    return ""


def _leads_on(name: str) -> bool:
    """Whether a call of this dotted name runs an agent or a model, or sends an event."""
    if _CREATES.search(name):
        return True
    words = [word.lower() for word in _WORDS.findall(name.rsplit(".", 1)[-1])]
    return bool(words) and words[0] in _RUNS and all(word in _OBJECTS for word in words[1:])


def _form(body: list[Node], error: str) -> str:
    """"silent" when nothing happens with the error, "debug" when only a quiet log line is written, "" when somebody can see it."""
    quiet = False
    for top in body:
        for node in top.walk():
            if isinstance(node, Raise):
                return ""
            if isinstance(node, Call):
                level = dotted(node.callee).rsplit(".", 1)[-1]
                if level not in _QUIET_LEVELS:
                    return ""
                quiet = True
            elif isinstance(node, Name) and error and node.id == error and not _logged_quietly(node):
                return ""
    return "debug" if quiet else "silent"


def _logged_quietly(node: Node) -> bool:
    return any(isinstance(a, Call) for a in node.up())


PROBE = Errors()
