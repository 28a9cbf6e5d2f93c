"""Is LISTEN sent by an address that leads to a pooler which gives the connection away after each transaction?

    [pgbouncer] pool_mode = transaction            # or POOL_MODE=transaction of the pooler's container
    EVENTS_DB: postgres://app@pgbouncer:6432/app   # new Client({ connectionString: process.env.EVENTS_DB }) ... LISTEN jobs
    postgres://app@ep-x-pooler.eu.aws.neon.tech/app, postgres://app@aws-0-eu.pooler.supabase.com:6543/postgres
    kind: Pooler, spec: {pgbouncer: {poolMode: transaction}}       # of CloudNativePG; a cluster of Zalando's operator with enableConnectionPooler

Sources: pgbouncer.org/features.html (LISTEN is broken in transaction and statement pooling); neon.tech/docs/connect/connection-pooling,
supabase.com/docs/guides/database/connecting-to-postgres and learn.microsoft.com, PgBouncer in Azure Database for PostgreSQL (the same of their poolers, of
Supabase's on port 6543, of Azure's on 6432); cloudnative-pg.io, connection pooling; postgres-operator.readthedocs.io, connectionPooler (mode is
transaction by default); github.com/postgresml/pgcat, pool_mode; github.com/yandex/odyssey, pool.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
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
from callcheck.sources.code.listens import listens
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Member
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.environment import Setting, settings
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.manifests import collect
from callcheck.sources.mounts import mounted

_ADDRESS = pattern(r"^postgres(?:ql)?(?:\+\w+)?://(?:[^@/\s]*@)?(?P<host>[\w.-]+)(?::(?P<port>\d+))?(?:/(?P<base>[\w-]+))?")
_HOST = pattern(r"(?:^|_)(?:PG|DB|DATABASE|POSTGRES(?:QL)?)_?HOST$|^PGHOST$")
_HOSTED = pattern(r"-pooler\.[\w.-]*neon\.tech$")
_MODE = pattern(r"(?:^|_)POOL_MODE$")
_GIVEN_AWAY = frozenset({"transaction", "statement"})
_AZURE = pattern(r"\.postgres\.database\.azure\.com$")
_IN_TEXT = pattern(r"^[ \t]*(?:pool_mode\s*=\s*[\"']?|pool\s+\")(?:transaction|statement)\b", re.MULTILINE)
_PORT = pattern(r"^[ \t]*(?:listen_port\s*=\s*|port(?:\s*=)?\s+)(\d+)", re.MULTILINE)
_FILES = ("*pgbouncer*.ini", "pgbouncer*", "*pgcat*.toml", "*odyssey*.conf", "*.yaml", "*.yml")
_DEEPEST = 3
_WHY = "this address leads to a pooler in transaction mode, which gives the connection away, and LISTEN with it; connect to PostgreSQL itself for this"


@dataclass(frozen=True, slots=True)
class _Pooler:
    """A pooler of the deployment that gives connections away, or a hosted one (without a file)."""

    unit: str
    port: str
    file: File
    line: int
    kept: frozenset[str] = frozenset()
    """Databases for which it keeps the connection."""

    def takes(self, host: str, port: str, base: str) -> bool:
        first = host.split(".")[0]
        named = first == self.unit or any(word in first for word in ("pgbouncer", "pooler", "pgcat", "odyssey"))
        return base not in self.kept and (named or (port == self.port and port != "5432"))


class Poolers:
    """Silent where the address is not written out, and where one of several that may be used is the database's own."""

    name = "poolers"
    looks_at = Sight.SOURCE
    marks = ("LISTEN", "add_listener", "listenTo", ".listen(", "notifies")
    signs = (Sign(words=("add_listener", "notifies", "listenTo")), Sign(pattern=r"[\"'`](?:LISTEN|listen)[ \t]+[\w\"$%{]"))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        listening = list(_listening(code))
        if not listening:
            return
        given: dict[str, list[Setting]] = {}
        for each in settings(eyes):
            given.setdefault(each.name, []).append(each)
        found = list(_poolers(eyes, given))
        units = {pooler.unit for pooler in found}
        for call in listening:
            names = _names(code, call)
            own = [name for name in names if name in given] or ([] if names else [read.name for read in code.variables.reads if read.name in given])
            # A pooler's own container is told the database's address, often by the same name.
            asked = [each for name in dict.fromkeys(own) for each in given[name] if _address(each) and (not each.unit or each.unit not in units)]
            ways = [_leads(eyes, each, found) for each in asked]
            if ways and all(ways):
                fact = LibraryTrap("listener-removed", "strong", _WHY, clean(asked[0].name, 60), "", module_of(call).language)
                because = [_at(fact, asked[0].file, asked[0].line, "this is the address")]
                because += [_at(fact, way.file, way.line, "it keeps no connection for a session") for way in ways[:1] if isinstance(way, _Pooler)]
                yield seen(fact, call, self.name, tuple(because))


