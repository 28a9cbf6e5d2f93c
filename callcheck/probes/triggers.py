"""Which schedules, and mappings from queues to functions, are turned off, or unknown to their platform?

    kind: CronJob  spec: {suspend: true}                           schedule: {rate: cron(0 3 * * ? *), enabled: false}    # serverless.yml
    resource "aws_lambda_event_source_mapping" "q" { enabled = false }

Sources: kubernetes.io CronJob suspend; serverless.com events; AWS SAM and CloudFormation (Enabled, State). What Vercel calls on a schedule, and
what Workers of Cloudflare are told of, are looked at by probes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.starting import TriggerOff
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES
from callcheck.sources.documents import Table, each_of, line_at, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.manifests import collect

_TIMERS = frozenset({"schedule", "Schedule", "ScheduleV2", "aws_cloudwatch_event_rule", "aws_scheduler_schedule", "google_cloud_scheduler_job", "AWS::Events::Rule", "AWS::Scheduler::Schedule"})
_RESOURCES = frozenset({"AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::Lambda::EventSourceMapping"})
_SWITCHES = {
    "aws_lambda_event_source_mapping": ("enabled", "false"),
    "aws_cloudwatch_event_rule": ("is_enabled", "false"),
    "aws_scheduler_schedule": ("state", "disabled"),
    "google_cloud_scheduler_job": ("paused", "true"),
}
"""Terraform: the key that turns a trigger off, and its value then."""


class Triggers:
    """Silent where a variable or a stage decides."""

    name = "triggers"
    looks_at = ("*.yaml", "*.yml", "*.json", "*.tf")
    marks = ("suspend:", "enabled: false", "Enabled", "State: DISABLED", "DISABLED", "aws_", "google_cloud_scheduler_job")
    answers = frozenset({TriggerOff})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for job in collect(eyes).of("CronJob"):
            if job.get("spec", "suspend") is True:
                yield _off(job.name, "timer", "disabled", "kubernetes", *job.at("spec", "suspend"))
        for globs, read in (((SERVERLESS,), _framework), (TEMPLATES, _template)):
            for file in eyes.tree.named(*globs):
                if not aside(eyes, file):
                    yield from _read(eyes, file, read)
        for file in eyes.tree.named("*.tf"):
            if not aside(eyes, file):
                yield from _terraform(eyes, file)


def _off(name: str, trigger: str, how: str, system: str, file: File, line: int) -> Evidence:
    fact = TriggerOff(clean(name, 80), trigger, how, system)
    return Evidence(fact, Basis.DECLARED, "triggers", Location(clean(file.name), line or 1), service=fact.name)


def _read(eyes: Eyes, file: File, read: Any) -> Iterator[Evidence]:
    document = eyes.readable_document(file)
    yield from read(document, file) if isinstance(document, Table) else ()


def _framework(document: Table, file: File) -> Iterator[Evidence]:
    functions = document.get("functions")
    for name, keys in functions.items() if isinstance(functions, Table) else ():
        for index, event in each_of(value_at(keys, "events")):
            for kind, told in event.items():
                if value_at(told, "enabled") is False:
                    line = line_at(functions, name, "events", index, kind, "enabled")
                    yield _off(name, "timer" if kind in _TIMERS else "pubsub", "disabled", "serverless-framework", file, line)


def _template(document: Table, file: File) -> Iterator[Evidence]:
    resources = document.get("Resources")
    for name, resource in resources.items() if isinstance(resources, Table) else ():
        kind, held = str(value_at(resource, "Type")), value_at(resource, "Properties")
        if kind in _RESOURCES and (key := _turned_off(held)):
            yield _off(name, "timer" if kind in _TIMERS else "pubsub", "disabled", "sam", file, line_at(resource, "Properties", key))
        events = value_at(held, "Events") if kind == "AWS::Serverless::Function" else None
        for event, told in events.items() if isinstance(events, Table) else ():
            if key := _turned_off(value_at(told, "Properties")):
                what = "timer" if str(value_at(told, "Type")) in _TIMERS else "pubsub"
                yield _off(name, what, "disabled", "sam", file, line_at(held, "Events", event, "Properties", key))


def _turned_off(held: Any) -> str:
    """The key by which a resource or event is turned off, "" if none does."""
    if str(value_at(held, "Enabled")).lower() == "false":
        return "Enabled"
    return "State" if str(value_at(held, "State")).upper() == "DISABLED" else ""


def _terraform(eyes: Eyes, file: File) -> Iterator[Evidence]:
    try:
        root = eyes.hcl(file)
    except SourceError:
        return
    for block in root.blocks:
        kind = block.labels[0] if block.kind == "resource" and len(block.labels) == 2 else ""
        key, value = _SWITCHES.get(kind, ("", ""))
        told = block.keys.get("state") if key == "is_enabled" and "state" in block.keys else block.keys.get(key)
        if told and told[0].strip('"').lower() in (value, "disabled"):
            yield _off(block.label, "timer" if kind in _TIMERS else "pubsub", "disabled", "terraform", file, told[1])


PROBE = Triggers()
