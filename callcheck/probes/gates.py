"""Must a provider's request pass a check for users before it reaches the route that receives it?

    app.use(requireAuth);                                  REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": [...IsAuthenticated]}
    app.post("/webhooks/pay", receive);                    class Hook(APIView): ...        # no permission_classes of its own
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.hook_paths import named
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Sequence,
    dotted,
    last_name,
)

_SIGNED = pattern(
    r"^(?:http_)?(?:x-)?(?:[\w-]+[-_])?(?:signature(?:[-_](?:256|ed25519|timestamp))?|hmac[-_]sha256|webhook[-_](?:id|signature|token)|bot-api-secret-token|gitlab-token)$|^svix-id$",
    re.IGNORECASE,
)
"""Headers by which providers show who they are."""
_MARKS = ("ignature", "IGNATURE", "hmac", "Hmac", "HMAC", "ebhook", "EBHOOK", "ecret-", "ECRET-", "itlab-", "ITLAB-", "vix-", "VIX-", "/hook", "/callback", "/ipn", "hooks/", "allbacks/", "/events", "csrf", "/interactions")
_VIEWS = ("APIView", "GenericAPIView", "ViewSet", "GenericViewSet", "ModelViewSet", "CreateAPIView")


class Gates:
    """Express and its like, Flask, FastAPI and Django REST framework; a check that names any path is taken to let the webhook pass."""

    name = "gates"
    looks_at = Sight.SOURCE
    marks = _MARKS
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        routes = list(self._routes(code))
        for use, path, sign in routes:
            gate = self._before(code, use, path) or self._depended_on(code, use, path) or self._inline(code, use, path)
            if gate is not None and (not _forms_only(code, gate) or _takes_form(code, use, path)):
                yield self._stated(path, use.framework.name, use.module, gate, sign, _guard(code, gate))
        yield from self._permitted(code)

    def _stated(self, route: str, framework: str, module: Module, gate: Node, sign: Node, guard: str = "session") -> Evidence:
        fact = WebhookGuarded(clean(route, 120), guard, framework, module.language)
        because = seen(fact, sign, self.name, label=f"{clean(route, 60)} knows its sender by this")
        return seen(fact, gate, self.name, (because,))

    def _routes(self, code: Code) -> Iterator[tuple[Use, str, Node]]:
        """Each route whose handler reads a provider's signature: its registration, path, and where it does."""
        for use in code.idioms.of("serve"):
            if use.idiom.role != "request" or last_name(use.call.callee) in ("use", "before_request", "after_request", "get"):
                continue
            path = next(iter(code.idioms.events(use)), "")
            signs = (sign for handler in code.idioms.handlers(use) if isinstance(handler, Function) and (sign := _sign(code, handler)) is not None)
            sign = next(signs, use.call.args[0] if named(path) and use.call.args else None)
            if sign is not None:
                yield use, path or "the webhook", sign

    def _before(self, code: Code, route: Use, path: str) -> Node | None:
        """A check that is mounted on the same application before the route, or before the router of the route."""
        app = code.lifetimes.identity(route.receiver)
        names = _endpoints(code, route)
        for use in code.idioms.of("serve"):
            name = last_name(use.call.callee)
            if name not in ("use", "before_request", "addHook", "onRequest", "middleware") or not app:
                continue
            mounted = next((n for n in self._mounts(code, use, app) if n.at > use.call.at), None) if name == "use" else None
            same = code.lifetimes.identity(use.receiver) == app and (name != "use" or use.module is route.module and use.call.at < route.call.at)
            same = same or name == "before_request" and any(True for _ in self._mounts(code, use, app, "register_blueprint"))
            if not same and mounted is None:
                continue
            prefix = code.idioms.text(use.call.args[0]) if use.call.args and name == "use" else ""
            under = code.idioms.text(mounted.args[0]) if isinstance(mounted, Call) and len(mounted.args) > 1 else ""
            whole = prefix.rstrip("*") in ("", "/") or (under + path).startswith(prefix)
            if whole and any(_checks(code, each, under + path, names) for each in [*use.call.args, *code.idioms.handlers(use)]):
                return use.call
        return None

    def _mounts(self, code: Code, use: Use, router: str, by: str = "use") -> Iterator[Node]:
        """Where a router, or a blueprint, is mounted on the application that a check is mounted on."""
        app = code.lifetimes.identity(use.receiver)
        for call in use.module.calls("use") if by == "use" else code.project.calls(by):
            if isinstance(call.callee, Member) and code.lifetimes.identity(code.origins.of(call.callee.object)) == app != router:
                if any(code.lifetimes.identity(code.origins.of(_router(arg))) == router for arg in call.args if isinstance(arg, (Name, Member, Call))):
                    yield call

    def _depended_on(self, code: Code, route: Use, path: str) -> Node | None:
        """`FastAPI(dependencies=[Depends(current_user)])`, of the application or router that the route belongs to."""
        made = route.receiver.node
        mounts = [call for call in code.project.calls("include_router") if any(code.origins.of(arg).site is made for arg in call.args)]
        apps = [code.origins.of(call.callee.object).node for call in mounts if isinstance(call.callee, Member)]
        for call in (each for each in (made, *mounts, *apps) if isinstance(each, Call)) if isinstance(made, Call) else ():
            listed = call.keyword("dependencies")
            for item in listed.items if isinstance(listed, Sequence) else ():
                if isinstance(item, Call) and last_name(item.callee) in ("Depends", "Security") and item.args and _checks(code, item.args[0], path):
                    return item
        return None

    def _inline(self, code: Code, route: Use, path: str) -> Node | None:
        """`app.post("/webhooks/pay", requireAuth, receive)`."""
        between = route.call.args[1:-1] if route.module.language != "python" else []
        return next((arg for arg in between if _checks(code, arg, path)), None)

    def _permitted(self, code: Code) -> Iterator[Evidence]:
        """Views of Django REST framework that leave the default permission in force."""
        default = next(iter(self._default(code)), None)
        if default is None:
            return
        for cls in (cls for module in code.project.naming(*_VIEWS) for cls in module.all(ClassDef)):
            named = {target.id for a in cls.body if isinstance(a, Assign) for target in a.targets if isinstance(target, Name)}
            named |= {node.name for node in cls.body if isinstance(node, Function)}
            if not any(base.startswith("rest_framework.") for base in code.origins.bases(cls)) or {"permission_classes", "get_permissions"} & named:
                continue
            sign = next((found for node in cls.body if isinstance(node, Function) and (found := _sign(code, node)) is not None), None)
            if sign is not None:
                yield self._stated(cls.name, "django", module_of(cls), default, sign)

    def _default(self, code: Code) -> Iterator[Node]:
        for assign in (each for module in code.project.naming("REST_FRAMEWORK") for each in module.all(Assign)):
            if any(dotted(target) == "REST_FRAMEWORK" for target in assign.targets) and isinstance(assign.value, Object):
                for literal in (assign.value.get("DEFAULT_PERMISSION_CLASSES") or assign.value).inside(Literal):
                    if str(literal.value).endswith((".IsAuthenticated", ".IsAdminUser")):
                        yield literal


