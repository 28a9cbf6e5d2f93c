"""Does a guard for signed-in users stand before a controller of NestJS that a provider calls?

    providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }]     app.useGlobalGuards(new JwtAuthGuard())     @UseGuards(AuthGuard("jwt"))
    @Post("stripe") receive() {}                                    // without the decorator by which the guard lets others pass
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
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Literal, Name, Node, Object, last_name

_SIGNED = pattern(r"(?:signature|hmac)|^x-(?:github-event|gitlab-token)$|^svix-id$", re.IGNORECASE)
_USERS = pattern(r"jwt|auth|session|logged|user|bearer|role|token", re.IGNORECASE)
_SENDERS = pattern(r"signature|hmac|webhook|hook|stripe|github|slack|hmac", re.IGNORECASE)
"""Guards that check the sender, not a user."""
_SPARED = pattern(r"public|skip|no_?auth|anonymous|unauth|without|allow|open|guest|webhook", re.IGNORECASE)
_BY_PATH = pattern(r"webhook|/hooks?\b|originalUrl|\.url\b|\.path\b", re.IGNORECASE)


class NestGuards:
    """Guards given to a class or method, to all modules, or to the application; one that looks at paths is taken to let the webhook pass."""

    name = "nest-guards"
    looks_at = Sight.SOURCE
    marks = ("APP_GUARD", "useGlobalGuards", "UseGuards", "NestFactory")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        overall = next((node for node in _global(code) if _asks_for_users(code, node)), None)
        before = next(_middleware(code), None)
        for module in code.project.naming("Controller"):
            for cls in module.all(ClassDef) if module.language != "python" and not is_test(module.path) else ():
                prefix = next((_path(code, d) for d in cls.decorators if _name(d) == "Controller"), None)
                for method in cls.body if prefix is not None else ():
                    post = next((d for d in method.decorators if _name(d) in ("Post", "All")), None) if isinstance(method, Function) else None
                    if post is None or not isinstance(method, Function):
                        continue
                    route = f"/{prefix}/{_path(code, post)}".replace("//", "/").rstrip("/")
                    gate = _own(code, cls, method) or (overall if not _spares(cls) and not _spares(method) else None)
                    if gate is None and before is None or not named(route) and not _signed(method):
                        continue
                    for node, guard in [(gate, "session")] if gate is not None else [before] if before else []:
                        fact = WebhookGuarded(clean(route, 120), guard, "nestjs", module.language)
                        yield seen(fact, node, self.name, (seen(fact, post, self.name, label=f"a provider posts to {clean(route, 60)}"),))


def _global(code: Code) -> Iterator[Node]:
    """What guards everything: the class that stands for APP_GUARD, or what the application is given."""
    for module in code.project.naming("APP_GUARD"):
        for node in module.all(Object):
            if last_name(node.get("provide")) == "APP_GUARD" and (held := node.get("useClass") or node.get("useExisting")) is not None:
                yield held
    for call in code.project.calls("useGlobalGuards"):
        yield from call.args


def _middleware(code: Code) -> Iterator[tuple[Node, str]]:
    """`app.use(csurf())` where the application is made: what stands before every controller, and what it asks for."""
    for module in code.project.naming("NestFactory"):
        for call in module.calls("use"):
            for use in (use for arg in call.args[:1] if isinstance(arg, Call) for use in code.idioms.at(arg) if use.idiom.does == "gate"):
                yield call, use.idiom.reason


def _own(code: Code, cls: ClassDef, method: Function) -> Node | None:
    """A guard for users on the method or its class."""
    for decorator in (*method.decorators, *cls.decorators):
        if isinstance(decorator, Call) and _name(decorator) == "UseGuards" and not _spares(method):
            return next((arg for arg in decorator.args if _asks_for_users(code, arg)), None)
    return None


def _asks_for_users(code: Code, node: Node) -> bool:
    name = last_name(node.callee) if isinstance(node, Call) else last_name(node)
    if not _USERS.search(name) or _SENDERS.search(name):
        return False
    origin = code.origins.of(node)
    if origin.cls is None:
        return True
    text = "\n".join(module_of(origin.cls).lines[origin.cls.line - 1 : origin.cls.end_line])
    return _BY_PATH.search(text) is None


def _spares(node: ClassDef | Function) -> bool:
    return any(_SPARED.search(_name(d)) for d in node.decorators)


def _signed(method: Function) -> bool:
    """Whether a method is given a provider's signature: `@Headers("stripe-signature")`."""
    words = [n.value for n in method.inside(Literal)] + [arg.value for p in method.params for d in p.decorators if isinstance(d, Call) for arg in d.args if isinstance(arg, Literal)]
    return any(isinstance(word, str) and _SIGNED.search(word) for word in words)


def _name(decorator: Node) -> str:
    return last_name(decorator.callee) if isinstance(decorator, Call) else decorator.id if isinstance(decorator, Name) else ""


def _path(code: Code, decorator: Node) -> str:
    first = decorator.args[0] if isinstance(decorator, Call) and decorator.args else None
    if isinstance(first, Object):
        first = first.get("path")
    return code.idioms.text(first).strip("/") if first is not None else ""


PROBE = NestGuards()
