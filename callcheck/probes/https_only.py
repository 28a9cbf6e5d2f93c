"""Is a callback's address one of plain http, which is answered with a redirect to https?

    PUBLIC_URL: http://app.example.com          # is given to a provider as its webhook; nginx: return 301 https://...
    CALLBACK_URL: http://web:8000/hooks/done/   # for another container; Django: SECURE_SSL_REDIRECT = True
    receivers: [{type: webhook, settings: {url: http://desk.example.com/alarms}}]           # of Grafana, and of other products that are told by a file
    curl https://api.telegram.org/bot$TOKEN/setWebhook -d url=http://bot.example.com/tg     # a script, or a resource of Terraform

Hosted senders of webhooks do not follow; products that do (in Go, as most) ask with GET after 301 and 302, and post again after 307 and 308. Sources: pkg.go.dev/net/http,
Client.Do; docs.djangoproject.com, SECURE_SSL_REDIRECT (SECURE_REDIRECT_EXEMPT).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.given_away import given_away, goes_out
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.route_match import answers
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Literal, Node, last_name
from callcheck.sources.environment import Setting, settings
from callcheck.sources.environment.callers import called, runs, services
from callcheck.sources.environment.files import FILES
from callcheck.sources.fronts import https
from callcheck.sources.fronts.posters import FILES as POSTING
from callcheck.sources.fronts.posters import posted
from callcheck.sources.hooked_up.made import URL, made

_PUBLIC = pattern(r"^http://((?:[\w-]+\.)+(?!local\b|internal\b|lan\b|svc\b)[a-z]{2,})(?:[:/]|$)")

_LABEL = "plain http is sent on to https here"
_HOOKED = pattern(r"(?:CALLBACK|HOOK|NOTIFY)S?_?(?:BASE_)?(?:UR[LI]|ENDPOINT|TARGET|ADDRESS)S?(?:_\w{1,40})?$")


class HttpsOnly:
    """Addresses that the deployment sets; silent where nothing here says that plain http is redirected."""

    name = "https-only"
    looks_at = (*dict.fromkeys((*FILES, *https.FILES, *POSTING)),)
    marks = ("http://",)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no files of a deployment"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if eyes.code.present:
            yield from self._written(eyes)
            yield from self._by_products(eyes)
        given = [each for each in settings(eyes) if each.value.startswith("http://")] if eyes.code.present else []
        if given:
            yield from self._outside(eyes, given)
            yield from self._inside(eyes, given)

    def _written(self, eyes: Eyes) -> Iterator[Evidence]:
        """Addresses that the code gives to a provider as they are written there."""
        code = eyes.code
        for away in given_away(code):
            text = code.idioms.text(away.value)
            found = _PUBLIC.match(text) if not away.browsed and goes_out(code, away.node) else None
            sent = _sent(eyes, found, text)
            if sent is not None:
                fact = AddressUnreachable("", clean(text, 200), "redirected", "", clean(text.replace("http://", "https://", 1), 200))
                there = Evidence(fact, Basis.DECLARED, self.name, sent.where, label=_LABEL)
                yield seen(fact, away.node, self.name, (there,), label="this address is given away to be called back")
                return

    def _by_products(self, eyes: Eyes) -> Iterator[Evidence]:
        """Addresses of the app's own routes that another product is told to post to, or at which a provider's webhook is made."""
        told = [(each.path, f"http://{each.host}{each.path}", each.where, False) for each in posted(eyes) if each.plain]
        for hook in made(eyes):
            url, line = hook.told.get(URL, ("", 0))
            if _PUBLIC.match(url):
                told.append((urlsplit(url).path or "/", url, Location(clean(hook.file.name), line), True))
        for path, url, here, outside in told:
            found = _PUBLIC.match(url)
            sent = _sent(eyes, found, url) if found and any(answers(route, path) for route in routes(eyes.code)) else None
            if sent is not None and (outside or not sent.keeps):
                fact = AddressUnreachable("", clean(url, 200), "redirected", "", clean(url.replace("http://", "https://", 1), 200))
                yield Evidence(fact, Basis.DECLARED, self.name, here, because=(Evidence(fact, Basis.DECLARED, self.name, sent.where, label=_LABEL),))
                return

    def _outside(self, eyes: Eyes, given: list[Setting]) -> Iterator[Evidence]:
        """Addresses of the app that the code gives to a provider."""
        code = eyes.code
        public = {each.name: each for each in given if _PUBLIC.match(each.value)}
        if not public:
            return
        hosted = {id(use.call) for use in code.idioms.of("calls-back")}
        for read in code.variables.reads:
            told = public.get(read.name)
            away = read.purpose == "callback outside" or read.purpose == "callback" and any(id(above) in hosted for above in read.place.up())
            found = _PUBLIC.match(told.value) if told is not None and away and not is_test(module_of(read.node).path) else None
            sent = _sent(eyes, found, told.value) if told is not None else None
            if told is not None and sent is not None:
                yield self._stated(told, read.place, sent.where)
                return
        # A product beside the app is told by its own variable where to post.
        for name, told in public.items():
            found = _PUBLIC.match(told.value) if _HOOKED.search(name) and told.unit else None
            sent = _sent(eyes, found, told.value)
            if sent is not None:
                yield self._stated(told, None, sent.where)
                return

    def _inside(self, eyes: Eyes, given: list[Setting]) -> Iterator[Evidence]:
        """Addresses by which other containers call a Django that sends every request to https."""
        around = services(eyes)
        switch = _redirects_all(eyes.code) if around else None
        if switch is None:
            return
        for host, _, told in called(given, around):
            if runs(around[host], module_of(switch).path):
                yield self._stated(told, switch, None)
                return

    def _stated(self, told: Setting, node: Node | None, where: Location | None) -> Evidence:
        fact = AddressUnreachable(clean(told.name, 100), clean(told.value, 200), "redirected", clean(told.unit, 80), clean(told.value.replace("http://", "https://", 1), 200))
        because = [seen(fact, node, self.name, label="it is given away here" if where else "every request over http is redirected")] if node is not None else []
        if where is not None:
            because.append(Evidence(fact, Basis.DECLARED, self.name, where, label=_LABEL))
        return Evidence(fact, Basis.DECLARED, self.name, told.where, service=told.unit, because=tuple(because))


def _sent(eyes: Eyes, found: re.Match[str] | None, url: str) -> https.Redirect | None:
    return https.redirected(eyes, found[1], urlsplit(url).path or "/") if found is not None else None


def _redirects_all(code: Code) -> Node | None:
    """`SECURE_SSL_REDIRECT = True`, unless some paths are spared, or a header that the caller may send says that the request was https."""
    if any(True for module in code.project.naming("SECURE_REDIRECT_EXEMPT") for each in module.all(Assign) if any(last_name(t) == "SECURE_REDIRECT_EXEMPT" for t in each.targets)):
        return None
    for module in code.project.naming("SECURE_SSL_REDIRECT"):
        for assign in module.all(Assign):
            if any(last_name(target) == "SECURE_SSL_REDIRECT" for target in assign.targets) and isinstance(assign.value, Literal) and assign.value.value is True and not is_test(module.path):
                return assign
    return None


PROBE = HttpsOnly()
