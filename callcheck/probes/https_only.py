"""Is a callback's address one of plain http, which is answered with a redirect to https?

    PUBLIC_URL: http://app.example.com          # is given to a provider as its webhook; nginx: return 301 https://...
    CALLBACK_URL: http://web:8000/hooks/done/   # for another container; Django: SECURE_SSL_REDIRECT = True

Senders of webhooks do not follow, and after 301 a client asks again with GET. Source: docs.djangoproject.com, SECURE_SSL_REDIRECT (SECURE_REDIRECT_EXEMPT).
"""

from __future__ import annotations

from collections.abc import Iterator

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
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Literal, Node, last_name
from callcheck.sources.environment import Setting, settings
from callcheck.sources.environment.callers import called, runs, services
from callcheck.sources.environment.files import FILES
from callcheck.sources.fronts import https

_PUBLIC = pattern(r"^http://((?:[\w-]+\.)+(?!local\b|internal\b|lan\b|svc\b)[a-z]{2,})(?:[:/]|$)")

_HOOKED = pattern(r"(?:CALLBACK|HOOK|NOTIFY)S?_?(?:BASE_)?(?:UR[LI]|ENDPOINT|TARGET|ADDRESS)S?(?:_\w{1,40})?$")


class HttpsOnly:
    """Addresses that the deployment sets; silent where nothing here says that plain http is redirected."""

    name = "https-only"
    looks_at = (*FILES, *https.FILES)
    marks = ("http://",)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no files of a deployment"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if eyes.code.present:
            yield from self._written(eyes)
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
            where = https.redirected(eyes, found[1]) if found else None
            if where is not None:
                fact = AddressUnreachable("", clean(text, 200), "redirected", "", clean(text.replace("http://", "https://", 1), 200))
                there = Evidence(fact, Basis.DECLARED, self.name, where, label="plain http is sent on to https here")
                yield seen(fact, away.node, self.name, (there,), label="this address is given away to be called back")
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
            where = https.redirected(eyes, found[1]) if found else None
            if told is not None and where is not None:
                yield self._stated(told, read.place, where, "plain http is sent on to https here")
                return
        # A product beside the app is told by its own variable where to post.
        for name, told in public.items():
            found = _PUBLIC.match(told.value) if _HOOKED.search(name) and told.unit else None
            where = https.redirected(eyes, found[1]) if found else None
            if where is not None:
                yield self._stated(told, None, where, "plain http is sent on to https here")
                return

    def _inside(self, eyes: Eyes, given: list[Setting]) -> Iterator[Evidence]:
        """Addresses by which other containers call a Django that sends every request to https."""
        around = services(eyes)
        switch = _redirects_all(eyes.code) if around else None
        if switch is None:
            return
        for host, _, told in called(given, around):
            if runs(around[host], module_of(switch).path):
                yield self._stated(told, switch, None, "")
                return

    def _stated(self, told: Setting, node: Node | None, where: Location | None, label: str) -> Evidence:
        fact = AddressUnreachable(clean(told.name, 100), clean(told.value, 200), "redirected", clean(told.unit, 80), clean(told.value.replace("http://", "https://", 1), 200))
        because = [seen(fact, node, self.name, label="it is given away here" if where else "every request over http is redirected")] if node is not None else []
        if where is not None:
            because.append(Evidence(fact, Basis.DECLARED, self.name, where, label=label))
        return Evidence(fact, Basis.DECLARED, self.name, told.where, service=told.unit, because=tuple(because))


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
