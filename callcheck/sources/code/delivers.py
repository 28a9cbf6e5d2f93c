"""Does running a piece of code deliver anything: an event, a message, a run's callbacks?"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Name,
    Node,
    Sequence,
    Spread,
    dotted,
    last_name,
)

DEEPEST = 5
"""Calls that are followed one into the other."""
_DELIVERS = frozenset({"emit", "publish", "run", "stream"})
_RUNS = frozenset("run arun invoke ainvoke generate agenerate kickoff akickoff chat stream astream complete acomplete emit publish".split())
"""First words of the names of calls that lead to a callback."""
_OBJECTS = frozenset("stream async text reply response message messages event model agent task object".split())
"""Words that may follow; `runGit` and `generateId` run nothing of ours."""
_CREATES = pattern(r"(completions|responses|messages|runs)\.(create|parse|stream)$")
"""The model clients' own: `client.chat.completions.create`."""
RUN_CALL = (
    rf"(?i)(?<![a-z0-9$])(?:{'|'.join(sorted(_RUNS))})(?:_?(?:{'|'.join(sorted(_OBJECTS))}))*[ \t]*(?:<[^<>()\n]{{0,80}}>)?\("
    r"|\b(?:completions|responses|messages|runs)\.(?:create|parse)\("
)
"""The same as a regular expression for the text of a file."""
_WORDS = pattern(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_TOLD = pattern(r"^(on[A-Z_]\w*|callback|cb|listener|notify\w*)$")
"""What a caller is told by: `onDone(x)`, `callback(x)`."""


class Delivers:
    """Follows calls of one project to what they deliver."""

    def __init__(self, idioms: Idioms, outward: bool = False) -> None:
        """With `outward`, what reaches another system (a request that changes something, a mail) counts too, and so does calling a listener that a bus holds."""
        self.idioms = idioms
        self._outward = outward
        self.origins = idioms.origins
        self._known: dict[int, str] = {}

    def within(self, node: Node, depth: int = 0) -> str:
        """The name of a call below a node that delivers, directly or through the project's own functions; "" if none is known."""
        for call in node.inside(Call):
            found = self.by(call, depth)
            if found:
                return found
        return ""

    def by(self, call: Call, depth: int = 0) -> str:
        """The name of what a call delivers, or hands on a function that does."""
        whole = dotted(call.callee)
        if of_component(call):
            return ""
        if leads_on(whole) or any(use.idiom.does in _DELIVERS and "awaited" not in use.idiom.traits for use in self.idioms.at(call)):
            return last_name(call.callee)
        if self._outward and (self.idioms.dispatches(call) or any(use.idiom.does == "outward" for use in self.idioms.at(call))):
            return last_name(call.callee)
        named: list[Node] = [call.callee, *(a for a in call.args if isinstance(a, (Name, Member)))]
        for node in named:
            origin = self.origins.of(node)
            if isinstance(origin.node, Function) and origin.kind == "function" and self.through(origin.node, depth):
                return last_name(node)
        told = _TOLD.match(last_name(call.callee)) and isinstance(call.callee, (Name, Member))
        if told and self.origins.of(call.callee).kind in ("param", "part") and not (isinstance(call.callee, Member) and call.args and isinstance(call.args[-1], Function)):
            return last_name(call.callee)
        return ""

    def through(self, function: Function, depth: int = 0) -> str:
        """The same for the body of a function of the project."""
        if depth > DEEPEST:
            return ""
        key = id(function)
        if key not in self._known:
            self._known[key] = ""
            self._known[key] = next((found for part in function.body if (found := self.within(part, depth + 1))), "")
        return self._known[key]

    def directly(self, function: Function) -> bool:
        """Whether a function itself emits or publishes, in its own body."""
        return any(use.idiom.does in ("emit", "publish") for call in function.inside(Call) for use in self.idioms.at(call))

    def of(self, nodes: list[Node]) -> str:
        """What the calls, or the named lists of calls, among some expressions deliver."""
        for node in nodes:
            inner = node.value if isinstance(node, Spread) else node
            held = self.origins.of(inner).node if isinstance(inner, (Name, Member)) else inner
            found = self.through(held) if isinstance(held, Function) else ""
            if found:
                return last_name(inner)
            found = self.within(held, 1) if isinstance(held, (Call, Sequence)) else self.within(inner, 1)
            found = found or next((said for put in put_into(inner) if (said := self.within(put, 1))), "")
            if found:
                return found
        return ""


def put_into(name: Node) -> list[Node]:
    """What a function puts into a list or set of its own: `tasks = [run(x) for x in xs]`, `tasks.append(run(x))`."""
    function = function_of(name) if isinstance(name, Name) else None
    if function is None or not isinstance(name, Name):
        return []
    found = [assign.value for assign in function.inside(Assign) if assign.value is not None and any(isinstance(t, Name) and t.id == name.id for t in assign.targets)]
    for call in function.inside(Call):
        if isinstance(call.callee, Member) and call.callee.name in ("append", "add", "push") and isinstance(call.callee.object, Name) and call.callee.object.id == name.id:
            found += call.args
    return found


def of_component(call: Call) -> bool:
    """Whether it emits an event of a component of Vue: failures of the parent's handler are caught there (runtime-core, callWithAsyncErrorHandling)."""
    return dotted(call.callee) in ("emit", "$emit", "this.$emit") and module_of(call).path.endswith(".vue")


def leads_on(name: str) -> bool:
    """Whether a call of this dotted name runs an agent or a model, or sends an event."""
    if _CREATES.search(name):
        return True
    words = [word.lower() for word in _WORDS.findall(name.rsplit(".", 1)[-1])]
    return bool(words) and words[0] in _RUNS and all(word in _OBJECTS for word in words[1:])
