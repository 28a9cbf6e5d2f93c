"""Do two functions of Azure, or one of an app and of its deployment slot, take from one hub, topic, queue or change feed as one consumer, so that each sees a part?

    @app.event_hub_message_trigger(arg_name="events", event_hub_name="readings", connection="Hub", consumer_group="%GROUP%")        # of billing
    @app.event_hub_message_trigger(arg_name="events", event_hub_name="readings", connection="Hub", consumer_group="%GROUP%")        # of leaks
    GROUP: '$Default'                                                                                                               # for both

Sources: learn.microsoft.com, azure-functions: functions-bindings-event-hubs-trigger (consumerGroup, $Default), functions-bindings-service-bus-trigger, functions-bindings-storage-queue-trigger,
functions-bindings-cosmosdb-v2-trigger (leaseContainerPrefix); event-hubs, event-processor-balance-partition-load; functions-reference, %NAME% in a binding; functions-deployment-slots.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.bicep_values import Given, given
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Call, Function, Literal, Node
from callcheck.sources.documents import Table, line_at, tables
from callcheck.sources.environment import settings
from callcheck.sources.function_slots import COPY, hosts
from callcheck.sources.launch import aside


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of trigger: what it takes from, and as whom; each by the names that this has in Python, in JavaScript and in function.json."""

    calls: tuple[str, ...]
    binding: str
    takes: tuple[tuple[str, ...], ...]
    group: tuple[tuple[str, ...], ...]
    default: str = ""


_NONE: tuple[tuple[str, ...], ...] = ()
_KINDS = (
    _Kind(("event_hub_message_trigger", "eventHub"), "eventHubTrigger", (("event_hub_name", "eventHubName"),), (("consumer_group", "consumerGroup"),), "$Default"),
    _Kind(("service_bus_topic_trigger", "serviceBusTopic"), "serviceBusTrigger", (("topic_name", "topicName"),), (("subscription_name", "subscriptionName"),)),
    _Kind(("service_bus_queue_trigger", "serviceBusQueue"), "serviceBusTrigger", (("queue_name", "queueName"),), _NONE),
    _Kind(("queue_trigger", "storageQueue"), "queueTrigger", (("queue_name", "queueName"),), _NONE),
    _Kind(
        ("cosmos_db_trigger", "cosmosDB"),
        "cosmosDBTrigger",
        (("database_name", "databaseName"), ("container_name", "containerName")),
        (("lease_container_name", "leaseContainerName"), ("lease_container_prefix", "leaseContainerPrefix")),
        "leases",
    ),
)
_SLOT = "this slot runs all the time and takes from {0}, too, so a part of what is meant for the app ends here; turn its function off (AzureWebJobs.NAME.Disabled)"
_OFF = pattern(r"AzureWebJobs(?:\.|__)(?P<function>[\w${}()-]{1,100}?)(?:\.|__)Disabled(?![\"']?\s{0,3}[,:=]\s{0,3}(?:value\s{0,3}:\s{0,3})?[\"']?(?:false|0)\b)|\benabled\s*[:=]\s*false\b")
"""Of a slot: a function of it is turned off, or it does not run at all."""
_NAMED = pattern(r"%(\w{1,80})%")
_LARGEST_BYTES = 200_000
_MOST = 3
"""More functions with one name are a collection of examples, which are never deployed together."""


@dataclass(frozen=True, slots=True)
class _Trigger:
    kind: int
    function: str
    source: str
    group: str
    connection: str
    path: str
    line: int
    language: str
    given: tuple[Given, ...] = ()


