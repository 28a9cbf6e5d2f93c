"""Does Slack send events the way in which the app takes them: over a connection that the app opens, or to its address?

    settings: {socket_mode_enabled: true}                        # the app's manifest
    const app = new App({ token, signingSecret });               # waits for requests, and none comes

Source: docs.slack.dev/apis/events-api/using-socket-mode: with Socket Mode on, payloads go over the WebSocket and not to a Request URL.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tokens import TRAITS
from callcheck.sources.documents import Table, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import aside

_MANIFESTS = ("manifest.y*ml", "manifest.json", "slack*.y*ml", "slack*.json", "*manifest*.y*ml", "*manifest*.json", "app.y*ml")
_CONNECTS = pattern(r"(?i)socket_?mode|apps\.connections\.open|\brtm\b")
_TAKES = pattern(r"(?i)signing_?secret|x-slack-signature|SlackRequestHandler|ExpressReceiver|HTTPReceiver")
_FRAMEWORKS = ("slack-bolt-js", "slack-bolt", "slack-socket-mode")


@dataclass(frozen=True, slots=True)
class _Mode:
    """What one manifest says."""

    on: bool
    address: bool
    """Whether it names one to which events are sent."""
    file: File
    line: int


class SocketModes:
    """Silent where manifests disagree, as those of several stages do, and where the code knows both ways."""

    name = "socket-modes"
    looks_at = Sight.SOURCE
    marks = ("slack_bolt", "slack/bolt", "slack/socket-mode", "slack_sdk")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        modes = list(_modes(eyes))
        if len({mode.on for mode in modes}) != 1:
            return
        mode, code = modes[0], eyes.code
        texts = [code.project.text(path) for path in code.project.sources if not is_test(path)]
        connects, takes = any(map(_CONNECTS.search, texts)), any(map(_TAKES.search, texts))
        if mode.on and takes and not connects:
            use = next((each for each in code.idioms.of("make") if each.framework.name in _FRAMEWORKS), None) or _registered(code)
            why = "Socket Mode is on in the app's manifest, so Slack sends nothing to its address; connect with the app-level token, or turn it off there"
            yield from self._said("missing-subscription", why, mode, use)
        elif not mode.on and not takes:
            use = next((each for each in code.idioms.of("note") if TRAITS & set(each.idiom.traits) and each.idiom.medium == "slack"), None)
            where = "sends events to an address that nobody serves here" if mode.address else "opens no connection for it"
            why = f"the app connects by Socket Mode, which its manifest leaves off, and Slack {where}; say socket_mode_enabled: true"
            yield from self._said("unreachable-callback-url" if mode.address else "runtime-not-started", why, mode, use)

    def _said(self, cause: str, why: str, mode: _Mode, use: Use | None) -> Iterator[Evidence]:
        if use is not None:
            fact = LibraryTrap(cause, "strong", clean(why, 160), "socket_mode_enabled", use.framework.name, use.module.language)
            because = seen(fact, use.call, self.name, label="this is how the app takes events")
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(mode.file.name), mode.line), because=(because,))


def _registered(code: Code) -> Use | None:
    """The first listener, where the app is made in a way that is not known."""
    return next((each for each in code.idioms.of("register") if each.framework.name in _FRAMEWORKS), None)


def _modes(eyes: Eyes) -> Iterator[_Mode]:
    for file in eyes.tree.named(*_MANIFESTS):
        document = None if aside(eyes, file) else eyes.readable_document(file)
        settings = document.get("settings") if isinstance(document, Table) and "display_information" in document else None
        if isinstance(settings, Table) and isinstance(on := settings.get("socket_mode_enabled", False), bool):
            asked = value_at(settings, "event_subscriptions", "bot_events") or value_at(settings, "event_subscriptions", "user_events")
            if asked or "socket_mode_enabled" in settings:
                yield _Mode(on, bool(value_at(settings, "event_subscriptions", "request_url")), file, settings.lines.get("socket_mode_enabled", settings.line))


PROBE = SocketModes()
