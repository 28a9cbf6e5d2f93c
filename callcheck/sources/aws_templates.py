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

TEMPLATES = ("template.y*ml", "template.json", "sam.y*ml", "*.template.json", "*.template.y*ml", "*cloudformation*.y*ml")
"""CloudFormation, with SAM and what CDK writes."""
SERVERLESS = "serverless.y*ml"
"""The Serverless Framework's file, whose `resources` are CloudFormation too."""


def templates(eyes: Eyes) -> Iterator[tuple[File, Table] | Lost]:
    """Every file of these names, those of examples and tests left out, and what cannot be read of them."""
    return mappings(eyes, (*TEMPLATES, SERVERLESS))
