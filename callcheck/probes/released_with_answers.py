"""Is a listener that a request attaches taken off with its own answer, which comes at once, while the event goes out from another request?

    app.post("/mcp", async (req, res) => {                    // stateless: server and stream end with this answer
      catalog.on("added", onAdded);
      res.on("close", () => catalog.off("added", onAdded));
      await transport.handleRequest(req, res, req.body);
    });
    app.post("/machines", (req, res) => { catalog.emit("added", req.body); res.sendStatus(201); });
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.anchors import straight
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, Member, Name, Node
from callcheck.sources.code.wording import lines_of

_ENDS = frozenset({"close", "finish", "end"})
_ANSWERS = frozenset({"json", "send", "end", "sendStatus", "redirect", "render"})
_STREAMS = pattern(r"event-stream|flushHeaders|\.write(?:Head)?\(|\.hijack\(|keep-alive|upgrade")


class ReleasedWithAnswers:
    """Looks at listeners on lasting emitters that a handler's `res.on("close", …)` removes, where the handler answers at once and streams nothing."""

    name = "released-with-answers"
    looks_at = Sight.SOURCE
    about = ("remove",)
    answers = frozenset({ListenerPerCall})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        removals = [each for each in code.idioms.of("remove") if each.module.language != "python"]
        if not removals:
            return
        stateless = {id(each.function): each for each in code.idioms.of("note") if "one-answer" in each.idiom.traits and each.function is not None}
        emissions = list(code.idioms.of("emit"))
        for use in code.idioms.of("register"):
            function, identity = use.function, code.lifetimes.identity(use.receiver)
            if function is None or not identity or code.lifetimes.role(function) != "request" or code.lifetimes.lifetime(use.receiver) is not Lifetime.PROCESS:
                continue
            events = set(code.idioms.events(use))
            removal = next((r for r in removals if code.lifetimes.identity(r.receiver) == identity and events & set(code.idioms.events(r)) and _at_its_end(r.function, function)), None)
            made = stateless.get(id(function))
            end = made.call if made is not None else _answered_at_once(function, use)
            if removal is None or end is None or not events:
                continue
            sent = _from_others(code, function, identity, events, emissions)
            if sent is not None:
                fact = ListenerPerCall(clean(min(events), 80), "request", use.framework.name, use.module.language)
                because = (
                    seen(fact, removal.call, self.name, label="taken off with the answer"),
                    seen(fact, end, self.name, label="without a session: it ends with this one answer" if made is not None else "answered here, at once"),
                    seen(fact, sent.call, self.name, label="goes out from another request"),
                )
                yield seen(fact, use.call, self.name, because)


def _at_its_end(removes: Function | None, handler: Function) -> bool:
    """Whether a function is what a handler gives to its own response, or request, to be called when this ends."""
    call = removes.parent if removes is not None else None
    if not isinstance(call, Call) or function_of(call) is not handler or not isinstance(call.callee, Member) or call.callee.name not in ("on", "once"):
        return False
    return _root(call.callee.object) in {param.name for param in handler.params} and bool(call.args) and getattr(call.args[0], "value", None) in _ENDS


def _answered_at_once(handler: Function, use: Use) -> Call | None:
    """Where a handler ends its answer, with nothing waited for since a listener was attached; None where it may stream."""
    if _STREAMS.search(lines_of(handler)):
        return None
    params = {param.name for param in handler.params}
    for node in within(handler):
        if node.at > use.call.at and isinstance(node, Await):
            return None
        if node.at > use.call.at and isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in _ANSWERS and _root(node.callee.object) in params and straight(node):
            return node
    return None


def _from_others(code: Code, handler: Function, identity: str, events: set[str], emissions: list[Use]) -> Use | None:
    """One of the emissions that a listener may hear, if all of them come from other requests."""
    heard = [each for each in emissions if code.lifetimes.identity(each.receiver) == identity and events & set(code.idioms.events(each))]
    apart = [each for each in heard if (there := code.entries.of(each.function)) and handler not in there]
    return apart[0] if apart and len(apart) == len(heard) else None


def _root(node: Node) -> str:
    """`res` of `res.raw` and of `res.status(202)`."""
    while isinstance(node, (Member, Call)):
        node = node.object if isinstance(node, Member) else node.callee
    return node.id if isinstance(node, Name) else ""


PROBE = ReleasedWithAnswers()
