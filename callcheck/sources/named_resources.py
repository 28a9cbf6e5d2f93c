"""Which resources of AWS do variables of the environment name, by what the deployment sets them to?

    environment = [{ name = "QUEUE_URL", value = aws_sqs_queue.labels.url }]                       # Terraform
    Variables: {QUEUE_URL: !Ref Labels, TOPIC_ARN: !GetAtt Sold.TopicArn}                          # CloudFormation, SAM, the Serverless Framework
    environment: { QUEUE_URL: labels.queueUrl }        queue.url                                   # CDK, Pulumi

A resource is known by the name that it has where it is made: a label, or what the code keeps it under.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.imports import is_test
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ROW = r"\b[nN]ame[\"']?\s*[=:]\s*[\"']?(?P<row>[A-Z][A-Z0-9_]{2,60})[\"']?\s*,?\s*[vV]alue[\"']?\s*[=:]\s*"
_KEY = r"(?<![\w.])[\"']?(?P<key>[A-Z][A-Z0-9_]{2,60})[\"']?\s*[=:,]\s*"
_SET = rf"(?:{_ROW}|{_KEY})"
_IN_TERRAFORM = pattern(rf"{_SET}[\"']?(?:\$\{{\s*)?aws_\w+\.(?P<of>\w+)(?:\[[^\]\n]*\])?\.(?:url|id|arn|name)\b")
_IN_TEMPLATES = pattern(rf"{_SET}(?:\{{?\s*[\"']?(?:!Ref|!GetAtt|(?:Fn::)?(?:Ref|GetAtt)[\"']?\s*:)\s*\[?\s*[\"']?|[\"']?\$\{{)(?P<of>[A-Za-z]\w*)")
_IN_CODE = pattern(rf"{_SET}(?:this\.|self\.)?_?(?P<of>[A-Za-z]\w*)\.(?:(?:queue|topic|table|bucket|stream|event_?[bB]us)_?(?:[uU]rl|[aA]rn|[nN]ame)|url|arn|id|name)\b")
_MADE = ("aws-cdk-lib", "aws_cdk", "@pulumi/aws", "pulumi_aws", "sst.aws")


def named_by(eyes: Eyes, variable: str) -> frozenset[str]:
    """What units are given under that name; several, where each unit is given its own."""
    return eyes.once(("named-resources",), lambda: _all(eyes)).get(variable, frozenset())


def _all(eyes: Eyes) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for written, text in _texts(eyes):
        for each in written.finditer(text):
            found.setdefault(each["row"] or each["key"], set()).add(each["of"])
    return {name: frozenset(of) for name, of in found.items()}


def _texts(eyes: Eyes) -> Iterator[tuple[re.Pattern[str], str]]:
    project = eyes.code.project
    for globs, written in ((("*.tf",), _IN_TERRAFORM), (("*.y*ml", "*.json", "*.template"), _IN_TEMPLATES)):
        yield from ((written, project.text_of(file)) for file in project.files_named(*globs) if not aside(eyes, file))
    yield from ((_IN_CODE, text) for path in project.holding(_MADE) if not is_test(path) and any(each in (text := project.text(path)) for each in _MADE))
