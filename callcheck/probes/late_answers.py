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
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import path_of_method, route_of_file
from callcheck.sources.code.scopes import module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, If, Literal, Member, Name, Node, Return, last_name

_HASTY = pattern(r"^x-(?:github-event|hub-signature(?:-256)?|slack-signature|slack-request-timestamp|shopify-(?:topic|hmac-sha256)|signature-ed25519)$|^url_verification$|^InteractionResponseType$", re.IGNORECASE)
"""What a handler reads of a sender that waits ten seconds at most."""
_PATHS = pattern(r"(?:^|[/-])(?:github|slack|shopify|discord)(?:$|[/-])", re.IGNORECASE)
_ANSWERS = frozenset({"send", "json", "end", "sendStatus", "text", "html", "code"})
_DEEPEST = 3


class LateAnswers:
    """JavaScript routes of senders that are known not to wait, followed to the first slow call that they await."""

    name = "late-answers"
    looks_at = Sight.SOURCE
    about = ("wait",)
    answers = frozenset({AckLate})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        slow = {id(use.call) for use in code.idioms.of("wait", "block") if "slow" in use.idiom.traits}
        for use in code.idioms.of("serve") if slow else ():
            if use.idiom.role != "request" or use.module.language == "python" or last_name(use.call.callee) not in ("post", "all", "route", "Post", "on"):
                continue
            path = path_of_method(code, use) or "" if use.framework.name == "nestjs" else next(iter(code.idioms.events(use)), "")
            for handler in (each for each in code.idioms.handlers(use) if isinstance(each, Function) and not is_test(use.module.path)):
                if _PATHS.search(path) or _hasty(handler):
                    yield from self._judge(code, handler, slow, use.framework.name)
        for module in code.project.naming("POST") if slow else ():
            named = _PATHS.search(route_of_file(module.path) or "")
            for handler in (each for each in module.all(Function) if each.name == "POST" and (named or _hasty(each))):
                yield from self._judge(code, handler, slow, "nextjs")

    def _judge(self, code: Code, handler: Function, slow: set[int], framework: str) -> Iterator[Evidence]:
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


def _hasty(handler: Function) -> bool:
    """Whether a handler looks at what only such a sender sends."""
    words = [n.value for n in handler.inside(Literal)] + [n.name for n in handler.inside(Member)] + [n.id for n in handler.inside(Name)]
    return any(isinstance(word, str) and _HASTY.search(word) for word in words)


def _is_slow(code: Code, call: Call, slow: set[int], depth: int) -> bool:
    """Whether a call is slow, or leads to a slow one that is awaited on the way."""
    if id(call) in slow:
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
