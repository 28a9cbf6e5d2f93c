"""Does a rule of EventBridge wait on another bus than the one on which such events are put?

    put_events(Entries=[{"EventBusName": "orchard", "Source": "sensors", ...}])
    Pattern: {source: [sensors]}                                     # a rule without EventBusName, on the default bus

Source: docs.aws.amazon.com, eb-rules ("each rule is associated with one event bus") and eb-putevents (the default bus if none is named).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.code.aws_sent import Sent, sent_by
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table, value_at
from callcheck.sources.environment.told import Told
from callcheck.sources.event_rules import Asked, in_template, in_terraform, resources
from callcheck.sources.files import File
from callcheck.sources.terraform import made

_DEFAULT = "default"
_REFERRED = pattern(r"^aws_cloudwatch_event_bus\.(\w+)\.(?:name|arn|id)$")
_ARN = pattern(r"^arn:[\w-]+:events:[^:]*:[^:]*:event-bus/(.+)$")
_NAME = pattern(r"^[\w./-]+$")


@dataclass(frozen=True, slots=True)
class _Rule:
    asked: Asked
    bus: str
    forwards: bool = False
    """Whether it, or another one of its file, hands on to a bus."""


class EventBuses:
    """Silent where the bus of anything that is put, or of the rule, is computed."""

    name = "event-buses"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf")
    marks = ("detail-type", "event_pattern")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        names: dict[str, str] = {}
        rules: list[_Rule] = []
        for each in templates(eyes):
            if isinstance(each, Lost):
                yield each
            else:
                rules += _of_template(*each, names)
        forwards = _buses_of_terraform(eyes, names)
        for told in in_terraform(eyes):
            if isinstance(told, Lost):
                yield told
            else:
                rules.append(_Rule(told, _DEFAULT if told.bus is None else _called(told.bus, names), forwards))
        sent = sent_by(eyes) if rules else Sent()
        texts = Told(eyes)
        buses = [_DEFAULT if node is None else _called(texts.text(node), names) for node in sent.buses]
        if not buses or not all(buses) or any(rule.forwards for rule in rules):
            return
        for rule in rules:
            if rule.bus and rule.bus not in buses and _fits(rule.asked.pattern, sent):
                node = next(iter((sent.types | sent.origins).values()))
                why = f"this rule is on the bus {clean(rule.bus, 40)}, and such events are put on {clean(', '.join(sorted(set(buses))), 40)}; name the same bus in both"
                fact = LibraryTrap("missing-subscription", "strong", clean(why, 160), "", "eventbridge", module_of(node).language)
                beside = seen(fact, node, self.name, label="this is what is put")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(rule.asked.file.name), rule.asked.line or 1), because=(beside,))


def _fits(pattern: Table, sent: Sent) -> bool:
    """Whether what is put, as far as it is written out, is what a pattern asks for."""
    asked = ((pattern.get("detail-type"), sent.types), (pattern.get("source"), sent.origins))
    told = [bool(set(wanted) & known.keys()) for wanted, known in asked if isinstance(wanted, list) and known and all(isinstance(each, str) for each in wanted)]
    return bool(told) and all(told)


def _called(text: str, names: dict[str, str]) -> str:
    """The name of a bus, by whatever it is referred to; "" if that is not known."""
    referred, arn = _REFERRED.match(text), _ARN.match(text)
    name = referred[1] if referred else arn[1] if arn else text.removesuffix(".Arn").removesuffix(".Name")
    return names.get(name, name) if _NAME.match(name) else ""


def _of_template(file: File, document: Table, names: dict[str, str]) -> list[_Rule]:
    given = value_at(document, "Parameters")
    for label in given if isinstance(given, dict) else ():
        names.setdefault(str(label), "")  # told when it is deployed, if no other template makes a bus of that name
    for label, each in resources(document).items():
        own = value_at(each, "Properties", "Name")
        if each.get("Type") == "AWS::Events::EventBus" and isinstance(own, str) and _NAME.match(own):
            names[label] = own
    targets = " ".join(str(value_at(each, "Properties", "Targets")) for each in resources(document).values())
    forwards = "event-bus/" in targets or any(f"'{label}.Arn'" in targets for label, each in resources(document).items() if each.get("Type") == "AWS::Events::EventBus")
    return [_Rule(asked, _DEFAULT if asked.bus is None else _called(str(asked.bus), names), forwards) for asked in in_template(document, file)]


def _buses_of_terraform(eyes: Eyes, names: dict[str, str]) -> bool:
    """Takes in the names of its buses; gives back whether a rule hands on to one."""
    forwards = False
    for scope, file, block in made(eyes):
        own = scope.text(block.text("name"), file) if block.labels[0] == "aws_cloudwatch_event_bus" else ""
        if _NAME.match(own):
            names[block.label] = own
        forwards = forwards or (block.labels[0] == "aws_cloudwatch_event_target" and "event_bus." in block.text("arn"))
    return forwards


PROBE = EventBuses()
