"""Does a check against cross-site forgery, or for users, that an application makes of every request turn a provider's webhook away?

    MIDDLEWARE = [..., "django.middleware.csrf.CsrfViewMiddleware"]          # or "...LoginRequiredMiddleware" (Django 5.1)

    class Hook(View):
        @csrf_exempt              # no effect on a method: the check runs before it
        def post(self, request): ...

A provider sends no CSRF token, so the view must be exempt: a function by its decorator, a class by its `dispatch` or in the URLs.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.decorators import decorator_name
from callcheck.sources.code.hook_paths import hooked, named
from callcheck.sources.code.hook_views import VERIFIES, blueprint_of, listed_view, posted_views, signed_views
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
    Sequence,
    dotted,
    last_name,
)

_DJANGO = "django.middleware.csrf.CsrfViewMiddleware"
_LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"
_FLASK = ("flask_wtf.CSRFProtect", "flask_wtf.csrf.CSRFProtect", "flask_seasurf.SeaSurf")
_FLASK_NAMES = frozenset(name.rsplit(".", 1)[-1] for name in _FLASK)
_DEFERRED = "WTF_CSRF_CHECK_DEFAULT"
"""Set to false: the application checks by itself, in a function of its own."""
_SERVERS = frozenset({"fastapi", "starlette", "aiohttp", "sanic", "tornado", "falcon", "quart", "litestar", "flask"})
_EXEMPT = ("csrf_exempt", "exempt")
_NO_LOGIN = ("login_not_required",)
_SAYS = {
    "csrf": ("every POST is checked for a CSRF token", "a provider's request has no CSRF token, and this view is not exempt"),
    "session": ("every request must be that of a signed-in user", "a provider signs in nowhere, and this view is not marked with login_not_required"),
}
_CALLED = ("post", "put", "patch", "dispatch")
_NO_CHECK = ("APIView", "ViewSet", "GenericAPIView")
"""Django REST framework exempts its views itself."""


class Csrf:
    """Looks at Django and Flask views that verify a provider's signature."""

    name = "csrf"
    looks_at = Sight.SOURCE
    marks = ("CsrfViewMiddleware", "CSRFProtect", "SeaSurf", "LoginRequiredMiddleware")
    signs = (Sign(words=("CsrfViewMiddleware", "CSRFProtect", "SeaSurf", "LoginRequiredMiddleware", *_EXEMPT, *_NO_LOGIN)), Sign(words=VERIFIES, pattern=r"(?i)signature|hmac"))
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        found = (node for module in _python(code) for node in (*module.all(Assign), *module.all(Call)) if _is_check(code, node))
        checks = sorted(found, key=lambda node: (module_of(node).path, node.at))
        for guard, exempting in (("csrf", _EXEMPT), ("session", _NO_LOGIN)):
            check = next((node for node in checks if _guards(node, guard)), None)
            exempt = {name for call in code.project.calls(*exempting) for name in _exempted(call, exempting)} if check else ()
            parts = [part.site for call in code.project.calls("exempt") for part in map(code.origins.of, call.args[:1]) if part.kind != "function"] if check else []
            for function in _views(code) if check else ():
                if check is not None and not _anothers(code, function, check) and not _is_exempt(function, exempt, exempting) and not _in_exempt_part(code, function, parts):
                    fact = WebhookGuarded(clean(_name(function), 120), guard, "django" if _settings(check) else "flask", "python")
                    first, second = _SAYS[guard]
                    own = function.parent if isinstance(function.parent, ClassDef) else None
                    marked = (seen(fact, own, self.name, label="what is exempt of a class is said here"),) if own is not None else ()
                    yield seen(fact, function, self.name, (seen(fact, _entry(check, guard), self.name, label=first), *marked), label=second)


def _views(code: Code) -> Iterator[Function]:
    """Those that verify a provider's signature, that somebody tried to exempt, or that take what is posted to a provider's path."""
    found = [_view(each) for each in signed_views(code, _python(code))]
    found += [_view(each) for module in _python(code) for each in module.all(Function) if _tried(each)]
    found += posted_views(code) if "flask" in code.idioms.imported else ()
    for use in code.idioms.of("lists-route"):
        path = "/" + code.idioms.text(use.call.args[0]) if len(use.call.args) > 1 else ""
        view = listed_view(code, use.call.args[1]) if hooked(path) else None
        if isinstance(view, Function) and any(n.name in ("body", "POST") and dotted(n.object) == "request" for n in view.inside(Member)) and (named(path) or _reads_json(view)):
            found.append(view)
    yield from dict.fromkeys(found)


def _reads_json(view: Function) -> bool:
    """Whether a view takes JSON from whoever posts it, and asks for no user: no form of the site's own."""
    return any(dotted(call.callee) == "json.loads" for call in view.inside(Call)) and not any(member.name == "user" for member in view.inside(Member))


