"""Which patterns of EventBridge can no event fit, or does nobody send such events to?

    Pattern: {source: [aws.s3], details: {bucket: {name: [!Ref Scans]}}}          # no event has `details`
    Pattern: {source: [aws.s3], detail-type: ["ObjectCreated:Put"]}               # the name that S3's own notifications have
    Scans: {Type: AWS::S3::Bucket}                                                # and no EventBridgeConfiguration: it tells EventBridge nothing

Sources: docs.aws.amazon.com, eb-events-structure (the fields of an event), eb-event-patterns (`$or`), AmazonS3 EventBridge (must be enabled for
each bucket) and ev-events (the detail types).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.documents import Table, value_at
from callcheck.sources.documents.hcl_values import OPEN
from callcheck.sources.event_rules import Asked, in_template, in_terraform, resources
from callcheck.sources.files import File
from callcheck.sources.terraform import made

_FIELDS = frozenset({"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "replay-name", "$or", OPEN})
_OBJECTS = frozenset(
    {*("Object Created", "Object Deleted", "Object Restore Initiated", "Object Restore Completed", "Object Restore Expired", "Object Tags Added", "Object Tags Deleted")}
    | {"Object ACL Updated", "Object Storage Class Changed", "Object Access Tier Changed", "AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"}
)


class EventPatterns:
    """Silent where a pattern, or the bucket that it names, is computed."""

    name = "event-patterns"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf")
    marks = ("detail-type", "detailType", "aws.s3", "event_pattern", "EventPattern")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in templates(eyes):
            if isinstance(each, Lost):
                yield each
                continue
            file, document = each
            quiet = _quiet_in_template(document, file)
            for asked in in_template(document, file):
                yield from self._judge(asked, quiet)
        still: dict[str, tuple[File, int]] | None = None
        for told in in_terraform(eyes):
            if isinstance(told, Lost):
                yield told
                continue
            still = _quiet_in_terraform(eyes) if still is None else still
            yield from self._judge(told, still)

    def _judge(self, asked: Asked, quiet: dict[str, tuple[File, int]]) -> Iterator[Evidence]:
        lines, types = asked.pattern.lines, asked.pattern.get("detail-type")
        strange = next((key for key in asked.pattern if key not in _FIELDS), "")
        if strange:
            near = "detail-type" if "type" in strange.lower() else "detail" if "detail" in strange.lower() else ", ".join(("source", "detail-type", "detail"))
            why = f"the pattern asks for a field {clean(strange, 40)}, which no event of EventBridge has, so no event fits it; the field is called {near}"
            yield self._told("event-name-mismatch", why, asked.file, lines.get(strange, asked.line))
        elif asked.pattern.get("source") == ["aws.s3"] and isinstance(types, list) and types and not any(isinstance(each, str) and each in _OBJECTS for each in types):
            if all(isinstance(each, str) for each in types):
                why = f"S3 sends EventBridge no event of the type {clean(str(types[0]), 40)}; there it is called {_called(str(types[0]))}"
                yield self._told("event-name-mismatch", why, asked.file, lines.get("detail-type", asked.line))
        elif asked.pattern.get("source") == ["aws.s3"]:
            names = value_at(asked.pattern, "detail", "bucket", "name")
            named = next((each for each in names if isinstance(each, str) and each in quiet), "") if isinstance(names, list) else ""
            if named:
                why = "the bucket does not tell EventBridge of its objects, so no event comes; set EventBridgeEnabled (eventbridge = true) in its notification configuration"
                first = self._told("missing-subscription", why, *quiet[named])
                beside = Evidence(first.fact, first.basis, self.name, Location(clean(asked.file.name), asked.line or 1), label="this rule waits for its events")
                yield Evidence(first.fact, first.basis, self.name, first.where, because=(beside,))

    def _told(self, effect: str, why: str, file: File, line: int) -> Evidence:
        return Evidence(LibraryTrap(effect, "strong", clean(why, 160), "", "eventbridge", ""), Basis.DECLARED, self.name, Location(clean(file.name), line or 1))


def _called(name: str) -> str:
    kinds = (("remove", "Object Deleted"), ("delet", "Object Deleted"), ("restore", "Object Restore Completed"), ("tag", "Object Tags Added"), ("acl", "Object ACL Updated"))
    return next((real for part, real in kinds if part in name.lower()), "Object Created")


def _quiet_in_template(document: Table, file: File) -> dict[str, tuple[File, int]]:
    """The buckets of a template that tell EventBridge nothing, by their name in it and their own; none where something else may turn it on."""
    held = resources(document)
    if any(str(each.get("Type")).startswith("Custom::") for each in held.values()):
        return {}
    found: dict[str, tuple[File, int]] = {}
    for name, each in held.items():
        if each.get("Type") == "AWS::S3::Bucket" and value_at(each, "Properties", "NotificationConfiguration", "EventBridgeConfiguration") is None:
            own = value_at(each, "Properties", "BucketName")
            found |= dict.fromkeys((name, own) if isinstance(own, str) else (name,), (file, each.line))
    return found


def _quiet_in_terraform(eyes: Eyes) -> dict[str, tuple[File, int]]:
    blocks = [(file, block) for _, file, block in made(eyes)]
    on = " ".join(block.text("bucket") for _, block in blocks if block.labels[0] == "aws_s3_bucket_notification" and block.text("eventbridge") != "false" and "eventbridge" in block.keys)
    found: dict[str, tuple[File, int]] = {}
    for file, block in blocks:
        own = block.text("bucket")
        if block.labels[0] == "aws_s3_bucket" and f"aws_s3_bucket.{block.label}" not in on and (not own or own not in on):
            for name in (own, *(f"aws_s3_bucket.{block.label}.{part}" for part in ("id", "bucket"))):
                found[name] = (file, block.line)
    return {name: place for name, place in found.items() if name}


PROBE = EventPatterns()
