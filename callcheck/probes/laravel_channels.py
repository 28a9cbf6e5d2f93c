"""Does Laravel put a prefix before the channels of Redis that somebody else listens to without it?

    'prefix' => env('REDIS_PREFIX', Str::slug(env('APP_NAME', 'laravel'), '_').'_database_'),      # config/database.php
    Redis::publish('orders', $text);        # or an event that is broadcast on new Channel('orders') by the connection `redis`: it goes out as laravel_database_orders
    redis.subscribe('orders');              # in Node or Python; Echo.channel('orders') behind laravel-echo-server

Sources: laravel/laravel, config/database.php (since 5.8); laravel/framework#31261 (RedisBroadcaster, since 7.0); tlaverdure/laravel-echo-server#400, whose `keyPrefix` takes the prefix off again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.alike import meets
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, dotted
from callcheck.sources.documents import value_at
from callcheck.sources.files import File
from callcheck.sources.launch import aside, own_texts

_OPTIONS = pattern(r"'options'\s*=>\s*\[[^\]]{0,600}?'prefix'\s*=>\s*([^\n]{1,300}?),?[ \t]*(?://[^\n]*)?$", re.MULTILINE)
_VARIABLE = pattern(r"env\(\s*'(\w+)'\s*(?:,\s*(.+))?\)$")
_SLUG = pattern(r"(?:Str::slug|str_slug)\(\s*(?:\(string\)\s*)?env\(\s*'(\w+)'\s*,\s*'([^']*)'\s*\)\s*(?:,\s*'([^']*)'\s*)?\)\s*\.\s*'([^']*)'")
_TEXT = pattern(r"^'([^']*)'$|^\"([^\"$]*)\"$")
_CHANNEL = pattern(r"new\s+\\?(?:[\w\\]*\\)?(Private|Presence|EncryptedPrivate)?Channel\(\s*(?:'([^'\n]+)'|\"([^\"\n]+)\")(\s*\.)?")
_PUBLISHED = pattern(r"(?:\bRedis::|Redis::connection\([^)]*\)->|\$\w*[rR]edis\w*->)publish\(\s*(?:'([^'\n]+)'|\"([^\"\n]+)\")(\s*\.)?")
_BROADCASTS = pattern(r"\bimplements\b[^\n{]{0,200}\bShouldBroadcast(?:Now)?\b")
_BY_REDIS = pattern(r"BROADCAST_(?:CONNECTION|DRIVER)[\"']?\s*[:=]\s*[\"']?redis\b|env\(\s*'BROADCAST_(?:CONNECTION|DRIVER)'\s*,\s*'redis'\s*\)")
_FILLED = pattern(r"\{?\$[\w>()\-\[\]'.]+\}?")
_JOINS = pattern(r"(?:^|\.)[eE]cho\.(channel|private|join|encryptedPrivate|listen)$")
_BEFORE = {"": "", "Private": "private-", "EncryptedPrivate": "private-encrypted-", "Presence": "presence-", "channel": "", "private": "private-", "join": "presence-", "encryptedPrivate": "private-encrypted-", "listen": ""}
_STRIPS = pattern(r"keyPrefix|key_prefix|channelPrefix|REDIS_PREFIX|_database_|-database-")
_SET_IN = ("*.yaml", "*.yml", ".env*", "*.env", "*.tf", "*.sh", "Dockerfile*", "*.conf", "*.json")
_LARGEST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class _Sent:
    """One channel as Laravel's own code names it, with `*` for what is filled in."""

    name: str
    where: Location


class LaravelChannels:
    """Silent where a file sets the prefix to nothing, and where whoever listens knows of one."""

    name = "laravel-channels"
    looks_at = ("*.php",)
    marks = ("ShouldBroadcast", "Redis::", "->publish(")
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no PHP"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        told = _prefix(eyes) if eyes.code.present else None
        if told is None or not told[0]:
            return
        prefix, where = told
        published, broadcast = _sent(eyes)
        listens = [*_over_redis(eyes, [*published, *broadcast]), *(_in_pages(eyes, broadcast) if _relayed(eyes) else ())]
        for name, call, sent in listens:
            fact = EventNeverEmitted(clean(name, 80), clean(prefix + sent.name, 80), "laravel", module_of(call).language)
            because = (Evidence(fact, Basis.DECLARED, self.name, where, label=f"puts {clean(prefix, 40)} before each channel"), Evidence(fact, Basis.INFERRED, self.name, sent.where, label="it is sent here"))
            yield seen(fact, call, self.name, because)


