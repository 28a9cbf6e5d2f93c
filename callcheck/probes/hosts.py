"""Does an app that answers to some host names alone know the name by which it is called back?

    ALLOWED_HOSTS = ["shop.example.com"]              # Django; TrustedHostMiddleware(allowed_hosts=[...]) of Starlette
    CALLBACK_URL: http://web:8000/hooks/done/         # for another container: Host is `web`, which is answered with 400
    WEBHOOK_BASE: http://shop_api:8000                # of shop_api itself: Django refuses a name with an underscore, whatever its list says
    location / { proxy_pass http://web:8000; }        # without proxy_set_header Host, nginx calls the app `web` too

Sources: docs.djangoproject.com, ALLOWED_HOSTS, and django/http/request.py (5.1), host_validation_re and get_host(), which CommonMiddleware calls;
starlette.io, TrustedHostMiddleware; flask.palletsprojects.com, TRUSTED_HOSTS (3.1); docs.litestar.dev, AllowedHostsConfig;
nginx.org, proxy_set_header (Host is $proxy_host unless it is set).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Literal, Member, Node, Sequence, dotted, last_name
from callcheck.sources.environment import Setting, settings
from callcheck.sources.environment.callers import called, runs, services
from callcheck.sources.fronts.proxies import proxies

_VARIABLE = pattern(r"^[A-Z][A-Z0-9_]{2,60}$")


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The names that an app answers to, and where they stand."""

    names: tuple[str, ...]
    node: Node
    framework: str

    def lets(self, host: str) -> bool:
        """Whether a name is one of them; `.example.com` and `*.example.com` stand for all below, and `*` for any."""
        return any(each == "*" or host == each or each[:1] in ".*" and (host.endswith(each.lstrip("*")) or host == each.lstrip("*.")) for each in self.names)


class Hosts:
    """Silent where a list cannot be told, or where one of several lists would let the name pass."""

    name = "hosts"
    looks_at = Sight.SOURCE
    marks = ("ALLOWED_HOSTS", "TrustedHost", "AllowedHostsConfig", "TRUSTED_HOSTS")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        given = list(settings(eyes))
        found = list(_lists(code))
        lists = [_allowed(code, node, value, framework, given) for node, value, framework in found]
        known = [each for each in lists if each is not None]
        told = len(known) == len(lists)
        django = next((each for each in found if each[2] == "django"), None)
        if not known and django is None:
            return
        around = services(eyes)
        callers = [(host, path, each.where) for host, path, each in called(given, around)]
        for host, path, there in [*callers, *_proxied(eyes, code)]:
            invalid = django if "_" in host and django is not None and _is_common(code) else None
            first = invalid[0] if invalid is not None else known[0].node if told and known and not any(each.lets(host) for each in known) else None
            if first is not None and (host not in around or runs(around[host], module_of(first).path)):
                route = path if path != "/" else next((each.path for each in routes(code) if hooked(each.path)), path)
                guard, framework = ("host-name", "django") if invalid is not None else ("host", known[0].framework)
                fact = WebhookGuarded(clean(route, 80), guard, framework, "python")
                placed = Evidence(fact, Basis.DECLARED, self.name, there, label=f"the app is called {clean(host, 60)} here")
                why = "is refused for its underscore, whatever stands here" if invalid is not None else "is none of these names"
                yield seen(fact, first, self.name, (placed,), label=f"{clean(host, 60)} {why}")
                return


def _is_common(code: Code) -> bool:
    """Whether Django looks at the name for each request, as its CommonMiddleware does."""
    lists = [module.text for module in code.project.naming("MIDDLEWARE") if "MIDDLEWARE" in module.text]
    return not lists or any("CommonMiddleware" in text or "MIDDLEWARE +=" in text for text in lists)


def _lists(code: Code) -> Iterator[tuple[Node, Node, str]]:
    """Where each list stands, its value, and whose it is."""
    for module in code.project.naming("ALLOWED_HOSTS"):
        for assign in module.all(Assign) if not is_test(module.path) else ():
            if assign.value is not None and any(last_name(target) == "ALLOWED_HOSTS" for target in assign.targets):
                yield assign, assign.value, "django"
    for call in code.project.calls("add_middleware", "Middleware", "TrustedHostMiddleware", "AllowedHostsConfig"):
        value = call.keyword("allowed_hosts")
        if value is not None and not is_test(module_of(call).path):
            yield call, value, "litestar" if last_name(call.callee) == "AllowedHostsConfig" else "fastapi"
    for module in code.project.naming("TRUSTED_HOSTS"):
        for assign in module.all(Assign) if not is_test(module.path) else ():
            if assign.value is not None and any(last_name(target) == "TRUSTED_HOSTS" for target in assign.targets):
                yield assign, assign.value, "flask"


def _allowed(code: Code, node: Node, value: Node, framework: str, given: list[Setting]) -> _Allowed | None:
    """The names of a list, written out or set by the deployment; None if they cannot be told, or if there are none."""
    held = value if isinstance(value, (Sequence, Call)) else code.origins.of(value).node
    if isinstance(held, Sequence):
        names = [item.value for item in held.items if isinstance(item, Literal) and isinstance(item.value, str)]
        return _Allowed(tuple(names), node, framework) if names and len(names) == len(held.items) else None
    texts = [item.value for item in held.inside(Literal) if isinstance(item.value, str)] if isinstance(held, Call) else []
    texts += [item.name for item in held.inside(Member) if dotted(item.object) == "os.environ"] if isinstance(held, Call) else []
    name = next((text for text in texts if _VARIABLE.match(text)), "")
    sets = {each.value for each in given if each.name == name}
    if not name or len(sets) != 1 or "" in sets:
        return None
    return _Allowed(tuple(filter(None, re.split(r"[,\s]+", sets.pop()))), node, framework)


def _proxied(eyes: Eyes, code: Code) -> Iterator[tuple[str, str, Location]]:
    """The name by which nginx calls the app for a provider's request, where that is not the provider's."""
    if any("USE_X_FORWARDED_HOST" in module.text for module in code.project.naming("USE_X_FORWARDED_HOST")):
        return  # Django then goes by what nginx says in another header
    paths = [route.path for route in routes(code) if route.whole and hooked(route.path) and module_of(route.node).language == "python"]
    for front in proxies(eyes) if paths else ():
        for path in paths if front.system == "nginx" else ():
            way = front.way("/" + path.lstrip("/"))
            if way is not None and way.goes == "app" and way.host:
                yield way.host, path, Location(clean(way.file.name), way.line)


PROBE = Hosts()
