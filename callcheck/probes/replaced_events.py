"""Which of Amazon's event routes are taken away by another one, or lead to a queue that cannot take what comes?

    resource "aws_s3_bucket_notification" "a" { bucket = aws_s3_bucket.scans.id ... }      # one more for the same bucket replaces it
    resource "aws_s3_bucket_notification" "b" { bucket = aws_s3_bucket.scans.id ... }      # as does one with for_each, or the module s3-bucket/aws//modules/notification
    AlertQueue: {Properties: {KmsMasterKeyId: alias/aws/sqs}}                              # which SNS, S3 and EventBridge may not use
    lambda_function { filter_prefix = "scans/" }                                           # while the code writes to incoming/ alone

Sources: registry.terraform.io, aws_s3_bucket_notification ("S3 Buckets only support a single notification configuration resource");
docs.aws.amazon.com, sns-enable-encryption-for-topic-sqs-queue-subscriptions (a customer managed key).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.bucket_rules import Rule, template, terraform
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.terraform import made, roots

_TEMPLATES = (*TEMPLATES, SERVERLESS)
_MANAGED = "alias/aws/sqs"
_REPLACED = "a bucket has one notification configuration, and each of these resources replaces the whole: the one applied last remains; join them in one"
_MODULE = pattern(r"s3-bucket/aws//modules/notification\b|terraform-aws-s3-bucket[^\s\"]{0,100}//modules/notification\b")
_LOCKED = "the key alias/aws/sqs lets no service but SQS use it, so what {} sends is refused; encrypt with a key of your own that allows it, or SqsManagedSseEnabled"
_UNCOVERED = "S3 tells of new objects {} alone, and the code writes {}, for which there is no rule; make the two the same"
_PRINCIPALS = {"sns.amazonaws.com": "SNS", "s3.amazonaws.com": "S3", "events.amazonaws.com": "EventBridge"}


class ReplacedEvents:
    """Silent where buckets and queues are named in ways that cannot be compared."""

    name = "replaced-events"
    looks_at = (*_TEMPLATES, "*.tf")
    marks = ("aws_s3_bucket_notification", "S3Key", "s3:", _MANAGED)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        blocks: list[tuple[File, Block]] = []
        modules: list[tuple[File, Block]] = []
        for each in roots(eyes):
            if isinstance(each, Lost):
                yield each
            else:
                blocks += [(each[0], block) for block in each[1].find("resource")]
                modules += [(each[0], block) for block in each[1].find("module") if _MODULE.search(block.text("source"))]
        yield from self._notifications([*(row for row in blocks if row[1].labels[:1] == ("aws_s3_bucket_notification",)), *modules])
        yield from self._repeated(eyes)
        yield from self._terraform_queues(blocks)
        notified = [(file, block) for file, block in blocks if block.labels[:1] == ("aws_s3_bucket_notification",)]
        yield from self._unasked(eyes, list(terraform(*notified[0])) if len(notified) == 1 else [])
        for told in templates(eyes):
            if isinstance(told, Lost):
                yield told
                continue
            yield from self._template(*told)
            yield from self._unasked(eyes, list(template(*told)))

    def _notifications(self, blocks: list[tuple[File, Block]]) -> Iterator[Evidence]:
        by_bucket: dict[tuple[str, str], list[tuple[File, Block]]] = {}
        for file, block in blocks:
            bucket = block.text("bucket")
            if bucket and not {"count", "for_each"} & {*block.keys, *(inner.kind for inner in block.blocks)}:
                folder = file.name.rpartition("/")[0]
                by_bucket.setdefault((folder, bucket.removesuffix(".id").removesuffix(".bucket")), []).append((file, block))
        for found in by_bucket.values():
            if len(found) > 1:
                told = [self._told("missing-subscription", _REPLACED, "terraform", file, block.line) for file, block in found]
                first = told[0]
                yield Evidence(first.fact, first.basis, first.probe, first.where, because=tuple(told[1:]))

    def _repeated(self, eyes: Eyes) -> Iterator[Evidence]:
        """A resource that is made several times (`for_each = { thumbs = ..., index = ... }`, `count = 2`) for one bucket."""
        if not eyes.holds(("*.tf",), ("aws_s3_bucket_notification",)):
            return
        times: dict[int, int] = {}
        told: dict[int, tuple[File, Block]] = {}
        for scope, file, block in made(eyes):
            bucket = block.text("bucket")
            if block.labels[:1] != ("aws_s3_bucket_notification",) or not bucket or "each." in bucket or "count." in bucket:
                continue
            over = scope.value(eyes, block.keys["for_each"], file) if "for_each" in block.keys and not scope.each else None
            written = next((inner for inner in block.blocks if inner.kind == "for_each"), None)
            over = [*written.keys, *written.blocks] if written is not None else over
            count = scope.settled(block.keys["count"], file).value.strip() if "count" in block.keys else ""
            many = len(over) if isinstance(over, list) else int(count) if count.isdigit() else 1 if scope.each else 0
            times[id(block)] = times.get(id(block), 0) + many
            told[id(block)] = file, block
        for key, (file, block) in told.items():
            if times[key] > 1:
                yield self._told("missing-subscription", _REPLACED, "terraform", file, block.line)

    def _unasked(self, eyes: Eyes, rules: list[Rule]) -> Iterator[Evidence]:
        """A rule for which no key fits that the code writes, while it writes one that no rule of the bucket asks for."""
        if not rules or not eyes.code.present:
            return
        from callcheck.sources.code.seen import seen
        from callcheck.sources.code.stored import keys

        written = keys(eyes.code)
        astray = next(((key, node) for key, node in written if not any(rule.asks(key) for rule in rules)), None)
        if astray is None or not all(key.strip("*") for key, _ in written):
            return
        for rule in rules:
            if not any(rule.asks(key) for key, _ in written):
                asked = " and ".join(filter(None, (f"under {clean(rule.prefix or '', 40)}" if rule.prefix else "", f"that end in {clean(rule.suffix or '', 20)}" if rule.suffix else "")))
                first = self._told("missing-subscription", _UNCOVERED.format(asked, clean(astray[0], 40)), rule.system, rule.file, rule.line, "fair")
                beside = seen(first.fact, astray[1], self.name, label="this key is another one")
                yield Evidence(first.fact, first.basis, self.name, first.where, because=(beside,))

    def _terraform_queues(self, blocks: list[tuple[File, Block]]) -> Iterator[Evidence]:
        senders = " ".join(value for _, block in blocks if "topic_subscription" in block.labels[0] or "bucket_notification" in block.labels[0] for part in (block, *block.blocks) for value, _ in part.keys.values())
        for file, block in blocks:
            if block.labels[:1] == ("aws_sqs_queue",) and block.text("kms_master_key_id") == _MANAGED and f"aws_sqs_queue.{block.label}." in senders:
                yield self._told("callback-rejected", _LOCKED.format("SNS or S3"), "terraform", file, block.keys["kms_master_key_id"][1])

    def _template(self, file: File, document: object) -> Iterator[Evidence]:
        resources = value_at(document, "Resources") or value_at(document, "resources", "Resources")
        if not isinstance(resources, Table):
            return
        whole = {name: str(each) for name, each in resources.items() if isinstance(each, Table) and each.get("Type") == "AWS::SQS::QueuePolicy"}
        for name, each in resources.items():
            if not isinstance(each, Table) or each.get("Type") != "AWS::SQS::Queue" or value_at(each, "Properties", "KmsMasterKeyId") != _MANAGED:
                continue
            for policy, text in whole.items():
                sender = next((title for principal, title in _PRINCIPALS.items() if principal in text), "")
                if sender and name in text:
                    first = self._told("callback-rejected", _LOCKED.format(sender), "aws", file, line_at(each, "Properties", "KmsMasterKeyId"))
                    beside = Evidence(first.fact, first.basis, self.name, Location(clean(file.name), resources.lines.get(policy, 1)), label=f"lets {sender} send to it")
                    yield Evidence(first.fact, first.basis, self.name, first.where, because=(beside,))
                    break

    def _told(self, effect: str, why: str, framework: str, file: File, line: int, strength: str = "strong") -> Evidence:
        return Evidence(LibraryTrap(effect, strength, why, "", framework, ""), Basis.DECLARED, self.name, Location(clean(file.name), line or 1))


PROBE = ReplacedEvents()
