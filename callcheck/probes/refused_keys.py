"""May the service that is to send to a queue or topic use the key with which that is encrypted?

    resource "aws_sqs_queue" "labels" { kms_master_key_id = aws_kms_key.ours.id }        # whose policy does not name sns.amazonaws.com
    Alerts: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}          # a key of AWS', whose policy nobody can change (of queues: `replaced_events`)
    new sqs.Queue(this, "Labels", { encryption: sqs.QueueEncryption.KMS_MANAGED })

Sources: docs.aws.amazon.com, sns-enable-encryption-for-topic-sqs-queue-subscriptions; sqs-key-management (event sources); eb-troubleshooting (encrypted queues and topics).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, last_name
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.event_rules import resources
from callcheck.sources.service_targets import (
    QUEUE,
    TOPIC,
    Wanted,
    policies_told,
    wanted_in_template,
    wanted_in_terraform,
)
from callcheck.sources.terraform import Scope, scopes

_OF_AWS = "alias/aws/sns"
_OURS = pattern(r"\baws_kms_(key|alias)\.(\w+)")
_SUBSCRIBES = {"SqsSubscription": "sns", "SqsQueue": "events"}
_NAMES = {"sns": "SNS", "events": "EventBridge", "s3": "S3"}
_WHY = "{} may not use the key with which {} is encrypted, so what it sends is refused; let {}.amazonaws.com use a key of your own (kms:GenerateDataKey, kms:Decrypt)"


class RefusedKeys:
    """Silent where the key is made elsewhere, or its policy may be for any service."""

    name = "refused-keys"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf", "cdk.json", "package.json", "requirements*.txt")
    marks = ("kms_master_key_id", "KmsMasterKeyId", "aws-cdk-lib", "aws_cdk")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for scope in scopes(eyes):
            if isinstance(scope, Lost):
                yield scope
            else:
                yield from self._in_terraform(scope)
        for found in templates(eyes):
            if isinstance(found, Lost):
                yield found
            else:
                yield from self._in_template(resources(found[1]), found[0].name)
        if eyes.code.present:
            yield from self._in_code(eyes)

    def _in_terraform(self, scope: Scope) -> Iterator[Evidence]:
        made = {(block.labels[0], block.label): (file, block) for file, block in scope.resources()}
        told = policies_told(scope)
        policies = " ".join(told(block.text("policy")) for (kind, _), (_, block) in made.items() if kind == "aws_kms_key_policy")
        for wanted in dict.fromkeys(wanted_in_terraform(scope)):
            file, block = made.get((wanted.kind, wanted.target), (None, None))
            if file is None or block is None or wanted.kind not in (QUEUE, TOPIC) or "kms_master_key_id" not in block.keys:
                continue
            key = scope.settled(block.keys["kms_master_key_id"], file).value
            ours = _OURS.search(key)
            if ours is not None and ours[1] == "alias":
                ours = _OURS.search(made["aws_kms_alias", ours[2]][1].text("target_key_id")) if ("aws_kms_alias", ours[2]) in made else None
            held = made.get(("aws_kms_key", ours[2])) if ours is not None else None
            refused = _OF_AWS in key or held is not None and not _lets(told(held[1].text("policy")) + policies, wanted.service)
            if refused:
                yield self._told(wanted, Location(clean(file.name), block.keys["kms_master_key_id"][1]))

    def _in_template(self, held: dict[str, Table], path: str) -> Iterator[Evidence]:
        for wanted in dict.fromkeys(wanted_in_template(held, path)):
            target = held.get(wanted.target)
            key = str(value_at(target, "Properties", "KmsMasterKeyId") or "") if wanted.kind in (QUEUE, TOPIC) else ""
            ours = next((held[word] for word in re.findall(r"[A-Za-z]\w*", key) if word in held), None)
            if ours is not None and ours.get("Type") == "AWS::KMS::Alias":
                ours = next((held[word] for word in re.findall(r"[A-Za-z]\w*", str(value_at(ours, "Properties", "TargetKeyId"))) if word in held), None)
            refused = _OF_AWS in key or ours is not None and ours.get("Type") == "AWS::KMS::Key" and not _lets(str(value_at(ours, "Properties", "KeyPolicy") or ""), wanted.service)
            if key and refused:
                yield self._told(wanted, Location(clean(path), line_at(target, "Properties", "KmsMasterKeyId") or 1))

    def _in_code(self, eyes: Eyes) -> Iterator[Evidence]:
        for call in eyes.code.project.calls("Queue"):
            encryption = given_as(call, "encryption")
            if is_test(module_of(call).path) or last_name(encryption) != "KMS_MANAGED" or not isinstance(call.parent, Assign):
                continue
            name = last_name(call.parent.targets[0])
            for user in module_of(call).calls(*_SUBSCRIBES):
                if user.args and isinstance(user, Call) and last_name(user.args[0]) == name:
                    wanted = Wanted(_SUBSCRIBES[last_name(user.callee)], QUEUE, name, module_of(user).path, user.line)
                    yield self._told(wanted, Location(clean(module_of(call).path), encryption.line if encryption is not None else call.line))

    def _told(self, wanted: Wanted, where: Location) -> Evidence:
        why = _WHY.format(_NAMES.get(wanted.service, wanted.service), clean(wanted.target, 60), wanted.service)
        fact = LibraryTrap("callback-rejected", "strong", why, clean(wanted.target, 80), "aws", "")
        there = Evidence(fact, Basis.DECLARED, self.name, Location(clean(wanted.path), wanted.line or 1), label="this is to be delivered to it")
        return Evidence(fact, Basis.DECLARED, self.name, where, because=(there,))


def _lets(policy: str, service: str) -> bool:
    """Whether the policy of a key names the service, or may be for anybody; the account alone, which a key without a policy is for, is no service."""
    return f"{service}.amazonaws.com" in policy or bool(re.search(r"\bvar\.|\blocal\.|\bdata\.|\bmodule\.|\bfile\(|templatefile|Fn::If|ImportValue", policy)) or bool(re.search(r"(?:Principal|identifiers|AWS)\W{0,12}[\"']?\*", policy))


PROBE = RefusedKeys()
