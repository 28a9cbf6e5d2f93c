"""Does the app have a route for the path that it gives away to be called back?

    client.start(webhook=f"{BASE}/hooks/done")      @app.post("/hooks/done/")

A path that no route has is answered with 404, one that differs by its last slash with a redirect, which senders of webhooks do not follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.given import given
from callcheck.sources.code.given_away import NO_PROGRAM, given_away, goes_out
from callcheck.sources.code.hook_paths import login
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Entry, Keyword, Literal, Member, Name, Node, dotted
from callcheck.sources.environment import OPEN, settings
from callcheck.sources.environment.compose import files as compose_files

_OWN = pattern(r"^(?:(?P<host>https?://[\w.-]{1,200}(?::\d{1,5})?)|\*|[\w.]{1,200})(?P<path>/[\w./-]{2,200})$")
"""An address made of a host, or of a base that is computed or read from the environment, and a path that is written out."""
_WHOLE = pattern(r"^(?:https://[^/*\s]{3,200}|\*|[\w.]{1,200})(/[\w./-]{2,200})$")
_HOME = pattern(r"^https?://(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|host\.docker\.internal)(?:[:/]|$)", re.IGNORECASE)
_OWN_HOST = pattern(r"^https?://(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0)(?:[:/]|$)", re.IGNORECASE)
_HOST = pattern(r"^https?://([A-Za-z][\w-]{0,80})(?::\d{1,5})?(?:/|$)")
"""An address of a container, which has a name without dots."""
_SETTING = pattern(r"^django\.conf\.settings\.([A-Z][A-Z0-9_]*)(?:/|$)")
_SIGNS_IN = pattern(r"(?i)(?:^|\.)(?:sign_?(?:in|up|out)|log_?(?:in|out)|authorize|link_?social)(?:\.|$)")
"""Calls that lead a browser to a login, and back."""


class CallbackPaths:
    """Silent where routes are made by files or by a framework whose routes are not read, and where no route comes near."""

    name = "callback-paths"
    looks_at = Sight.SOURCE
    about = ("serve", "lists-route", "calls-back")
    marks = ("webhook", "Webhook", "WebHook", "callback", "notify")
    signs = (Sign(pattern=r"(?i)web_?hook|callback_?ur[li]|notify_?ur[li]|status_?callback|setweb_?hook"),)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._at_home(code, eyes)
        given = [*_paths(code), *_set(code)]
        if not given:
            return
        from callcheck.sources.code.route_match import nearest, unread_routes

        if unread_routes(code.project.sources):
            return
        known = list(routes(code))
        for node, path, elsewhere in given:
            if found := nearest(path, known, elsewhere):
                route, why = found
                fact = AddressUnreachable("", clean(path, 200), why, "", clean(route.path, 200))
                there = seen(fact, route.node, self.name, label=f"the route is {clean(route.path, 80)}")
                yield seen(fact, node, self.name, (there,), label="this path is given away to be called back")

    def _at_home(self, code: Code, eyes: Eyes) -> Iterator[Evidence]:
        """Addresses of this machine, or of a private network, that are given to somebody on the Internet, or to another container."""
        for away in given_away(code):
            node, text = away.node, code.idioms.text(away.value)
            if away.browsed or login(text):
                continue
            out = goes_out(code, node)
            unit = "" if out else _container(code, eyes, node)
            if not out and not unit:
                continue
            address, why = _address(code, node, text)
            if unit and _OWN_HOST.match(address) and (why != "by-default" or all(each.name != OPEN for each in settings(eyes))):
                fact = AddressUnreachable("", clean(address, 200), "loopback", clean(unit, 80), "")
                yield seen(fact, node, self.name, label=f"{clean(unit, 60)}, which runs in a container of its own, is given this address to call back")
            elif out and _HOME.match(address):
                yield seen(AddressUnreachable("", clean(address, 200), why, "", ""), node, self.name, label="somebody outside is given this address to call back")


def _container(code: Code, eyes: Eyes, node: Node) -> str:
    """The service of Compose that a value is posted to: `post("http://render:9000/jobs", json={"callback_url": ...})`; "" for none, or one that shares a network's name for itself."""
    call = next((above for above in node.up() if isinstance(above, Call) and above.args), None)
    hosts = [found[1] for text in given(code, call.args[:1]) if (found := _HOST.match(text))] if call is not None else []
    for _, services in compose_files(eyes) if hosts else ():
        shared = any(isinstance(keys, dict) and "network_mode" in keys for keys in services.values())
        if hosts[0] in services and not shared:
            return hosts[0]
    return ""


def _address(code: Code, node: Node, text: str) -> tuple[str, str]:
    """The address that is given away, of this machine if it may be, and whether it is so by default alone."""
    written = _set_in(code, text) or text
    if _HOME.match(written) or not isinstance(node, (Entry, Keyword)):
        return written, "private"
    for why, sets in (("private", None), ("by-default", _nothing)):
        home = next((each for each in given(code, [node.value], sets=sets) if _HOME.match(each)), "")
        if home and (why == "by-default" or home not in given(code, [node.value], sets=_nothing)):
            return home, why
        if not home:
            break
    return written, "private"


def _nothing(name: str) -> tuple[str, ...]:
    """What a deployment that sets no variable sets this one to."""
    return ()


def _set_in(code: Code, text: str) -> str:
    """The base that Django's settings give an address, where one line of the project sets it; "" for none."""
    found = _SETTING.match(text)
    if found is None:
        return ""
    assigned = [each for module in code.project.naming(found[1]) for each in module.all(Assign) if any(dotted(target) == found[1] for target in each.targets)]
    value = assigned[0].value if len(assigned) == 1 else None
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""


def _paths(code: Code) -> Iterator[tuple[Node, str, bool]]:
    """Each address that is handed on under a name of a callback: where, its path, and whether its host is written out, which may be another's."""
    for away in given_away(code):
        if away.browsed or _SIGNS_IN.search(dotted(call.callee) if (call := next((above for above in away.node.up() if isinstance(above, Call)), None)) is not None else ""):
            continue  # a page, which is no route
        taken = code.origins.of(away.value) if isinstance(away.value, (Name, Member)) else None
        found = _OWN.match(code.idioms.text(away.value)) if taken is None or taken.kind != "external" or _SETTING.match(taken.qualified) else None
        if found:
            yield away.node, found["path"], found["host"] is not None


def _set(code: Code) -> Iterator[tuple[Node, str, bool]]:
    """`bot.telegram.setWebhook("https://shop.example.com/bot")`: a bot takes its own updates, so the host is this app's."""
    for call in code.project.calls("setWebhook", "setWebHook"):
        found = _WHOLE.match(code.idioms.text(call.args[0])) if call.args and not NO_PROGRAM.search(module_of(call).path) else None
        if found:
            yield call, found[1], False


PROBE = CallbackPaths()
