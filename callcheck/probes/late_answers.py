"""Is a webhook answered only after work that takes longer than its sender waits?

    app.post("/github", async (req, res) => {
      const review = await model.invoke(diff);       // GitHub waits 10 seconds, Slack and Discord 3, Shopify 5
      res.sendStatus(200);
    });
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import AckLate
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.long_waits import long_wait_s
from callcheck.sources.code.routes import path_of_method, route_of_file
from callcheck.sources.code.scopes import module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, If, Literal, Member, Name, Node, Return, last_name

_HASTY = pattern(r"^x-(?:github-event|hub-signature(?:-256)?|slack-signature|slack-request-timestamp|shopify-(?:topic|hmac-sha256)|signature-ed25519)$|^url_verification$|^InteractionResponseType$", re.IGNORECASE)
"""What a handler reads of a sender that waits ten seconds at most."""
_PATHS = pattern(r"(?:^|[/-])(?:github|slack|shopify|discord)(?:$|[/-])", re.IGNORECASE)
_PATIENT = pattern(r"(?:^|[/-])github(?:$|[/-])|^x-(?:github-event|hub-signature(?:-256)?)$", re.IGNORECASE)
"""Of those, who waits for ten seconds; the others wait for three, and Shopify for five."""
_FIFTEEN = pattern(r"(?:^|[/-])twilio(?:$|[/-])|^x-twilio-signature$|^(?:Voice|Messaging)Response$|^(?:svix|webhook)-(?:id|signature)$|^stripe-signature$|^constructEvent(?:Async)?$", re.IGNORECASE)
"""Twilio, Stripe and the senders of Standard Webhooks, who wait for about fifteen, and so for a model, but not for what is told to take longer."""
_WAITS_S, _PATIENT_S, _FIFTEEN_S = 5.0, 10.0, 15.0
_ACK_S = 3.0
_ANSWERS = frozenset({"send", "json", "end", "sendStatus", "text", "html", "code"})
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class _Slow:
    """Which calls are known for slow, and how long one may take by what is written in it."""

    calls: frozenset[int]
    limit_s: float


class LateAnswers:
    """JavaScript routes of senders that are known not to wait, and listeners of Bolt, followed to the first slow call that they await."""

    name = "late-answers"
    looks_at = Sight.SOURCE
    about = ("wait", "must-call-ack")
    marks = ("imeout", "AndPoll")
    answers = frozenset({AckLate})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        slow = {id(use.call) for use in code.idioms.of("wait", "block") if "slow" in use.idiom.traits}
        for use in code.idioms.of("serve"):
            if use.idiom.role != "request" or use.module.language == "python" or last_name(use.call.callee) not in ("post", "all", "route", "Post", "on"):
                continue
            path = path_of_method(code, use) or "" if use.framework.name == "nestjs" else next(iter(code.idioms.events(use)), "")
            for handler in (each for each in code.idioms.handlers(use) if isinstance(each, Function) and not is_test(use.module.path)):
                yield from self._of_sender(code, handler, slow, path, use.framework.name)
        for module in code.project.naming("POST"):
            path = route_of_file(module.path) or ""
            for handler in (each for each in module.all(Function) if each.name == "POST"):
                yield from self._of_sender(code, handler, slow, path, "nextjs")
        for use in code.idioms.uses:
            if "must-call-ack" in use.idiom.traits and use.module.language != "python":
                for handler in (each for each in code.idioms.handlers(use) if isinstance(each, Function)):
                    yield from self._acknowledged(code, handler, use.framework.name)

    def _of_sender(self, code: Code, handler: Function, slow: set[int], path: str, framework: str) -> Iterator[Evidence]:
        """A route of a sender that does not wait for long."""
        said = [path, *_words(handler)]
        if any(_FIFTEEN.search(word) for word in said):
            yield from self._judge(code, handler, _Slow(frozenset(), _FIFTEEN_S), framework)
        elif _PATHS.search(path) or any(_HASTY.search(word) for word in said[1:]):
            limit = _PATIENT_S if any(_PATIENT.search(word) for word in said) else _WAITS_S
            yield from self._judge(code, handler, _Slow(frozenset(slow), limit), framework)

    def _acknowledged(self, code: Code, handler: Function, framework: str) -> Iterator[Evidence]:
        """A listener of Bolt that acknowledges only after what is told to take longer than Slack waits."""
        nodes = list(within(handler))
        acks = [n for n in nodes if isinstance(n, Call) and last_name(n.callee) == "ack"]
        limit = _Slow(frozenset(), _ACK_S)
        work = next((n.value for n in nodes if isinstance(n, Await) and isinstance(n.value, Call) and _is_slow(code, n.value, limit, 0)), None)
        if isinstance(work, Call) and acks and min(each.at for each in acks) > work.at:
            fact = AckLate(clean(last_name(work.callee), 60), framework, module_of(handler).language)
            yield seen(fact, work, self.name, (seen(fact, acks[0], self.name, label="the sender is answered only here"),))

    def _judge(self, code: Code, handler: Function, slow: _Slow, framework: str) -> Iterator[Evidence]:
        nodes = list(within(handler))
        work = next((n.value for n in nodes if isinstance(n, Await) and isinstance(n.value, Call) and _is_slow(code, n.value, slow, 0)), None)
        if not isinstance(work, Call):
            return
        answers = [n for n in nodes if isinstance(n, Call) and _answer(n, handler)]
        if any(each.at < work.at and _on_the_way(each, work, handler) for each in answers):
            return
        last = next((each for each in reversed(answers) if each.at > work.at), None) or next((n for n in nodes if isinstance(n, Return) and n.at > work.at), None)
        if last is None and not handler.decorators:
            return
        fact = AckLate(clean(last_name(work.callee), 60), framework, module_of(handler).language)
        yield seen(fact, work, self.name, (seen(fact, last, self.name, label="the sender is answered only here"),) if last is not None else ())


def _words(handler: Function) -> list[str]:
    """The texts and names in a handler, of which some show who calls it."""
    words = [n.value for n in handler.inside(Literal)] + [n.name for n in handler.inside(Member)] + [n.id for n in handler.inside(Name)]
    return [word for word in words if isinstance(word, str)]


def _is_slow(code: Code, call: Call, slow: _Slow, depth: int) -> bool:
    """Whether a call is slow, or leads to a slow one that is awaited on the way."""
    if id(call) in slow.calls or long_wait_s(code.origins, call) >= slow.limit_s:
        return True
    made = code.origins.of(call.callee)
    if made.kind != "function" or not isinstance(made.node, Function) or depth > _DEEPEST:
        return False
    inner = [n.value for n in within(made.node) if isinstance(n, (Await, Return)) and isinstance(n.value, Call)]
    return any(_is_slow(code, each, slow, depth + 1) for each in inner if isinstance(each, Call))


def _answer(call: Call, handler: Function) -> bool:
    """`res.status(202).end()`, `reply.send({})`: a call on the second parameter."""
    if not isinstance(call.callee, Member) or call.callee.name not in _ANSWERS or len(handler.params) < 2:
        return False
    root: Node = call.callee
    while isinstance(root, (Member, Call)):
        root = root.object if isinstance(root, Member) else root.callee
    return isinstance(root, Name) and root.id == handler.params[1].name


def _on_the_way(answer: Call, work: Call, handler: Function) -> bool:
    """Whether whoever comes to the work has answered: the answer stands in no branch that the work is not in too."""
    branches = [above for above in answer.up() if isinstance(above, If) and above.at > handler.at]
    return all(above.at <= work.at < above.end for above in branches)


PROBE = LateAnswers()