def _sign(code: Code, handler: Function) -> Node | None:
    """Where a handler, or what it calls, reads the header that a provider signs with."""
    for function in (handler, *code.flow.called(handler)):
        nodes: list[Literal | Member] = [*function.inside(Literal), *function.inside(Member)]
        for node in nodes:
            word = node.name if isinstance(node, Member) else node.value
            if isinstance(word, str) and _SIGNED.search(word) and (not isinstance(node, Member) or "header" in dotted(node.object).lower()):
                return node
    return None


def _router(node: Node) -> Node:
    """What is mounted: the router of `router.routes()`."""
    return node.callee.object if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in ("routes", "middleware") else node


def _checks(code: Code, node: Node, path: str, names: frozenset[str] = frozenset()) -> bool:
    from callcheck.sources.code.turned_away import checks

    return checks(code, node, path, names)


def _guard(code: Code, gate: Node) -> str:
    """What a check asks for: csrf (a token of the app's own forms) or session."""
    from callcheck.sources.code.turned_away import DECORATORS

    uses = (use for call in gate.inside(Call) for use in code.idioms.at(call) if use.idiom.does == "gate")
    put_on = (DECORATORS[node.name] for node in gate.inside(Member) if node.name in DECORATORS)
    return next((use.idiom.reason for use in uses), None) or next(put_on, "session")


def _forms_only(code: Code, gate: Node) -> bool:
    return any("forms-only" in use.idiom.traits for call in gate.inside(Call) for use in code.idioms.at(call))


def _takes_form(code: Code, route: Use, path: str) -> bool:
    """Whether the sender posts a form: its handler reads one, or it is Twilio."""
    handlers = (handler for handler in code.idioms.handlers(route) if isinstance(handler, Function))
    return "twilio" in path.lower() or any(last_name(call.callee) in ("parseBody", "formData") for each in handlers for call in each.inside(Call))


def _endpoints(code: Code, route: Use) -> frozenset[str]:
    """The names by which Flask knows a route: its function, below the name of its blueprint, and the blueprint itself."""
    made = route.receiver.node
    blueprint = code.idioms.text(made.args[0]) if isinstance(made, Call) and last_name(made.callee) == "Blueprint" and made.args else ""
    functions = [each.name for each in code.idioms.handlers(route) if isinstance(each, Function)]
    return frozenset((*(f"{blueprint}.{name}" for name in functions), blueprint, *functions))


PROBE = Gates()