def _prefix(eyes: Eyes) -> tuple[str, Location] | None:
    """What stands before each channel, and where that is said; None where it is computed."""
    for file in eyes.tree.named("database.php"):
        text = eyes.readable(file, _LARGEST_BYTES)
        found = _OPTIONS.search(text) if not aside(eyes, file) else None
        if found is None:
            continue
        where = Location(clean(file.name), text.count("\n", 0, found.start(1)) + 1)
        value, variable = found[1].strip(), _VARIABLE.match(found[1].strip())
        if variable is not None:
            set_to = _set(eyes, variable[1])
            if set_to is not None:
                return set_to if set_to[0] != "*" else None
            value = (variable[2] or "''").strip()
        slug, plain = _SLUG.match(value), _TEXT.match(value)
        if slug is not None:
            app = _set(eyes, slug[1])
            named = app[0] if app is not None else slug[2]
            return (_slug(named, slug[3] or "-") + slug[4], where) if named != "*" else None
        return ((plain[1] or plain[2] or ""), where) if plain is not None else None
    return None


def _slug(text: str, separator: str) -> str:
    return re.sub(r"[^a-z0-9]+", separator, text.lower()).strip(separator)


def _set(eyes: Eyes, name: str) -> tuple[str, Location] | None:
    """The value that files of the deployment give a variable, `*` where it is computed or differs; None where none does."""
    wanted = re.compile(rf"^[ \t]*(?:-[ \t]*)?(?:export[ \t]+|ENV[ \t]+)?[\"']?{re.escape(name)}[\"']?[ \t]*[:=][ \t]*(.*?)[ \t]*,?[ \t]*$", re.MULTILINE)
    found: list[tuple[str, Location]] = []
    for file in eyes.tree.named(*_SET_IN):
        text = "" if aside(eyes, file) or "example" in file.base else eyes.readable(file, _LARGEST_BYTES)
        for each in wanted.finditer(text) if name in text else ():
            value = each[1].strip("\"'")
            found.append(("*" if "$" in value or "{{" in value else value, Location(clean(file.name), text.count("\n", 0, each.start(1)) + 1)))
    if not found:
        return None
    return found[0] if len({value for value, _ in found}) == 1 else ("*", found[0][1])


def _sent(eyes: Eyes) -> tuple[list[_Sent], list[_Sent]]:
    """What is published by name, and what events are broadcast on, if that goes by Redis."""
    published: list[_Sent] = []
    broadcast: list[_Sent] = []
    by_redis = any(_BY_REDIS.search(eyes.readable(file, _LARGEST_BYTES)) for file in eyes.tree.named(*_SET_IN, "broadcasting.php") if not aside(eyes, file))
    for file, text in own_texts(eyes, "*.php", most=_LARGEST_BYTES):
        published += (_Sent(_named(each[1], each[2], each[3]), _at(file, text, each)) for each in _PUBLISHED.finditer(text))
        if by_redis and _BROADCASTS.search(text):
            broadcast += (_Sent(_BEFORE[each[1] or ""] + _named(each[2], each[3], each[4]), _at(file, text, each)) for each in _CHANNEL.finditer(text))
    return published, broadcast


def _named(plain: str | None, filled: str | None, more: str | None) -> str:
    return (plain or _FILLED.sub("*", filled or "")) + ("*" if more else "")


def _at(file: File, text: str, found: re.Match[str]) -> Location:
    return Location(clean(file.name), text.count("\n", 0, found.start()) + 1)


def _over_redis(eyes: Eyes, sent: list[_Sent]) -> Iterator[tuple[str, Call, _Sent]]:
    """Programs of the project that subscribe to the bare name."""
    code = eyes.code
    for use in code.idioms.of("channel-in") if sent else ():
        if use.idiom.medium != "redis" or is_test(use.module.path) or _STRIPS.search(use.module.text):
            continue
        for node in code.idioms.placed(use.call, use.idiom.event):
            name = code.idioms.known_text(node)
            meant = next((each for each in sent if meets(name, each.name)), None) if name.strip("*") and not name.startswith("*") else None
            if meant is not None:
                yield name, use.call, meant


def _in_pages(eyes: Eyes, sent: list[_Sent]) -> Iterator[tuple[str, Call, _Sent]]:
    """Pages that join the bare name by way of laravel-echo-server, which hands names on as they are."""
    code = eyes.code
    for call in code.project.calls("channel", "private", "join", "encryptedPrivate", "listen"):
        joins = _JOINS.search(dotted(call.callee))
        if joins is None or not call.args or is_test(module_of(call).path) or _STRIPS.search(module_of(call).text):
            continue
        name = _BEFORE[joins[1]] + code.idioms.known_text(call.args[0])
        meant = next((each for each in sent if meets(name, each.name)), None) if name.strip("*") else None
        if meant is not None:
            yield name, call, meant


def _relayed(eyes: Eyes) -> bool:
    """Whether laravel-echo-server takes events from Redis, and is told of no prefix to take off."""
    for file in eyes.tree.named("laravel-echo-server.json"):
        try:
            document = eyes.document(file)
        except SourceError:
            continue
        if value_at(document, "subscribers", "redis") is not False and not value_at(document, "databaseConfig", "redis", "keyPrefix"):
            return True
    return False


PROBE = LaravelChannels()
