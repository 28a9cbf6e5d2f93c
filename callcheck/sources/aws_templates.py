"""Under which names do AWS templates stand in a project, and what do they say?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch import mappings

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_NAMED = ("template.y*ml", "template.json", "sam.y*ml", "*.template.json", "*.template.y*ml", "*cloudformation*.y*ml")
_PLACED = tuple(f"{start}{folder}/*.y*ml" for folder in ("infra", "infrastructure", "cloudformation", "cfn", "aws", "stacks") for start in ("", "*/"))
_STACKS = ("*stack*.y*ml", "*cfn*.y*ml", "infra*.y*ml", *_PLACED)
"""Names that other files have, too: those that make something of AWS's are templates."""
TEMPLATES = (*_NAMED, *_STACKS)
"""CloudFormation, with SAM and what CDK writes."""
SERVERLESS = "serverless.y*ml"
"""The Serverless Framework's file, whose `resources` are CloudFormation too."""
_BROUGHT_IN = pattern(r"^\$\{file\(([^)\s]{1,200})\)(?::[\w.]+)?\}$")
"""`resources: ${file(resources/tables.yml)}`"""


def templates(eyes: Eyes) -> Iterator[tuple[File, Table] | Lost]:
    """Every file of these names, those of examples and tests left out, and what cannot be read of them."""
    known = {file.name for file in eyes.tree.named(*_NAMED, SERVERLESS)}
    brought: dict[str, File] = {}
    for each in mappings(eyes, (*_NAMED, SERVERLESS)):
        yield each
        brought |= {file.name: file for file in _brought_in(eyes, *each)} if not isinstance(each, Lost) else {}
    rest = [each for each in mappings(eyes, _STACKS, "AWS::") if isinstance(each, Lost) or each[0].name not in known]
    yield from rest
    known |= {each.what if isinstance(each, Lost) else each[0].name for each in rest}
    for name in sorted(brought.keys() - known):
        yield from mappings(eyes, (name,), "AWS::")


def _brought_in(eyes: Eyes, file: File, document: Table) -> Iterator[File]:
    """The files of the project that `resources` of the Serverless Framework's file are read from, one or several."""
    told = document.get("resources")
    for each in told if isinstance(told, list) else [told, *(told.values() if isinstance(told, Table) else ())]:
        found = _BROUGHT_IN.match(each) if isinstance(each, str) else None
        there = eyes.tree.get(posixpath.normpath(posixpath.join(posixpath.dirname(file.name), found[1].strip("\"'")))) if found else None
        if there is not None:
            yield there
