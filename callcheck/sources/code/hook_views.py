"""Which views of Django and Flask receive what a provider sends?

    def verify(): hmac.compare_digest(mine, request.headers["X-Signature"])      # checks the signature for

    @bp.post("/payments")                                                        # the view that calls it,
    def payments(): verify(); request.get_json()                                 # in a blueprint with url_prefix="/hooks"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import decorated
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.scopes import function_of, within
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Sequence,
    dotted,
    last_name,
)

SIGNED = pattern(r"^(?:HTTP[-_])?(?:X[-_])?[\w-]*(?:SIGNATURE|HMAC)[\w-]*$", re.IGNORECASE)
"""A header by which a provider signs: `Stripe-Signature`, `HTTP_X_HUB_SIGNATURE_256`, `X-Shopify-Hmac-Sha256`."""
VERIFIES = ("construct_event", "verify_signature", "is_valid_request", "compare_digest")
_READS = frozenset({"get", "head", "options"})
_POSTS = frozenset({"route", "post", "put", "patch"})
_USERS = frozenset({"current_user", "session", "form", "g"})


def signed_views(code: Code, modules: Iterator[Module]) -> Iterator[Function]:
    """Those that verify a provider's signature, by themselves, by a function that they call, or by a decorator."""
    for function in (each for module in modules for each in module.all(Function)):
        reads, verifies = _reads_signature(function), _verifies(function)
        if reads and verifies and _takes_requests(function):
            outer = function_of(function)
            below = _decorated_by(code, outer) if outer is not None else _asking(code, function)
            yield from below or [function]
        elif (reads or verifies) and not isinstance(function.parent, ClassDef):
            for view in filter(None, map(function_of, code.origins.calls_of(function))):
                whole = (reads or _reads_signature(view)) and (verifies or _verifies(view))
                if whole and (_posted(view) or _first(view) == "request") and view.name not in _READS:
                    yield view


def _asking(code: Code, function: Function) -> list[Function]:
    """The views that ask a plain function of a module whether a request is genuine: that one is no view itself."""
    around = map(function_of, code.origins.calls_of(function)) if not function.decorators and not isinstance(function.parent, ClassDef) else ()
    return [each for each in dict.fromkeys(around) if each is not None and _takes_requests(each)]


def posted_views(code: Code) -> Iterator[Function]:
    """Flask's views below a path that is called a hook's, which take JSON and ask for no user."""
    from callcheck.sources.code.routes import routes

    for route in routes(code):
        view = decorated(route.node) if isinstance(route.node, Call) and hooked(route.path) else None
        if isinstance(view, Function) and _posted(view) and _takes_json(view) and len(view.decorators) == 1:
            yield view


def listed_view(code: Code, given: Node) -> Node | None:
    """The function that a route of Django names, or the method `post` of the class in `Hook.as_view()`."""
    if isinstance(given, Call) and last_name(given.callee) == "as_view" and isinstance(given.callee, Member):
        cls = code.origins.of(given.callee.object).node
        return next((n for n in cls.body if isinstance(n, Function) and n.name == "post"), None) if isinstance(cls, ClassDef) else None
    return code.origins.of(given).node


def blueprint_of(code: Code, view: Function) -> Node | None:
    """Where the blueprint, or the application, is made whose route a view of Flask is."""
    route = next((d for d in view.decorators if isinstance(d, Call) and isinstance(d.callee, Member) and d.callee.name in _POSTS), None)
    return code.origins.of(route.callee.object).site if route is not None and isinstance(route.callee, Member) else None


def _reads_signature(function: Function) -> bool:
    # `headers["Stripe-Signature"]` is a Member of that name.
    words = (n.name if isinstance(n, Member) else n.value for n in within(function) if isinstance(n, (Member, Literal)))
    return any(isinstance(word, str) and SIGNED.match(word) for word in words)


def _verifies(function: Function) -> bool:
    return any(isinstance(n, Call) and dotted(n.callee).rsplit(".", 1)[-1] in VERIFIES for n in within(function))


def _takes_requests(function: Function) -> bool:
    if _first(function) not in ("request", "self") and not function.decorators:
        return False
    # A method of a model has a digest of its own, and no request.
    asked = any(last_name(each) == "request" for kind in (Name, Member) for each in function.inside(kind))
    return function.name not in _READS and (_first(function) != "self" or asked or any(param.name == "request" for param in function.params))


def _first(function: Function) -> str:
    return function.params[0].name if function.params else ""


def _decorated_by(code: Code, outer: Function) -> list[Function]:
    """The functions that stand below `@outer`."""
    named = code.project.naming(outer.name)
    return [each for module in named if module.language == "python" for each in module.all(Function) if any(code.origins.of(d).node is outer for d in each.decorators)]


def _posted(view: Function) -> bool:
    """Whether a view is decorated as one that takes POST requests."""
    for each in view.decorators:
        if isinstance(each, Call) and isinstance(each.callee, Member) and each.callee.name in _POSTS:
            methods = each.keyword("methods")
            return each.callee.name != "route" or (isinstance(methods, Sequence) and any(isinstance(i, Literal) and i.value == "POST" for i in methods.items))
    return False


def _takes_json(view: Function) -> bool:
    if any(name.id in _USERS for name in view.inside(Name)) or any(member.name == "form" for member in view.inside(Member)):
        return False
    members = {member.name for member in view.inside(Member) if dotted(member.object) == "request"}
    return bool(members & {"get_json", "json", "get_data", "data"}) and not any(last_name(call.callee) == "render_template" for call in view.inside(Call))
