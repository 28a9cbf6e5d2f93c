"""Does a webhook tell its sender that all is well when its work has failed, and tell nobody else?

    try { await credit(event.data.object); } catch { return res.json({ received: true }); }     // Stripe never sends it again
    except Exception: return "", 200                                                            # in a view of Flask

A sender sends again what is not answered with 2xx (docs.stripe.com/webhooks; docs.github.com, handling failed deliveries), so that such an answer is the end of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ErrorDropped
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.hook_views import VERIFIES, listed_view, signed_views
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.quiet import LEVELS
from callcheck.sources.code.routes import path_of_method, route_of_file
from callcheck.sources.code.scopes import function_of, is_statement, module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Catch,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Raise,
    Return,
    Try,
    last_name,
)

_CHECKS = frozenset({*VERIFIES, "constructEvent", "constructEventAsync", "verify", "verifyWebhook", "verifySignature", "validateEvent", "validateRequest", "timingSafeEqual", "validate"})
"""Calls by which a handler looks whether its sender is the one it says."""
_READS = frozenset("json text body form arrayBuffer formData raw rawBody read get_json get_data parse loads headers get buffer".split())
"""Calls that take what was sent off the request."""
_ANSWERS = frozenset("json send end sendStatus status code text html body type header set Response HttpResponse JsonResponse JSONResponse PlainTextResponse jsonify make_response json_response stringify".split())
_STATED = frozenset({"status", "code", "sendStatus"})
_REFUSES = pattern(r"(?i)_[345]\d\d|error|bad_|unavailable|not_")
"""Names of statuses that are none of success: `HTTPStatus.INTERNAL_SERVER_ERROR`, `status.HTTP_503_SERVICE_UNAVAILABLE`."""


class AnsweredFailures:
    """Handlers of webhooks, by their path or the signature that they check, whose whole work stands in one `try`."""

    name = "answered-failures"
    looks_at = Sight.SOURCE
    about = ("serve", "lists-route")
    signs = (Sign(words=("catch", "except"), pattern=r"\bcatch\b|\bexcept\b", served=True),)
    answers = frozenset({ErrorDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for handler in {id(each): each for each in _hooks(code)}.values():
            for tried in (node for node in within(handler) if isinstance(node, Try)):
                around = _only_work(code, handler, tried)
                for catch in tried.catches if around else ():
                    if catch.broad and _silent(catch) and _is_well(handler, tried, catch):
                        fact = ErrorDropped(clean(handler.name, 80), "answered", clean(around, 60), module_of(handler).language)
                        yield seen(fact, catch, self.name)


def _hooks(code: Code) -> Iterator[Function]:
    """The handlers of requests that a provider sends."""
    for use in code.idioms.of("serve"):
        if use.idiom.role == "request" and not is_test(use.module.path):
            paths = [path_of_method(code, use) or ""] if use.framework.name == "nestjs" else code.idioms.events(use)
            named = any(hooked(path) for path in paths)
            yield from (each for each in code.idioms.handlers(use) if isinstance(each, Function) and (named or _checks(each)))
    for use in code.idioms.of("lists-route"):
        if len(use.call.args) > 1 and hooked("/" + code.idioms.text(use.call.args[0])) and isinstance(view := listed_view(code, use.call.args[1]), Function):
            yield view
    for module in code.project.naming("POST"):
        named = hooked(route_of_file(module.path) or "")
        yield from (each for each in module.all(Function) if each.name == "POST" and (named or _checks(each)))
    yield from signed_views(code, (module for module in code.project.naming(*VERIFIES) if module.language == "python"))


def _checks(handler: Function) -> bool:
    return any(isinstance(node, Call) and last_name(node.callee) in _CHECKS - {"verify", "validate"} for node in within(handler))


def _only_work(code: Code, handler: Function, tried: Try) -> str:
    """The name of the first call that does the work of a handler inside a `try`; "" if there is none, or if work is done outside of it, or tells of its failure itself."""
    found = [call for call in within(handler) if isinstance(call, Call) and _works(code, call)]
    body = [call for call in found if any(top.at <= call.at < top.end for top in tried.body)]
    if not body or len(body) < len(found) or any(_tells(code, call) for call in body):
        return ""
    return last_name(body[0].callee)


def _works(code: Code, call: Call) -> bool:
    """Whether a call is waited for and does more than to read or check what was sent; in Python, one of the project's own that is called at once, too."""
    if last_name(call.callee) in _CHECKS | _READS | _ANSWERS:
        return False
    if isinstance(call.parent, Await):
        return True
    own = module_of(call).language == "python" and (is_statement(call) or isinstance(call.parent, Assign))
    return own and code.origins.of(call.callee).kind == "function" and not any(isinstance(node, Call) and last_name(node.callee) in _CHECKS for node in _body(code, call))


def _tells(code: Code, call: Call) -> bool:
    """Whether the function that is called writes its own failure down."""
    catches = (node for node in _body(code, call) if isinstance(node, Catch))
    return any(last_name(inner.callee) in LEVELS for catch in catches for inner in catch.inside(Call))


def _body(code: Code, call: Call) -> Iterator[Node]:
    made = code.origins.of(call.callee).node
    return within(made) if isinstance(made, Function) else iter(())


def _silent(catch: Catch) -> bool:
    """Whether a handler of errors does nothing but answer, and the answer does not tell of the error."""
    for top in catch.body:
        for node in top.walk():
            if isinstance(node, (Raise, Assign)) or (isinstance(node, Name) and catch.name and node.id == catch.name):
                return False
            if isinstance(node, Call) and last_name(node.callee) not in _ANSWERS:
                return False
    return True


def _is_well(handler: Function, tried: Try, catch: Catch) -> bool:
    """Whether what is answered after a failure is known to be a success: in the `catch`, or where that goes on to."""
    own = [node for top in catch.body for node in top.walk() if _answers(node)]
    ends = any(isinstance(node, Return) for top in catch.body for node in top.walk())
    later = [] if ends else [node for node in within(handler) if node.at >= tried.end and _answers(node) and function_of(node) is handler]
    return bool(own or later) and all(_success(node) for node in (*own, *later))


def _answers(node: Node) -> bool:
    """Whether a node answers: a call on the response that stands by itself, or what is given back."""
    if isinstance(node, Return):
        return node.value is not None
    return isinstance(node, Call) and is_statement(node) and isinstance(node.callee, Member) and node.callee.name in _ANSWERS


def _success(answer: Node) -> bool:
    for node in answer.walk():
        if isinstance(node, Literal) and isinstance(node.value, int) and 300 <= node.value < 600:
            return False
        if isinstance(node, Member) and _REFUSES.search(node.name):
            return False
        if isinstance(node, Call) and last_name(node.callee) in _STATED and not all(isinstance(arg, Literal) for arg in node.args[:1]):
            return False
    return True


PROBE = AnsweredFailures()
