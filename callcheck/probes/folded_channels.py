"""Is a channel of PostgreSQL listened to in other letters than it is notified in?

    await client.query("LISTEN newTicket")         listens to newticket: an identifier without quotes is folded to lower case
    PERFORM pg_notify('newTicket', NEW.id::text)   notifies newTicket: pg_notify() takes a text as it is
    for (const channel of Object.keys(handlers)) await client.query(`LISTEN ${channel}`)         each of the names that the table has

Sources: postgresql.org/docs/current/sql-syntax-lexical.html (4.1.1), sql-notify.html. What a library listens to it puts into quotes: postgres
3.4 (src/index.js, listen), pg-listen 1.7 (format, %I), asyncpg 0.30 (connection.py, add_listener).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen, where
from callcheck.sources.code.tree import Call, Node, Sequence, Template

_LISTENS = pattern(r"(?i:(?:^|;)\s*LISTEN)\s+(?:\"([^\"*]{1,63})\"|([^\W\d]\w{0,62}))\s*(?:;|$)")
_SENT = pattern(r"(?i:\bpg_notify\s*\(\s*(?:E)?)'([^'\\%*{$]{1,63})'|(?:^|[;'\"`]|\bBEGIN|\bTHEN)\s*(?i:NOTIFY)\s+(?:\\?\"([^\"\\*]{1,63})\\?\"|([^\W\d]\w{0,62}))\s*(?:[,;'\"`]|$)", re.MULTILINE)
_GIVEN_APART = pattern(r"(?i:\bpg_notify\s*\(\s*)(?:\$1|\?|%s|:\w)")
_NAMED = pattern(r"(?i)[\"'`;]\s*LISTEN\s")
_QUOTED = "quoted"
"""The trait of idioms whose library puts the channel into quotes."""
_REMARK = pattern(r"--[^\n]*")
_WHY = {
    True: 'LISTEN folds a name without quotes to lower case, and {} is notified as it is written, so they never meet; write LISTEN "{}"',
    False: "{} is listened to as it is written, and NOTIFY folds a name without quotes to lower case, so they never meet; quote it in NOTIFY, or send by pg_notify()",
}


@dataclass(frozen=True, slots=True)
class _Listens:
    """Where a channel is listened to, by which name once the database has read it."""

    at: Node
    channel: str
    folded: bool
    framework: str


class FoldedChannels:
    """Says something only of a channel that is notified in other letters alone, as what else is sent may come from elsewhere."""

    name = "folded-channels"
    looks_at = Sight.SOURCE
    about = ("heard-by-all",)
    marks = ("LISTEN ", "listen ")
    signs = (Sign(words=("LISTEN", "listen")), Sign(words=("pg_notify", "NOTIFY", "notify")))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        listens = [each for each in (*_written(code), *_by_library(code)) if each.channel]
        if not any(each.channel.lower() != each.channel or each.folded for each in listens):
            return
        sent = dict(_sent(code))
        met = {(module_of(each.at).path, each.channel) for each in listens}
        for each in listens:
            other = next((name for name in sent if name != each.channel and name.lower() == each.channel.lower()), "")
            if other and each.channel not in sent and (module_of(each.at).path, other) not in met:
                why = clean(_WHY[each.folded].format(other if each.folded else each.channel, other), 200)
                fact = LibraryTrap("event-name-mismatch", "strong", why, clean(other, 60), each.framework, module_of(each.at).language)
                yield seen(fact, each.at, self.name, (Evidence(fact, Basis.INFERRED, self.name, sent[other], label="it is notified here"),))


def _written(code: Code) -> Iterator[_Listens]:
    """Channels of statements that the program runs."""
    for module in code.project.naming("LISTEN", "listen"):
        if is_test(module.path) or not _NAMED.search(module.text):
            continue
        for call in module.inside(Call):
            for found in (each for text in _statements(code, call) for each in _LISTENS.finditer(text)):
                yield _Listens(call, found[1] or found[2].lower(), found[1] is None and found[2].lower() != found[2], "")


def _statements(code: Code, call: Call) -> Iterator[str]:
    """The texts that a call is given first: in each round of the loop that it stands in, and with each of the names that a function is called with."""
    for laid in code.origins.rows.of(call) if call.args else ():
        given = laid.args[0]
        text = code.idioms.text(given) or ""
        holes = [each for each in given.parts if not isinstance(each, str)] if isinstance(given, Template) else []
        if len(holes) == 1 and isinstance(given, Template) and _NAMED.search(f'"{given.first_text}'):
            for name in every_text(code, holes[0]) or {}:
                yield "".join(each if isinstance(each, str) else name for each in given.parts)
        else:
            yield text


def _by_library(code: Code) -> Iterator[_Listens]:
    for use in code.idioms.of("heard-by-all"):
        if _QUOTED in use.idiom.traits and not is_test(use.module.path):
            for channel in code.idioms.events(use):
                yield _Listens(use.call, "" if "*" in channel else channel, False, use.framework.name)


def _sent(code: Code) -> Iterator[tuple[str, Location]]:
    """Channels that are notified, by their names once the database has read them: in source files, and in those of the schema."""
    modules = [module for module in code.project.naming("pg_notify", "NOTIFY", "notify") if not is_test(module.path)]
    texts = [(module.path, module.text) for module in modules]
    texts += [(file.name, _REMARK.sub("", code.project.text_of(file))) for file in code.project.files_named("*.sql")]
    for name, text in texts:
        for found in _SENT.finditer(text):
            yield found[1] or found[2] or found[3].lower(), Location(clean(name), text.count("\n", 0, found.start(found.lastindex or 0)) + 1)
    for module in modules:
        for call in module.inside(Call) if _GIVEN_APART.search(module.text) else ():
            if len(call.args) > 1 and isinstance(call.args[1], Sequence) and call.args[1].items and _GIVEN_APART.search(code.idioms.text(call.args[0]) or ""):
                channel = code.idioms.text(call.args[1].items[0]) or ""
                if channel and "*" not in channel:
                    yield channel, where(call)


PROBE = FoldedChannels()