class SharedLeases:
    """Silent where a name is computed or a setting gives several values, and for one function that is deployed twice."""

    name = "shared-leases"
    looks_at = ("host.json", "*/host.json", "function.json", "*/function.json", "*.py", "*.js", "*.ts", "*.mjs", "*.cjs", "*.bicep", "*.tf")
    marks = ("event_hub_message_trigger", "service_bus_topic_trigger", "service_bus_queue_trigger", "queue_trigger", "cosmos_db_trigger", "@azure/functions", "eventHubTrigger", "serviceBusTrigger", "queueTrigger", "cosmosDBTrigger")
    answers = frozenset({ConsumersCompete, LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no functions of Azure"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found: dict[tuple[int, str, str, str], dict[str, _Trigger]] = {}
        for each in (*_in_code(eyes), *_in_files(eyes)) if eyes.tree.named("host.json", "*/host.json") else ():
            found.setdefault((each.kind, each.source, each.group, each.connection), {}).setdefault(each.function, each)
        for sharing in found.values():
            if 1 < len(sharing) <= _MOST:
                one, other, *_ = sharing.values()
                yield self._told(one, other)
        yield from self._of_slots(eyes, [next(iter(each.values())) for each in found.values()])

    def _of_slots(self, eyes: Eyes, triggers: list[_Trigger]) -> Iterator[Evidence]:
        """A deployment slot whose trigger takes from where the app's own does: each message goes to one of the two."""
        known = list(hosts(eyes)) if triggers else []
        for slot in (each for each in known if each.slot):
            off = {found["function"] or "" for found in _OFF.finditer("\n".join((slot.text, *(f"{name} = {value}" for name, (value, _) in slot.settings.items()))))}
            for each in triggers if not any("{" in name or "(" in name or not name for name in off) else ():
                if not each.connection or posixpath.basename(each.function).lower() in map(str.lower, off):
                    continue
                if COPY in slot.settings:
                    yield self._of_slot(each, each.connection, slot.settings[COPY][1], [])
                    return
                file = eyes.tree.get(each.path)
                named = {*_NAMED.findall(eyes.readable(file, _LARGEST_BYTES))} if file is not None else set()
                ours = {name: held for name, held in slot.settings.items() if name == each.connection or name.startswith(f"{each.connection}__") or name in named}
                app = next((app for app in known if not app.slot and ours and all(app.settings.get(name, ("",))[0] == value for name, (value, _) in ours.items())), None)
                name = next((name for name in ours if name not in named), "")
                if app is not None and name:
                    yield self._of_slot(each, name, ours[name][1], [(app.settings[name][1], "the app is given the same")])
                    return

    def _of_slot(self, each: _Trigger, name: str, where: Location, places: list[tuple[Location, str]]) -> Evidence:
        fact = LibraryTrap("competing-consumers", "strong", _SLOT.format(clean(each.source, 40)), clean(name, 60), "azure-functions", each.language)
        beside = [*(place for place in places if place[0] != where), (Location(clean(each.path), each.line), "both run this trigger")]
        because = tuple(Evidence(fact, Basis.DECLARED, self.name, place, label=label) for place, label in beside)
        return Evidence(fact, Basis.DECLARED, self.name, where, because=because)

    def _told(self, one: _Trigger, other: _Trigger) -> Evidence:
        shared = f"{one.source}/{one.group}" if one.group else one.source
        fact = ConsumersCompete(clean(shared, 80), clean(other.function, 80), clean(one.function, 80), "azure-functions", one.language)
        places = [(Location(clean(other.path), other.line), f"{clean(other.function, 40)} takes as the same consumer")]
        places += [(each.where, "both are given this") for each in dict.fromkeys((*one.given, *other.given))]
        because = tuple(Evidence(fact, Basis.DECLARED, self.name, where, label=label) for where, label in places[:4])
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(one.path), one.line), because=because)


def _in_code(eyes: Eyes) -> Iterator[_Trigger]:
    code = eyes.code
    for number, kind in enumerate(_KINDS) if eyes.code.present else ():
        for call in code.project.calls(*kind.calls):
            module = module_of(call)
            if is_test(module.path) or not ("azure.functions" in module.text or "@azure/functions" in module.text):
                continue
            decorated = _decorated(call)
            first = call.args[0] if call.args else None
            name = decorated.name if decorated is not None else first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""

            def text(names: tuple[str, ...], of: Call = call) -> str | None:
                node = _held(of, names)
                return code.idioms.known_text(node) if node is not None else ""

            node = next((held for names in (*kind.group, *kind.takes) if (held := _held(call, names)) is not None), call)
            yield from _settled(eyes, number, name, [text(each) for each in kind.takes], [text(each) for each in kind.group], text(("connection",)), module.path, node.line, module.language)


def _decorated(call: Call) -> Function | None:
    above = call.parent
    return above if isinstance(above, Function) and call in above.decorators else function_of(call) if isinstance(above, Function) else None


def _held(call: Call, names: tuple[str, ...]) -> Node | None:
    return next((held for each in names if (held := call.keyword(each) or given_as(call, each)) is not None), None)


def _in_files(eyes: Eyes) -> Iterator[_Trigger]:
    """Functions of the older model: a folder each, with a function.json."""
    for file in eyes.tree.named("function.json", "*/function.json"):
        document: Any = None if aside(eyes, file) else eyes.readable_document(file)
        for binding in tables(document.get("bindings")) if isinstance(document, Table) else ():
            for number, kind in enumerate(_KINDS):
                if str(binding.get("type")).lower() != kind.binding.lower() or not all(binding.get(names[-1]) for names in kind.takes):
                    continue
                takes, group = ([str(binding.get(names[-1]) or "") for names in part] for part in (kind.takes, kind.group))
                yield from _settled(eyes, number, posixpath.dirname(file.name), takes, group, str(binding.get("connection") or ""), file.name, line_at(binding, kind.takes[0][-1]) or binding.line, "")


def _settled(eyes: Eyes, number: int, function: str, takes: Sequence[str | None], group: Sequence[str | None], connection: str | None, path: str, line: int, language: str) -> Iterator[_Trigger]:
    """The trigger with its settings filled in; none where one is not known."""
    found: list[Given] = []
    texts = [_filled(eyes, each, found) for each in (*takes, *group)]
    if not function or connection is None or any(each is None for each in texts) or not all(texts[: len(takes)]):
        return
    groups = [each or "" for each in texts[len(takes) :]]
    if groups and not groups[0]:
        groups[0] = _KINDS[number].default
    own = posixpath.dirname(path)
    yield _Trigger(number, f"{own}/{function}" if own and own != function else function, "/".join(each or "" for each in texts[: len(takes)]), "/".join(filter(None, groups)), connection, path, line, language, tuple(found))


def _filled(eyes: Eyes, text: str | None, found: list[Given]) -> str | None:
    """A name, or the one value that the deployment gives for `%NAME%`."""
    if text is None or not (text.startswith("%") and text.endswith("%") and len(text) > 2):
        return text
    name = text.strip("%")
    values = [*given(eyes, name), *(Given(each.value or None, each.where) for each in settings(eyes) if each.name == name and each.file.suffix != ".bicep")]
    if len({each.value for each in values}) != 1 or values[0].value is None:
        return None
    found += values
    return values[0].value


PROBE = SharedLeases()
