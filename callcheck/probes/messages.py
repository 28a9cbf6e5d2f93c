"""Does whoever takes a message off a broker, queue or socket read fields that whoever sends it puts in?

    queue.add("welcome", { recipient: user.email });                  // one service
    new Worker("mail", async (job) => send(job.data.to));             // another: `to` is in no message of this queue
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.noun import replace
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.cases import handling
from callcheck.sources.code.contents import fields_of
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Member, last_name
from callcheck.sources.code.unsent import Sent


class Messages:
    """Compares object literals that are sent under one written name with what the only handlers of that name read, unless they ask first.

    What is sent under the name on an object that nobody knows may be one of the messages, too.
    """

    name = "messages"
    looks_at = Sight.SOURCE
    about = ("message-out",)
    answers = frozenset({PayloadMisread})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        sent: dict[tuple[str, str], list[tuple[Use, set[str] | None]]] = {}
        for use in code.idioms.of("message-out"):
            if not is_test(use.module.path):
                for name in _names(code, use):
                    sent.setdefault((use.idiom.medium, name), []).append((use, fields_of(code, use)))
        closed = {medium for medium, name in sent if not name or "*" in name}
        for use in code.idioms.of("message-in"):
            names = list(_names(code, use))
            known = sent.get((use.idiom.medium, names[0])) if len(names) == 1 and use.idiom.medium not in closed else None
            if known and all(fields is not None for _, fields in known) and not is_test(use.module.path):
                yield from self._compare(code, use, names[0], known)

    def _compare(self, code: Code, use: Use, name: str, known: list[tuple[Use, set[str] | None]]) -> Iterator[Evidence]:
        found = list(self._misread(code, use, name, known))
        others = list(_of_strangers(code, name, [each for each, _ in known])) if found else []
        if others and all(fields is not None for _, fields in others):
            found = list(self._misread(code, use, name, [*known, *others]))
        elif others:
            found = []
        yield from found

    def _misread(self, code: Code, use: Use, name: str, known: list[tuple[Use, set[str] | None]]) -> Iterator[Evidence]:
        sent = Sent(name, set().union(*(fields for _, fields in known if fields)), [each.call for each, _ in known])
        told: set[str] = set()
        for handler in handling(code.idioms, use):
            yield from sent.misread(code.origins, handler, use.idiom.payload, told, (self.name, use.framework.name, use.module.language))


def _of_strangers(code: Code, name: str, known: list[Use]) -> Iterator[tuple[Use, set[str] | None]]:
    """What is sent under a name by the same methods on objects of no known kind, such as a parameter without a type: `socket.emit("told", message)`."""
    ways = {method: use for use in known for method in use.idiom.methods}
    for call in code.project.calls(*ways) if ways else ():
        module = module_of(call)
        receiver = code.origins.of(call.callee.object) if isinstance(call.callee, Member) else None
        if receiver is None or receiver.kind not in ("unknown", "param") or code.idioms.at(call) or is_test(module.path):
            continue
        use = replace(ways[last_name(call.callee)], call=call, module=module, receiver=receiver)
        if module.language in use.framework.languages and name in _names(code, use):
            yield use, fields_of(code, use)


def _names(code: Code, use: Use) -> Iterator[str]:
    """The names of a message's channel: in the call, of the object that it is called on, or those that this object subscribes to."""
    if use.idiom.event == "receiver":
        made = use.receiver.node
        yield code.idioms.known_text(made.args[0]) if isinstance(made, Call) and made.args else ""
        return
    if use.idiom.event == "subscribed":
        identity = code.lifetimes.identity(use.receiver)
        found = [u for u in code.idioms.of("channel-in") if identity and u.framework is use.framework and identity in _subscribing(code, u)]
        yield from (code.idioms.known_text(node) for each in found for node in code.idioms.placed(each.call, each.idiom.event))
        return
    yield from (code.idioms.known_text(node) for node in code.idioms.placed(use.call, use.idiom.event))


def _subscribing(code: Code, use: Use) -> Iterator[str]:
    """The object that a subscription is of; a callback is handed the very object that it is one of: `def on_connect(client, …): client.subscribe(…)`."""
    yield code.lifetimes.identity(use.receiver)
    handled = use.receiver.node.parent if use.receiver.kind == "param" and use.receiver.node is not None else None
    if isinstance(handled, Function):
        yield from (code.lifetimes.identity(each.receiver) for each in code.idioms.handled_by(handled) if each.framework is use.framework)


PROBE = Messages()
