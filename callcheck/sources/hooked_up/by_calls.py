"""Which events do scripts and programs ask a provider for, over its API?

    stripe webhook_endpoints create --url … -d "enabled_events[]=invoice.paid"
    stripe.webhookEndpoints.create({ url, enabled_events: ["invoice.paid"] });
    curl "https://api.telegram.org/bot$TOKEN/setWebhook?url=$URL&allowed_updates=%5B%22message%22%5D"
    gh api repos/acme/shop/hooks -f 'events[]=push'
    curl -X POST "$GITLAB/api/v4/projects/7/hooks?merge_requests_events=true"

They are read as text, as the same words stand in shell, JSON, JavaScript and Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.imports import is_test
from callcheck.sources.files import File
from callcheck.sources.hooked_up.asking import ALL, GITHUB, GITLAB, STRIPE, TELEGRAM, UNASKED, AskedFor, kinds_of
from callcheck.sources.launch.find import scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_REACH = 700
"""How far behind the call its list stands, in characters."""
_ASKS = pattern(r"allowed_updates|enabled_events|\bevents\b")
_QUOTED = pattern(r"[\"']([\w.*-]+)[\"']")
_PLAIN = pattern(r"(?:\s*\\?[\"'][\w.*-]+\\?[\"']\s*,?)*\s*")
_FLAG = pattern(r"\b(\w{2,30}_events)\\?[\"']?\s*[=:]\s*\\?[\"']?(true|True|1|yes|false|False|0|no)\b")
_FLAG_OPEN = pattern(r"\b\w{2,30}_events\\?[\"']?\s*[=:]\s*\\?[\"']?(?!true|True|1\b|yes|false|False|0\b|no\b)\S")


@dataclass(frozen=True, slots=True)
class _Way:
    """How the API of one provider is called, and where its list stands."""

    provider: str
    word: str
    """Stands in every file with such a call."""
    call: str
    listed: str
    """Before a list in brackets."""
    single: str = ""
    """Before each name of its own."""


_WAYS = (
    _Way(
        STRIPE, "ebhook", r"\bwebhook_endpoints\s+create\b|/v1/webhook_endpoints\b|\bwebhookEndpoints\s*\.\s*create\(|\bWebhookEndpoint\.create\(|\bwebhook_endpoints\.create\(",
        r"\benabled_events\\?[\"']?\s*[:=]\s*\[", r"\benabled_events\[\d{0,2}\][\"']?\s*=\s*[\"']?([\w.*]+)|--enabled-events[= ]\s*[\"']?([\w.,*]+)",
    ),
    _Way(TELEGRAM, "etWebhook", r"/setWebhook\b", r"\ballowed_updates\\?[\"']?\s*[:=]\s*[\"']?(?:JSON\.stringify\(|json\.dumps\()?\s*\["),
    _Way(
        GITHUB, "hook", r"\bgh\s+api\b[^\n]{0,200}?/hooks\b|api\.github\.com/(?:repos|orgs)/[^\n\"'`]{1,100}?/hooks\b|\bcreateWebhook\(|\bcreate_hook\(",
        r"\bevents\\?[\"']?\s*[:=]\s*\[", r"\bevents\[\][\"']?\s*=\s*[\"']?([\w*]+)",
    ),
)  # fmt: skip
_GITLAB = pattern(r"/api/v4/(?:projects|groups)/[^\n\"'`]{1,100}?/hooks\b|\bhooks\.create\(")


def read(eyes: Eyes) -> Iterator[AskedFor]:
    """Every such call, of scripts and of source files that are no tests."""
    for file, text in _texts(eyes):
        for way in _WAYS:
            if way.word in text:
                yield from _of_way(way, file, text)
        if "_events" in text:
            yield from _gitlab(file, text)


def _texts(eyes: Eyes) -> Iterator[tuple[File, str]]:
    seen = set[str]()
    for word in dict.fromkeys(("ebhook", "hook")):
        for file, text in scripts(eyes, word):
            if file.name not in seen:
                seen.add(file.name)
                yield file, text
    for path in eyes.code.project.sources if eyes.code.present else ():
        source = None if path in seen or is_test(path) else eyes.tree.get(path)
        if source is not None and "hook" in (text := eyes.code.project.text(path)).lower():
            yield source, text


def _of_way(way: _Way, file: File, text: str) -> Iterator[AskedFor]:
    for call in re.finditer(way.call, text):
        rest = unquote(text[call.start() : call.end() + _REACH])
        line = text.count("\n", 0, call.start()) + 1
        listed, single = re.search(way.listed, rest), [*re.finditer(way.single, rest)] if way.single else []
        if not listed and not single and not _ASKS.search(rest) and (above := _above(way, text, call.start())):
            rest, line = above, text.count("\n", 0, call.start() - len(above)) + 1
            listed = next(iter([*re.finditer(way.listed, rest)][-1:]), None)
        if listed:
            inner = rest[listed.end() : (rest.find("]", listed.end()) + 1 or len(rest) + 1) - 1]
            names = tuple(_QUOTED.findall(inner.replace("\\", "")))
            yield AskedFor(way.provider, names if names and _PLAIN.fullmatch(inner) else None, file, line + rest.count("\n", 0, listed.start()))
        elif single:
            names = tuple(name for found in single for part in found.groups() if part for name in part.split(","))
            yield AskedFor(way.provider, names, file, line + rest.count("\n", 0, single[0].start()))
        else:
            yield _without(way, file, line, rest)


def _above(way: _Way, text: str, call: int) -> str:
    """What stands above a call, if that may hold its list, and no other call of the kind: `const body = { allowed_updates: [...] }`."""
    above = text[max(0, call - _REACH) : call]
    return above if _ASKS.search(above) and not re.search(way.call, above) else ""


def _without(way: _Way, file: File, line: int, rest: str) -> AskedFor:
    """What a call asks for that has no list, or one that is put together elsewhere."""
    if _ASKS.search(rest) or way.provider != TELEGRAM:
        return AskedFor(way.provider, None, file, line)
    return AskedFor(TELEGRAM, (ALL,), file, line, UNASKED)


def _gitlab(file: File, text: str) -> Iterator[AskedFor]:
    read_flags: Callable[[str], list[tuple[str, str]]] = _FLAG.findall
    for call in _GITLAB.finditer(text):
        rest = text[call.start() : call.end() + _REACH]
        flags = [(name, said.lower() in ("true", "1", "yes")) for name, said in read_flags(rest)]
        if flags:
            yield AskedFor(GITLAB, None if _FLAG_OPEN.search(rest) else kinds_of(flags), file, text.count("\n", 0, call.start()) + 1)
