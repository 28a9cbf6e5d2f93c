"""Is a sender's signature over the whole address checked by an app that is not told that the request came by https?

    listen 443 ssl; location / { proxy_pass http://app:3000; }      # no X-Forwarded-Proto: the app takes it for http
    router.use(twilio.webhook({ validate: true }));                 # and Twilio signed https://…: each call is answered 403

That the app does not trust the header is told by the traps of its framework. Sources: twilio.com/docs/usage/security; twilio-node 5.4, webhooks.js (protocol: options.protocol or
request.protocol); nginx.org, proxy_set_header; httpd.apache.org, mod_proxy (X-Forwarded-For, -Host and -Server alone).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, last_name
from callcheck.sources.fronts.proxies import FILES, proxies

_BY_REQUEST = ("webhook", "validateExpressRequest")
"""Of twilio-node: they put the address together by themselves, unless they are given it, or its protocol."""
_CHECKS = ("validateRequest", "validateRequestWithBody", "validateV3Signature", "validateSignature", "validate", "validate_signature", "validate_v3_signature", "verify_signature", "is_valid", "compare_digest", "timingSafeEqual")
_SENDERS = pattern(r"(?i)twilio|plivo|signalwire|square|hubspot|mandrill|vonage")
_ASKED = pattern(r"\breq(?:uest)?\.(?:protocol|url|base_url|build_absolute_uri)\b(?!\.(?:path|query)\b)")
_HTTPS = pattern(r"https")
_AROUND = 8
"""Lines around a check among which its address is put together."""


class UnforwardedSchemes:
    """Silent unless all ways to the app end TLS without saying so, and where the code says https itself."""

    name = "unforwarded-schemes"
    looks_at = FILES
    marks = ("proxy_pass", "ProxyPass")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no configuration of a web server"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        ways = [way for front in (proxies(eyes) if eyes.code.present else ()) for way in front.ways if way.goes == "app"]
        check = next(_checks(eyes.code), None) if ways and not any(way.tells_https for way in ways) else None
        if check is not None:
            why = "TLS ends here, and the app is not told so: it takes the address for http, while the sender signed https, so each call is turned away; hand on X-Forwarded-Proto"
            fact = LibraryTrap("callback-rejected", "strong", why, last_name(check.callee), "", module_of(check).language)
            there = seen(fact, check, self.name, label="the signature is over the address, as the request has it")
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(ways[0].file.name), ways[0].line), because=(there,))


def _checks(code: Code) -> Iterator[Call]:
    for call in code.project.calls(*_BY_REQUEST, *_CHECKS):
        module = module_of(call)
        if is_test(module.path) or _SENDERS.search(module.text) is None:
            continue
        if last_name(call.callee) in _BY_REQUEST:
            off = given_as(call, "validate")
            given = any(given_as(call, name) is not None for name in ("protocol", "url"))
            if "twilio" in code.origins.of(call.callee).qualified and not given and not (isinstance(off, Literal) and off.value is False):
                yield call
        elif len(call.args) + len(call.keywords) > 1:  # the address and the signature: `form.is_valid()` has neither
            around = "\n".join(module.lines[max(call.line - 1 - _AROUND, 0) : call.end_line + 1])
            if _ASKED.search(around) and not _HTTPS.search(around):
                yield call


PROBE = UnforwardedSchemes()