def _at(fact: LibraryTrap, file: File, line: int, label: str) -> Evidence:
    return Evidence(fact, Basis.DECLARED, "poolers", Location(clean(file.name), line or 1), label=label)


def _listening(code: Code) -> Iterator[Call]:
    yield from listens(code)
    for use in code.idioms.of("channel-in"):
        if use.idiom.medium == "pg-listen":
            yield use.call
    for call in code.project.calls("notifies"):
        if "psycopg" in module_of(call).text:
            yield call


def _names(code: Code, call: Call) -> set[str]:
    """The variables of which the connection is made that a call goes by."""
    places, found, todo = code.variables.places, set[str](), [(call, 0)]
    for made, depth in todo:
        found |= {places[id(node)] for node in made.walk() if id(node) in places} if depth else set()
        held = made.callee.object if isinstance(made.callee, Member) else None
        origin = code.origins.of(held) if held is not None and depth < _DEEPEST else None
        makers = (held, origin.node, origin.site) if origin is not None else ()
        todo += [(each, depth + 1) for each in makers if isinstance(each, Call) and each is not made]
    return found


def _address(each: Setting) -> re.Match[str] | str | None:
    """A URL, or the host of one told by its parts."""
    text = each.value or each.secret
    return _ADDRESS.match(text) or (text if _HOST.search(each.name) and re.fullmatch(r"[\w.-]+", text) else None)


def _leads(eyes: Eyes, each: Setting, found: list[_Pooler]) -> _Pooler | bool:
    told = _address(each)
    host, port, base = (told, "", "") if isinstance(told, str) else (told["host"], told["port"] or "", told["base"] or "") if told else ("", "", "")
    if _HOSTED.search(host) or (port == "6543" and "supabase" in host):
        return True
    if port == "6432" and _AZURE.search(host):
        return not eyes.holds(("*.tf", "*.bicep", "*.json", "*.sh"), ("pool_mode",))
    return next((pooler for pooler in found if pooler.takes(host, port, base)), False)


def _poolers(eyes: Eyes, given: dict[str, list[Setting]]) -> Iterator[_Pooler]:
    for name, held in given.items():
        for each in held if _MODE.search(name) else ():
            if each.value in _GIVEN_AWAY:
                yield _Pooler(each.unit, "6432", each.file, each.line)
    for item in collect(eyes).of("Pooler", "postgresql"):
        operator = item.kind == "postgresql"
        mode = (item.get("spec", "connectionPooler", "mode") or "transaction") if operator else item.get("spec", "pgbouncer", "poolMode")
        if mode in _GIVEN_AWAY and (not operator or item.get("spec", "enableConnectionPooler") is True):
            path = ("spec", "enableConnectionPooler") if operator else ("spec", "pgbouncer", "poolMode")
            yield _Pooler(f"{item.name}-pooler" if operator else item.name, "5432", *item.at(*path))
    for file in eyes.tree.named(*_FILES):
        try:
            text = "" if aside(eyes, file) or file.size > 200_000 else eyes.text(file)
            mode, port = _IN_TEXT.search(text), _PORT.search(text)
            document = eyes.document(file) if mode and file.base.endswith(".ini") else None
        except SourceError:
            continue
        if mode:
            bases = value_at(document, "databases")
            kept = frozenset(name for name, told in bases.items() if "pool_mode=session" in re.sub(r"\s*=\s*", "=", str(told))) if isinstance(bases, Table) else frozenset()
            line = line_at(document, "pgbouncer", "pool_mode") if document is not None else text.count("\n", 0, mode.start()) + 1
            for unit in _mounts(eyes, file) or [""]:
                yield _Pooler(unit, port[1] if port else "6432", file, line, kept)


def _mounts(eyes: Eyes, file: File) -> list[str]:
    """The units that a file is mounted into, by its name on either side."""
    return [each.unit for each in mounted(eyes) if any(file.base in map(posixpath.basename, mount) for mount in each.mounts)]


PROBE = Poolers()
