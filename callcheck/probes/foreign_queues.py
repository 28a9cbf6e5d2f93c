"""Into which queues do jobs of Rails and Laravel go, and from which does Sidekiq take by its own file?

    class ExportJob < ApplicationJob; queue_as :exports                # config.active_job.queue_adapter = :sidekiq
    include Sidekiq::Job; sidekiq_options queue: "exports"
    class SendInvoice implements ShouldQueue { public $queue = 'mails'; }    # QUEUE_CONNECTION: redis
    :queues: [default]                                                 # config/sidekiq.yml
    CallJob.perform_later(call)                                        # any adapter whose jobs a worker of its own runs
    config.action_mailer.deliver_later_queue_name = "mailers"          # and OrderMailer.with(…).receipt.deliver_later

Sources: guides.rubyonrails.org/active_job_basics and configuring (deliver_later_queue_name, default queue of mails up to `load_defaults 6.0`); github.com/sidekiq/sidekiq/wiki/Advanced-Options; laravel.com/docs/queues.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.work import WorkHandedOff, WorkTaken
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.environment import settings
from callcheck.sources.environment.setting import dotenv
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.rails_jobs import handed

_CLASS = pattern(r"^\s*class\s+(\w+)")
_ADAPTER = pattern(r"active_job\.queue_adapter\s*=\s*:sidekiq\b|ActiveJob::Base\.queue_adapter\s*=\s*:sidekiq\b")
_QUEUE = pattern(r"^\s*queue_as[ (]+[:\"'](\w+)|^\s*sidekiq_options\b.*\bqueue:\s*[:\"'](\w+)")
_ITSELF = pattern(r"^\s*include\s+Sidekiq::(?:Job|Worker)\b")
_LATER = pattern(r"(\w+)(?:\.set\([^)\n]*\))?\.(?:perform_later|perform_async|perform_in|perform_at)\b")
_MAILED = pattern(r"\.deliver_later\b!?(?!\([^)\n]*\bqueue:)")
_MAILS = pattern(r"^\s*(?:config\.action_mailer|ActionMailer::Base|self)\.deliver_later_queue_name\s*=\s*[:\"']([\w-]+)|^\s*config\.load_defaults[ (]+[\"']?(?:5\.\d|6\.0)\b")
"""Where the queue of all mails is told, or the version of Rails whose own name for it, `mailers`, holds."""
_LARAVEL = pattern(r"^\s*(?:final\s+)?class\s+(\w+)\b[^\n{]{0,300}\bimplements\b[^\n{]{0,300}\bShouldQueue\b")
_ON = pattern(r"\$queue\s*=\s*[\"'](\w[\w-]*)[\"']|onQueue\(\s*[\"'](\w[\w-]*)[\"']")
_CONNECTED = frozenset({"redis", "database", "sqs", "beanstalkd"})


class ForeignQueues:
    """Silent for jobs that nobody hands off, and where the adapter or connection is not said."""

    name = "foreign-queues"
    looks_at = ("*.rb", "*.php", "sidekiq.yml")
    marks = ("Sidekiq", ":sidekiq", "ShouldQueue", ":queues:", "queue_adapter")
    answers: frozenset[type[Fact]] = frozenset({WorkHandedOff, WorkTaken})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Ruby or PHP"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        yield from self._rails(eyes)
        yield from self._sidekiq(eyes)
        yield from self._laravel(eyes)

    def _rails(self, eyes: Eyes) -> Iterator[Evidence]:
        for each in handed(eyes):
            fact = WorkHandedOff("", each.runner.name, each.runner.name, "ruby")
            plugin = each.runner.plugin
            because = () if plugin is None else (Evidence(fact, Basis.DECLARED, self.name, Location(clean(plugin.file.name), plugin.line), label=f"Puma does it only where {plugin.variable} is set{f' to {plugin.wanted}' if plugin.wanted else ''}"),)
            yield Evidence(fact, Basis.INFERRED, self.name, Location(clean(each.file.name), each.line), because=because)

    def _sidekiq(self, eyes: Eyes) -> Iterator[Evidence]:
        sources = dict(_texts(eyes, "*.rb"))
        adapted = any(_ADAPTER.search(text) for text in sources.values())
        itself = any(_ITSELF.search(text) or "Sidekiq::" in text for text in sources.values())
        if not adapted and not itself:
            return
        handed = {found[1] for text in sources.values() for found in _LATER.finditer(text)}
        for file, text in sources.items():
            lines = text.splitlines()
            name = next((found[1] for line in lines if (found := _CLASS.match(line))), "")
            own = any(_ITSELF.match(line) for line in lines)
            for number, line in enumerate(lines, 1) if name in handed and (own or adapted) else ():
                if told := _QUEUE.match(line):
                    yield self._at(WorkHandedOff(clean(told[1] or told[2], 80), "sidekiq", "sidekiq", "ruby"), file, number)
        if adapted and any(_MAILED.search(text) for text in sources.values()):
            yield from self._mails(sources)
        files = [file for file in eyes.tree.named("sidekiq.yml", "sidekiq.yaml") if not aside(eyes, file)]
        for file in files:
            document = eyes.readable_document(file)
            key = ":queues" if isinstance(document, Table) and ":queues" in document else "queues"
            queues = value_at(document, key)
            for each in queues if isinstance(queues, list) else ():
                taken = clean(str(each[0] if isinstance(each, list) and each else each), 80)
                yield self._at(WorkTaken(taken, "sidekiq without -Q", "sidekiq", "ruby"), file, line_at(document, key))
        if not files and sources:
            yield self._at(WorkTaken("default", "sidekiq without -Q", "sidekiq", "ruby"), next(iter(sources)), 1)

    def _mails(self, sources: dict[File, str]) -> Iterator[Evidence]:
        """The one queue that mails are put on, where that is told; a name that is told counts before the default of an old version."""
        told = [(found[1] or "", file, number) for file, text in sources.items() for number, line in enumerate(text.splitlines(), 1) if (found := _MAILS.match(line))]
        named = {name for name, *_ in told if name}
        if len(named) > 1 or (not named and any("deliver_later_queue_name" in text for text in sources.values())):
            return
        for name, file, number in told:
            if name or not named:
                yield self._at(WorkHandedOff(clean(name or "mailers", 80), "sidekiq", "sidekiq", "ruby"), file, number)

    def _laravel(self, eyes: Eyes) -> Iterator[Evidence]:
        sources = dict(_texts(eyes, "*.php"))
        jobs = [(file, text, found) for file, text in sources.items() for line in text.splitlines() if (found := _LARAVEL.match(line))]
        if not jobs or not _connected(eyes):
            return
        for file, text, found in jobs:
            sent = any(f"{found[1]}::dispatch" in other or f"new {found[1]}(" in other for each, other in sources.items() if each is not file)
            if sent:
                told = _ON.search(text)
                queue = (told[1] or told[2]) if told else next((on[2] for other in sources.values() for on in _ON.finditer(other) if on[2] and f"{found[1]}::dispatch" in other), "default")
                yield self._at(WorkHandedOff(clean(queue, 80), "queue:work", "laravel", "php"), file, text.count("\n", 0, text.index(found[0].strip())) + 1)

    def _at(self, fact: Fact, file: File, line: int) -> Evidence:
        return Evidence(fact, Basis.INFERRED, self.name, Location(clean(file.name), line or 1))


def _connected(eyes: Eyes) -> bool:
    """Whether each unit that is told of a connection is told of one that keeps the work for a worker."""
    told = [each.value for each in settings(eyes) if each.name == "QUEUE_CONNECTION"]
    told = told or [value for file in eyes.tree.named(".env", ".env.production", "production.env") for name, value, _ in dotenv(eyes, file) if name == "QUEUE_CONNECTION"]
    return bool(told) and all(each in _CONNECTED for each in told)


def _texts(eyes: Eyes, glob: str) -> Iterator[tuple[File, str]]:
    for file in eyes.tree.named(glob):
        try:
            if not aside(eyes, file) and file.size < 200_000:
                yield file, eyes.text(file)
        except SourceError:
            continue


PROBE = ForeignQueues()