def _python(code: Code) -> Iterator[Module]:
    return (module for module in code.project.chosen.values() if module.language == "python")


def _is_check(code: Code, node: Node) -> bool:
    if isinstance(node, Assign):
        names = [t.id for t in node.targets if isinstance(t, Name)]
        value = node.value
        return "MIDDLEWARE" in names and isinstance(value, Sequence) and any(isinstance(i, Literal) and i.value in (_DJANGO, _LOGIN) for i in value.items)
    if not isinstance(node, Call):
        return False
    # `csrf = CSRFProtect()` checks nothing before `csrf.init_app(app)`.
    made = code.origins.of(node.callee.object).site if isinstance(node.callee, Member) and node.callee.name == "init_app" else node if node.args or node.keywords else None
    if not isinstance(made, Call) or last_name(made.callee) not in _FLASK_NAMES or code.origins.of(made.callee).qualified not in _FLASK:
        return False
    return not any(_DEFERRED in code.project.text(path) for path in code.project.sources if path.endswith(".py"))


def _guards(check: Node, guard: str) -> bool:
    if not isinstance(check, Assign):
        return guard == "csrf"
    return _entry(check, guard) is not check


def _entry(check: Node, guard: str) -> Node:
    """The entry of the list by which a check is on, or the call that makes it."""
    return next((each for each in check.inside(Literal) if each.value == (_DJANGO if guard == "csrf" else _LOGIN)), check) if isinstance(check, Assign) else check


def _settings(check: Node) -> bool:
    return isinstance(check, Assign)


def _tried(function: Function) -> bool:
    """A method that is decorated as exempt: somebody else than the site's own pages is to call it."""
    return isinstance(function.parent, ClassDef) and function.name in _CALLED[:-1] and any(decorator_name(d) == "csrf_exempt" for d in function.decorators)


def _view(function: Function) -> Function:
    """The method that Django calls: `post`, where a class keeps its check of the signature in a method beside it."""
    cls = function.parent
    if isinstance(cls, ClassDef) and function.name not in _CALLED:
        return next((n for n in cls.body if isinstance(n, Function) and n.name == "post"), function)
    return function


def _is_exempt(function: Function, exempt: Container[str], exempting: tuple[str, ...]) -> bool:
    cls = function.parent if isinstance(function.parent, ClassDef) else None
    if cls is None:
        return function.name in exempt or any(decorator_name(d) in (*exempting, "api_view") for d in function.decorators)
    bases = [dotted(base).rsplit(".", 1)[-1] for base in cls.bases]
    if cls.name in exempt or any(base.endswith(_NO_CHECK) for base in bases) or "CsrfExemptMixin" in bases:
        return True
    listed = (n.value for n in cls.body if isinstance(n, Assign) and n.value is not None and any(isinstance(t, Name) and t.id == "decorators" for t in n.targets))
    if any(_names_exempt(d, exempting) for d in (*cls.decorators, *listed)):
        return True
    dispatch = next((n for n in cls.body if isinstance(n, Function) and n.name == "dispatch"), None)
    return dispatch is not None and any(_names_exempt(d, exempting) for d in dispatch.decorators)


def _anothers(code: Code, function: Function, check: Node) -> bool:
    """Whether a view is a route of a server that stands beside Django (FastAPI's, aiohttp's), and no middleware of Django's is before it."""
    return _settings(check) and any(use.idiom.role == "request" and use.framework.name in _SERVERS for use in code.idioms.handled_by(function))


def _in_exempt_part(code: Code, function: Function, parts: list[Node | None]) -> bool:
    """Whether the blueprint of a view of Flask is exempt as a whole: `csrf.exempt(hooks.bp)`; so are all if one that is exempt cannot be told."""
    own = blueprint_of(code, function) if parts else None
    return own is not None and (None in parts or any(own is part for part in parts))


def _exempted(node: Node, exempting: tuple[str, ...]) -> Iterator[str]:
    """The views that a call exempts: `csrf_exempt(Hook.as_view())`, `csrf.exempt(hook)`."""
    if isinstance(node, Call) and decorator_name(node) in exempting:
        for arg in node.args:
            for inner in arg.walk():
                if isinstance(inner, (Name, Member)):
                    yield from dotted(inner).split(".")
                elif isinstance(inner, Literal) and isinstance(inner.value, str):
                    yield inner.value.rsplit(".", 1)[-1]


def _names_exempt(decorator: Node, exempting: tuple[str, ...]) -> bool:
    return any(isinstance(n, (Name, Member)) and dotted(n).rsplit(".", 1)[-1] in exempting for n in decorator.walk())


def _name(function: Function) -> str:
    cls = function.parent
    return f"{cls.name}.{function.name}" if isinstance(cls, ClassDef) else function.name


PROBE = Csrf()
