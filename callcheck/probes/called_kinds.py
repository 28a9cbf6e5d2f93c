"""Does a function of Lambda read the records of another service than the one that calls it?

    resource "aws_sns_topic_subscription" "scans" { protocol = "lambda", endpoint = aws_lambda_function.intake.arn }
    for record in event["Records"]: key = record["s3"]["object"]["key"]       # what the bucket says is a text in record["Sns"]["Message"]

Source: docs.aws.amazon.com/lambda/latest/dg, the examples of events of SNS, SQS, S3, DynamoDB, Kinesis and EventBridge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.record_reads import event_reads, record_reads
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Function
from callcheck.sources.function_callers import Caller
from callcheck.sources.function_code import run_by_lambda

_KEYS = {"s3": "s3", "Sns": "sns", "body": "sqs", "messageId": "sqs", "receiptHandle": "sqs", "dynamodb": "dynamodb", "kinesis": "kinesis"}
"""The fields of a record by which it is known whose it is."""
_WHOLE = {"body": "http", "detail": "eventbridge"}
"""The same for fields of the event itself."""
_OF_EVENT = r"""\b(?:event|evt)(?:\.|\[["'])(?:body|detail)\b"""
_TELLS = pattern(r"\b[eE]ventSource\b|requestContext|httpMethod")
"""What the code asks for that is called by several."""
_HOLDS = {
    "sns": "SNS calls it with record.Sns, and what was published is the text in its Message; parse that first",
    "sqs": "SQS calls it with record.body, and what was sent is that text; parse it first",
    "s3": "a bucket calls it with record.s3, and neither body nor Message are there",
    "kinesis": "Kinesis calls it with record.kinesis, whose data is the message in base64",
    "dynamodb": "a table's stream calls it with record.dynamodb, whose NewImage is the row",
    "eventbridge": "EventBridge calls it with one event, which has detail and no Records",
}
_OPENS = {"sns": r"\bSns\b", "eventbridge": r"(?:\.|[\[(]\s*[\"']|\{\s*)detail\b"}


class CalledKinds:
    """Silent where a caller is not known, where several pieces of code may be a function's, and where the code also knows what its caller brings."""

    name = "called-kinds"
    looks_at = Sight.SOURCE
    marks = ("Records", "event.body", "event['body']", 'event["body"]', "event.detail", "event['detail']", 'event["detail"]')
    signs = (Sign(words=("Records",)), Sign(words=("body", "detail"), pattern=_OF_EVENT))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        paths = [module.path for module in code.project.naming("Records", "body", "detail") if not is_test(module.path)]
        for each in run_by_lambda(eyes) if paths else ():
            if each.path in paths:
                yield from self._misread(code, each.function, each.callers)

    def _misread(self, code: Code, function: Function, callers: list[Caller]) -> Iterator[Evidence]:
        calling = [each for each in callers if not each.allowed]
        services = {each.service for each in callers}
        text = module_of(function).text
        reads = [(_KEYS.get(key, ""), node) for key, node in record_reads(code.origins, function)]
        reads += [(_WHOLE.get(key, ""), node) for key, node in event_reads(code.origins, function)] if "Records" not in text else []
        if not calling or "" in services or _TELLS.search(text) or any(_knows(module_of(node).text, service) for service in services for node in (function, *(node for _, node in reads))):
            return
        for service, node in reads:
            if service and service not in services:
                why = f"this reads the records of another service: {_HOLDS[calling[0].service]}"
                fact = LibraryTrap("payload-mismatch", "strong", why, "", "aws-lambda", module_of(node).language)
                beside = Evidence(fact, Basis.DECLARED, self.name, Location(clean(calling[0].path), calling[0].line), label="what calls the function")
                yield seen(fact, node, self.name, (beside,))
                return


def _knows(text: str, service: str) -> bool:
    """Whether a file has to do with what a service brings: as a field, a key that is asked for, or a part that is taken."""
    fields = "|".join(key for key, brings in _KEYS.items() if brings == service)
    return re.search(_OPENS.get(service) or rf"Records[\s\S]*(?:\.|(?:\[|get\()\s*[\"']|[\"'](?=\w+[\"']\s+in\b)|\{{\s*)(?:{fields})\b", text) is not None


PROBE = CalledKinds()
