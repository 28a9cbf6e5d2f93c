"""Does a function of Azure wait for a queue or topic by another name than those that send to it?

    resize/function.json: {"type": "queueTrigger", "direction": "in", "queueName": "photo-resize"}
    upload/function.json: {"type": "queue", "direction": "out", "queueName": "photos-resize"}         # or app.queue_output(...), QueueClient(..., "photos-resize")

Source: learn.microsoft.com/azure/azure-functions, functions-bindings-storage-queue, functions-bindings-service-bus and functions-bindings-event-hubs; a name in `%` is an app
setting. A queue that a trigger names and nobody fills is made by the runtime, and stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.alike import alike
from callcheck.sources.code.imports import is_test
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.launch import aside

_KINDS = {"queueTrigger": "azure-queue", "queue": "azure-queue", "serviceBusTrigger": "servicebus", "serviceBus": "servicebus", "eventHubTrigger": "eventhub", "eventHub": "eventhub"}
_NAMES = ("queueName", "topicName", "eventHubName")
_TRIGGER = "Trigger"


@dataclass(frozen=True, slots=True)
class _End:
    name: str
    where: Location


class FunctionBindings:
    """Compares the names of `function.json` with one another, and with those that the code sends to; silent where one of them is a setting or computed."""

    name = "function-bindings"
    looks_at = ("function.json",)
    marks = (_TRIGGER,)
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no function.json"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        sent: dict[str, list[_End]] = {}
        taken: dict[str, list[_End]] = {}
        for file in eyes.tree.named(*self.looks_at):
            if aside(eyes, file):
                continue
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for _, binding in each_of(value_at(document, "bindings")):
                kind = str(binding.get("type"))
                if kind in _KINDS and isinstance(binding, Table):
                    key = next((key for key in _NAMES if binding.get(key)), "")
                    end = _End(str(binding.get(key, "")), Location(clean(file.name), binding.lines.get(key, binding.line)))
                    (taken if kind.endswith(_TRIGGER) else sent).setdefault(_KINDS[kind], []).append(end)
        for does, ends in (("channel-out", sent), ("channel-in", taken)):
            for use in eyes.code.idioms.of(does) if taken and eyes.code.present else ():
                if use.idiom.medium in taken and not is_test(use.module.path):
                    names = list(eyes.code.idioms.events(use)) or [""]
                    ends.setdefault(use.idiom.medium or "", []).extend(_End(name, Location(use.module.path, use.call.line)) for name in names)
        for medium, heard in taken.items():
            yield from self._compared(heard, sent.get(medium, []))

    def _compared(self, taken: list[_End], sent: list[_End]) -> Iterator[Evidence]:
        if any(not end.name or "%" in end.name or "*" in end.name for end in (*taken, *sent)):
            return
        heard, filled = {end.name.lower() for end in taken}, {end.name.lower() for end in sent}
        for end in taken:
            lost = [each for each in sent if each.name.lower() not in heard]
            near = next((each for each in lost if alike(end.name, each.name)), None) if end.name.lower() not in filled and end.where.path.endswith(".json") else None
            if near is not None:
                fact = EventNeverEmitted(clean(end.name, 80), clean(near.name, 80), "azure-functions", "")
                because = Evidence(fact, Basis.DECLARED, self.name, near.where, label=f"{clean(near.name, 60)} is what is sent to")
                yield Evidence(fact, Basis.DECLARED, self.name, end.where, because=(because,))


PROBE = FunctionBindings()
