"""Which realtime layers of Rails, ASP.NET Core and Phoenix keep their messages in one process, by their settings alone?

    production: { adapter: async }                # config/cable.yml: within this process
    builder.Services.AddSignalR();                // and neither AddStackExchangeRedis nor AddAzureSignalR
    {Phoenix.PubSub, name: Shop.PubSub}           # and nothing that joins the nodes (`sources.erlang_nodes`)

Sources: guides.rubyonrails.org/action_cable_overview (adapters); learn.microsoft.com/aspnet/core/signalr/scale (sticky sessions are required, but
for clients that skip the negotiation); hexdocs.pm/phoenix_pubsub (PG2 reaches the nodes that are connected).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible
from callcheck.model.facts.execution import RealtimeServer
from callcheck.model.facts.handlers import DeliveryAcross
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.erlang_nodes import lone, says_nothing
from callcheck.sources.files import File
from callcheck.sources.job_runners import job_runner
from callcheck.sources.launch import aside

_CABLE, _PUMA, _PHOENIX = ("cable.yml",), ("puma.rb",), ("application.ex",)
_CSHARP = ("Program.cs", "Startup.cs", "*Extensions.cs")
_LOCAL = frozenset({"async", "inline", "test"})
_JOB = pattern(r"(?:^|/)(?:jobs|workers|sidekiq)/")
_BROADCASTS = pattern(r"(\w+)\.broadcast(?:_to)?\b|\bActionCable\.server\.broadcast|\bTurbo::StreamsChannel\.broadcast_\w+")
_OWN_WORKER = "the jobs' worker"
"""Where nothing says which one it is, nor that it is no part of the server."""
_LATER = pattern(r"\bbroadcast\w*_later\w*|^\s*broadcasts(?:_to|_refreshes\w*)?\b")
"""What a model of Turbo leaves to a job."""
_WORKERS = pattern(r"^[ \t]*workers[ (]+(?:(\d+)|(.*WEB_CONCURRENCY.*))")
_DEFAULT = pattern(r"[{,(][^0-9{]{0,20}(\d+)\s*[}\")]")
_SHARED_HUB = pattern(r"AddStackExchangeRedis|AddAzureSignalR|AddRedis\(|UseOrleans|AddNats|AddSignalRBackplane|Backplane")
_HUB = pattern(r"\.AddSignalR(?:Core)?\(")
_SKIPS = pattern(r"(?i)skipNegotiation:?\s*[=:]?\s*true|HttpTransportType\.WebSockets\b(?!\s*\|)")
_PUBSUB = pattern(r"\{\s*Phoenix\.PubSub\s*,[^}]*\}")
_OWN_ADAPTER = pattern(r"\badapter:\s*(?!Phoenix\.PubSub\.PG2\b)")


class ForeignHubs:
    """Silent where the adapter is computed, and for languages' code beyond these few lines."""

    name = "foreign-hubs"
    looks_at = (*_CABLE, *_PUMA, *_PHOENIX, *_CSHARP)
    answers: frozenset[type[Fact]] = frozenset({RealtimeServer, DeliveryAcross, InstancesFactor, InstancesPossible})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no settings of Rails, ASP.NET Core or Phoenix"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for reader, globs in ((_cable, _CABLE), (_puma, _PUMA), (_phoenix, _PHOENIX), (_signalr, _CSHARP)):
            for file in eyes.tree.named(*globs):
                try:
                    if not aside(eyes, file):
                        yield from reader(eyes, file)
                except SourceError as error:
                    yield Lost(clean(file.name), error.message)


def _told(fact: Fact, file: File, line: int, because: tuple[Evidence, ...] = (), label: str = "") -> Evidence:
    return Evidence(fact, Basis.DECLARED, "foreign-hubs", Location(clean(file.name), line or 1), because=because, label=label)


