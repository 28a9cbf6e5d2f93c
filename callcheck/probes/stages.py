"""Does an address that is given away to be called back lack the stage under which API Gateway serves?

    CALLBACK_BASE: !Sub https://${Api}.execute-api.${AWS::Region}.amazonaws.com       # StageName: live
    callback_url: `${process.env.CALLBACK_BASE}/hooks/courier`                        # 403: Missing Authentication Token

Source: docs.aws.amazon.com/apigateway, invoke URLs: a REST API has its stage in the path, an HTTP API with the stage $default has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen
from callcheck.sources.code.variables import Read
from callcheck.sources.documents import Table, value_at
from callcheck.sources.files import File

_ROOT = pattern(r"^https://\$\{(\w+)\}\.execute-api\.[^/]{1,80}/?$")
_FUNCTION = pattern(r"^AWS::(?:Serverless|Lambda)::Function$")
_RESTS = {"AWS::Serverless::Api": "StageName", "AWS::ApiGateway::RestApi": ""}


class Stages:
    """SAM and CloudFormation templates, for variables that the code puts into a callback address."""

    name = "stages"
    looks_at = ("*.yaml", "*.yml", "*.json", "*.template")
    marks = ("execute-api",)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        reads: list[Read] | None = None
        for file in eyes.tree.named(*self.looks_at):
            document = eyes.readable_document(file) if "execute-api" in eyes.readable(file) else None
            for name, text, line, stage in _rootless(document) if isinstance(document, Table) else ():
                if reads is None:
                    reads = eyes.code.variables.reads if eyes.code.present else []
                for read in reads:
                    if read.name == name and read.purpose.startswith("callback"):
                        yield _evidence(file, line, name, text, stage, read)
                        break


def _evidence(file: File, line: int, name: str, text: str, stage: str, read: Read) -> Evidence:
    fact = AddressUnreachable(clean(name, 80), clean(text, 200), "no-stage", "", clean(stage, 60))
    used = seen(fact, read.place, "stages", label="it is given away to be called back here")
    return Evidence(fact, Basis.DECLARED, "stages", Location(clean(file.name), line), because=(used,))


def _rootless(document: Table) -> Iterator[tuple[str, str, int, str]]:
    """Each variable of a function that holds a REST API's address without its stage: name, text, line, stage."""
    resources = document.get("Resources")
    if not isinstance(resources, Table):
        return
    for name, value, line in _variables(document, resources):
        found = _ROOT.match(text := _substituted(value))
        resource = resources.get(found[1]) if found else None
        if found and found[1] == "ServerlessRestApi":
            yield name, text, line, "Prod"
        elif isinstance(resource, Table) and str(resource.get("Type")) in _RESTS:
            stage = value_at(resource, "Properties", "StageName")
            yield name, text, line, stage if isinstance(stage, str) else "the stage"


def _variables(document: Table, resources: Table) -> Iterator[tuple[str, Any, int]]:
    tables = [value_at(document, "Globals", "Function", "Environment", "Variables")]
    tables += [value_at(each, "Properties", "Environment", "Variables") for each in resources.values() if isinstance(each, Table) and _FUNCTION.match(str(each.get("Type")))]
    for table in tables:
        if isinstance(table, Table):
            yield from ((str(name), value, table.lines.get(name, table.line)) for name, value in table.items())


def _substituted(value: Any) -> str:
    inner = value.get("Fn::Sub") if isinstance(value, dict) else value
    first = inner[0] if isinstance(inner, list) and inner else inner
    return str(first) if isinstance(first, str) else ""


PROBE = Stages()
