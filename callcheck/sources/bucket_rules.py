"""Which keys do the notifications of a bucket ask for, and which ways of writing?

    lambda_function { events = ["s3:ObjectCreated:*"], filter_prefix = "scans/" }                        # Terraform
    Event: s3:ObjectCreated:Put, Filter: {S3Key: {Rules: [{Name: suffix, Value: .jpg}]}}                 # SAM and CloudFormation
    events: [{s3: {bucket: photos, event: s3:ObjectCreated:Put, rules: [{prefix: uploads/}]}}]           # the Serverless Framework
    detail: {reason: [PutObject], object: {key: [{prefix: scans/}]}}                                     # a pattern of EventBridge
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, each_of, line_at, tables, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.event_rules import Asked
from callcheck.sources.files import File

_EVENT = pattern(r"s3:[\w:*]+")
_ANY = "s3:ObjectCreated:*"
"""What the Serverless Framework asks for where nothing is said."""
_REASONS = {"PutObject": "Put", "POST Object": "Post", "CopyObject": "Copy", "CompleteMultipartUpload": "CompleteMultipartUpload"}
_OPEN = ("${", "!", "*", "{{")


@dataclass(frozen=True, slots=True)
class Rule:
    """A prefix and a suffix, "" for none; None for one that is computed."""

    prefix: str | None
    suffix: str | None
    system: str
    file: File
    line: int
    kinds: tuple[str, ...] = ()
    """The events as written (`s3:ObjectCreated:Put`); () where they are computed."""
    kinds_line: int = 0

    def hears(self, way: str) -> bool:
        """Whether it may ask for objects that are written in a way (`Put`, `Post`, `Copy`, `CompleteMultipartUpload`)."""
        return not self.kinds or not {f"s3:ObjectCreated:{way}", "s3:ObjectCreated:*", "s3:*"}.isdisjoint(self.kinds)

    def names(self, key: str) -> bool:
        """Whether it names a folder, and a key is certainly in that."""
        return bool(self.prefix) and key.partition("*")[0].startswith(self.prefix or "")

    def asks(self, key: str) -> bool:
        """Whether it may ask for a key in which `*` stands for what is computed."""
        if self.prefix is None or self.suffix is None:
            return True
        head, star, _ = key.partition("*")
        tail = key.rpartition("*")[2]
        begins = head.startswith(self.prefix) or bool(star) and self.prefix.startswith(head)
        return begins and (tail.endswith(self.suffix) or bool(star) and self.suffix.endswith(tail))


def terraform(file: File, block: Block) -> Iterator[Rule]:
    """Of an `aws_s3_bucket_notification`."""
    for part in block.blocks:
        prefix, suffix = (_plain(part.text(name)) for name in ("filter_prefix", "filter_suffix"))
        line = next((part.keys[name][1] for name in ("filter_suffix", "filter_prefix") if name in part.keys), part.line)
        told, at = part.keys.get("events", ("", line))
        yield Rule(None if prefix and "." in prefix and not prefix.endswith("/") else prefix, suffix, "terraform", file, line, _kinds(told), at)


def template(file: File, document: Any) -> Iterator[Rule]:
    """Of functions and buckets in a template, and of functions of the Serverless Framework."""
    resources = value_at(document, "Resources") or value_at(document, "resources", "Resources")
    for resource in tables(list(resources.values())) if isinstance(resources, Table) else ():
        events = value_at(resource, "Properties", "Events")
        for told in tables(list(events.values())) if isinstance(events, Table) else ():
            if told.get("Type") == "S3":
                asked = value_at(told, "Properties", "Events")
                yield _rule(file, value_at(told, "Properties", "Filter", "S3Key", "Rules"), told.line, "aws", asked, line_at(told, "Properties", "Events"))
        for kind in ("LambdaConfigurations", "QueueConfigurations", "TopicConfigurations"):
            for _, each in each_of(value_at(resource, "Properties", "NotificationConfiguration", kind)):
                yield _rule(file, value_at(each, "Filter", "S3Key", "Rules"), each.line, "aws", each.get("Event"), line_at(each, "Event"))
    functions = value_at(document, "functions")
    for keys in tables(list(functions.values())) if isinstance(functions, Table) else ():
        for _, listed in each_of(keys.get("events")):
            if "s3" in listed:
                yield _rule(file, value_at(listed, "s3", "rules"), listed.line, "serverless", value_at(listed, "s3", "event") or _ANY, line_at(listed, "s3", "event"))


def of_patterns(asked: Iterable[Asked]) -> Iterator[Rule]:
    """Of EventBridge's patterns for new objects; the reason in its events is the way of writing (AmazonS3, ev-events)."""
    for each in asked:
        if each.pattern.get("source") == ["aws.s3"] and each.pattern.get("detail-type") == ["Object Created"]:
            reasons, keys = (value_at(each.pattern, "detail", *path) for path in (("reason",), ("object", "key")))
            ways = [_REASONS.get(str(reason)) for reason in reasons] if isinstance(reasons, list) else [None]
            kinds = () if None in ways else tuple(f"s3:ObjectCreated:{way}" for way in ways)
            prefixes = [row["prefix"] for _, row in each_of(keys) if "prefix" in row]
            prefix = prefixes[0] if len(prefixes) == 1 and isinstance(prefixes[0], str) else "" if keys is None else None
            yield Rule(prefix, "", "eventbridge", each.file, each.line, kinds, line_at(each.pattern, "detail", "reason") or each.line)


def _rule(file: File, rows: Any, line: int, system: str, asked: Any, at: int) -> Rule:
    held: dict[str, str | None] = {"prefix": "", "suffix": ""}
    for at, row in each_of(rows):
        for name in held:
            if str(row.get("Name")).lower() == name or name in row:
                held[name] = _plain(str(row.get("Value") if "Name" in row else row[name]))
                line = line_at(rows, at) or line
    return Rule(held["prefix"], held["suffix"], system, file, line, _kinds(str(asked)), at or line)


def _kinds(written: str) -> tuple[str, ...]:
    return () if any(mark in written for mark in ("${", "var.", "local.")) else tuple(_EVENT.findall(written))


def _plain(text: str) -> str | None:
    return None if any(mark in text for mark in _OPEN) else text
