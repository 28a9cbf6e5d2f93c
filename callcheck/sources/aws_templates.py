"""Under which names do AWS templates stand in a project, and what do they say?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
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


def templates(eyes: Eyes) -> Iterator[tuple[File, Table] | Lost]:
    """Every file of these names, those of examples and tests left out, and what cannot be read of them."""
    yield from mappings(eyes, (*_NAMED, SERVERLESS))
    known = {file.name for file in eyes.tree.named(*_NAMED, SERVERLESS)}
    yield from (each for each in mappings(eyes, _STACKS, "AWS::") if isinstance(each, Lost) or each[0].name not in known)
