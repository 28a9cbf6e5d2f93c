"""Which handlers does a Worker of Cloudflare have that its platform never calls, in one environment or in all?

    export default { async scheduled(event, env, ctx) {}, async queue(batch, env) {} }

    [triggers]                                    # crons: what all environments inherit
    crons = ["0 6 * * *"]
    [[queues.consumers]]                          # of the top level alone
    queue = "uploads-dev"
    [[env.production.queues.producers]]           # sends, and takes nothing: queues are not inherited
    queue = "uploads"

Sources: developers.cloudflare.com/workers, cron triggers, queues, and wrangler's configuration (inheritable and non-inheritable keys).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.starting import TriggerOff
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.environment.per_stage import DEVELOPMENT, stage_of
from callcheck.sources.files import File
from callcheck.sources.launch import mappings

_FILES = ("wrangler.toml", "wrangler.json", "wrangler.jsonc")
_EXPORTED = (pattern(r"export\s+default\s*\{"), pattern(r"export\s+default\s+class\b[^{\n]{0,120}\bWorkerEntrypoint\b[^{\n]{0,80}\{"))
_HANDLERS = {"scheduled": pattern(r"(?:^|[\s,{])scheduled\s*(?=[(:,}]|$)"), "queue": pattern(r"(?:^|[\s,{])queue\s*(?=[(:,}]|$)")}
"""As members of what a Worker's main file exports: `async queue(batch) {`, `queue: take`, `queue,`."""
_SIDES = ("producers", "consumers")


@dataclass(frozen=True, slots=True)
class _Ends:
    """The queues of one environment, or of the top level, which is named ""."""

    file: File
    environment: str
    line: int
    sent: dict[str, int]
    taken: dict[str, int]


class WorkerTriggers:
    """Silent for environments that are named after no stage, which may be other Workers, and for those of development."""

    name = "worker-triggers"
    looks_at = (*_FILES, "*.ts", "*.js", "*.mjs")
    marks = ("wrangler",)
    answers = frozenset({TriggerOff, EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no configuration of a Worker"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        known: list[tuple[File, Table, list[_Ends]]] = []
        for each in mappings(eyes, _FILES):
            if isinstance(each, Lost):
                yield each
            else:
                known.append((*each, list(_ends(each[1], each[0]))))
        everywhere = [end for _, _, ends in known for end in ends]
        for file, document, ends in known:
            yield from self._untold(eyes, file, document, ends, everywhere)
        yield from self._sent_to_nobody(everywhere)

    def _untold(self, eyes: Eyes, file: File, document: Table, ends: list[_Ends], everywhere: list[_Ends]) -> Iterator[Evidence]:
        """A handler that the Worker's main file exports, without the trigger for it."""
        main = document.get("main")
        folder = file.name.rsplit("/", 1)[0] + "/" if "/" in file.name else ""
        source = eyes.tree.get(f"{folder}{str(main).removeprefix('./')}") if main else None
        handlers = _exported(eyes.text(source)) if source is not None else {}
        if source is None or not handlers:
            return
        line = document.lines.get("main", 1)
        if "scheduled" in handlers and not re.search(r"\bcrons\b", eyes.text(file)):
            yield self._off("scheduled", "timer", source, handlers["scheduled"], file, line, "no trigger for it stands here")
        if "queue" not in handlers:
            return
        if not any(each.taken for each in ends):
            yield self._off("queue", "pubsub", source, handlers["queue"], file, line, "no trigger for it stands here")
            return
        taken = {name for each in everywhere for name in each.taken}
        for each in ends:
            stage = stage_of(each.environment)
            unheard = next((at for name, at in each.sent.items() if name not in taken), 0)
            if stage and stage not in DEVELOPMENT and not each.taken and (unheard or stage == "production" and not each.sent):
                label = f"{clean(each.environment, 40)} takes from no queue: what the top level and other environments say of queues is not inherited"
                yield self._off("queue", "pubsub", file, unheard or each.line, source, handlers["queue"], "the handler is here", label)
                return

    def _off(self, handler: str, trigger: str, file: File, line: int, other: File, at: int, beside: str, label: str = "") -> Evidence:
        fact = TriggerOff(handler, trigger, "untold", "cloudflare-workers")
        there = Evidence(fact, Basis.DECLARED, self.name, Location(clean(other.name), at), service=handler, label=beside)
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), service=handler, label=label, because=(there,))

    def _sent_to_nobody(self, everywhere: list[_Ends]) -> Iterator[Evidence]:
        """A queue that a Worker consumes, and nobody sends to, much like one that is sent to and consumed by nobody."""
        sent, taken = ({name for each in everywhere for name in getattr(each, side)} for side in ("sent", "taken"))
        if not taken - sent:
            return
        from callcheck.sources.code.alike import alike

        for each in everywhere:
            for name, line in each.taken.items():
                same = [other for other in everywhere if other.environment == each.environment]
                near = next(((to, other.file, at) for other in same for to, at in other.sent.items() if to not in taken and alike(name, to)), None)
                if name not in sent and near is not None:
                    fact = EventNeverEmitted(clean(name, 80), clean(near[0], 80), "cloudflare", "")
                    there = Evidence(fact, Basis.DECLARED, self.name, Location(clean(near[1].name), near[2]), label="this is the queue that is sent to")
                    yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(each.file.name), line), because=(there,))


def _ends(document: Table, file: File) -> Iterator[_Ends]:
    """The queues of the top level and of each environment."""
    told = document.get("env")
    tables = {"": document} | ({str(name): table for name, table in told.items() if isinstance(table, Table)} if isinstance(told, Table) else {})
    for environment, table in tables.items():
        sides = [{str(row["queue"]): row.lines.get("queue", row.line) for _, row in each_of(value_at(table, "queues", side)) if row.get("queue")} for side in _SIDES]
        yield _Ends(file, environment, table.line, *sides)


def _exported(text: str) -> dict[str, int]:
    """The handlers among the members of what a module exports by default (`export default {`, or `const worker = {` and `export default worker`), with their lines."""
    named = re.search(r"export\s+default\s+(\w+)", text)
    kept = re.search(rf"\b(?:const|let)\s+{named[1]}\b[^=\n]*=\s*\{{", text) if named else None
    begun = next((found for shape in _EXPORTED if (found := shape.search(text))), kept)
    own = _members(text, begun.end()) if begun else ""
    ends = {name: at.end() for name, shape in _HANDLERS.items() if (at := shape.search(own))}
    return {name: text.count("\n", 0, begun.end() + end) + 1 for name, end in ends.items()} if begun else {}


def _members(text: str, start: int) -> str:
    """What stands directly in the braces that are open at `start`; what is nested deeper is blank, so that offsets hold."""
    found, depth = [], 0
    for mark in text[start:]:
        if mark in "})]":
            depth -= 1
            if depth < 0:
                break
        found.append(mark if depth <= 0 or mark == "\n" else " ")
        depth += mark in "{(["
    return "".join(found)


PROBE = WorkerTriggers()