def _cable(eyes: Eyes, file: File) -> Iterator[Evidence]:
    """Action Cable's adapter in production, and the jobs that broadcast, which a worker of its own runs."""
    document = eyes.document(file)
    adapter = value_at(document, "production", "adapter")
    if not isinstance(document, Table) or not isinstance(adapter, str) or "<%" in adapter:
        return
    yield _told(RealtimeServer("" if adapter in _LOCAL else "shared", False, "actioncable", "ruby"), file, line_at(document, "production", "adapter"))
    root = file.name.removesuffix("config/cable.yml")
    runner = job_runner(eyes, root) if adapter in _LOCAL else None
    for source in eyes.tree.named("*.rb") if runner is not None and not runner.inside else ():
        if not source.name.startswith(root) or aside(eyes, source):
            continue
        found = _BROADCASTS if _JOB.search(source.name) else _LATER if "/models/" in source.name else None
        text = eyes.text(source) if found is not None else ""
        at = next((number for number, line in enumerate(text.splitlines(), 1) if found is not None and found.search(line)), 0)
        if at and runner is not None:
            process = _OWN_WORKER if runner.inside is None else clean(runner.name, 60)
            yield _told(DeliveryAcross("a broadcast", process, "actioncable", "ruby"), source, at)
            return


def _puma(eyes: Eyes, file: File) -> Iterator[Evidence]:
    """`workers 3`, `workers ENV.fetch("WEB_CONCURRENCY") { 2 }`: processes; its threads share memory."""
    for number, line in enumerate(eyes.text(file).splitlines(), 1):
        found = _WORKERS.match(line)
        default = _DEFAULT.search(found[2]) if found and found[2] else None
        if found and (found[1] or default):
            count = int(found[1] or (default[1] if default else 1))
            yield _told(InstancesFactor(max(1, count), False, "processes", "puma", "", clean(line.strip(), 80)), file, number)
        elif found:
            yield _told(InstancesPossible("WEB_CONCURRENCY", "puma", "", clean(line.strip(), 80)), file, number)


def _phoenix(eyes: Eyes, file: File) -> Iterator[Evidence]:
    """A PubSub whose nodes nothing joins."""
    text = eyes.text(file)
    found = _PUBSUB.search(text)
    if found is None:
        return
    line = text.count("\n", 0, found.start()) + 1
    alone = lone(eyes) if _OWN_ADAPTER.search(found[0]) is None else None
    fact = RealtimeServer("unseen" if alone and not alone.sure else "" if alone or _OWN_ADAPTER.search(found[0]) is None and says_nothing(eyes) else "shared", False, "phoenix", "elixir")
    if alone is None:
        yield _told(fact, file, line)
        return
    basis = Basis.DECLARED if alone.sure else Basis.INFERRED
    there = [Evidence(fact, basis, "foreign-hubs", Location(clean(at.name), where), label=why) for at, where, why in ([alone.other] if alone.other else [])]
    hub = Evidence(fact, basis, "foreign-hubs", Location(clean(file.name), line), label="what is broadcast by it stays in its node")
    yield Evidence(fact, basis, "foreign-hubs", Location(clean(alone.file.name), alone.line), because=(*there, hub), label=alone.why)


def _signalr(eyes: Eyes, file: File) -> Iterator[Evidence]:
    """`AddSignalR()`, and whether a backplane is added anywhere; without one that keeps the connections, each client's requests must stay with one server."""
    text = eyes.text(file)
    found = _HUB.search(text)
    if found is None:
        return
    texts = [text, *(eyes.text(each) for each in eyes.tree.named(*_CSHARP) if each is not file and not aside(eyes, each))]
    shared = any(_SHARED_HUB.search(each) for each in texts)
    hosted = any("AddAzureSignalR" in each for each in texts)
    skips = hosted or any(_SKIPS.search(eyes.text(each)) for each in eyes.tree.named("*.js", "*.ts", "*.tsx", "*.jsx", "*.vue", "*.html", "*.cshtml", "*.razor") if each.size < 200_000)
    yield _told(RealtimeServer("shared" if shared else "", not skips, "signalr", "csharp"), file, text.count("\n", 0, found.start()) + 1)


PROBE = ForeignHubs()
