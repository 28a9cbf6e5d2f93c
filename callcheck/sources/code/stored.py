"""Under which keys does the code write objects into a bucket?"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import Node

_TOLD = pattern(r"[\"']Records[\"']\s*\]|\.Records\b|\bS3Event\b|\bhandler\s*\(\s*event\b")
_REQUESTED = pattern(r"\bevent\W{1,4}(?:body|httpMethod|requestContext|pathParameters|queryStringParameters)\b")
"""What a function reads that answers a request."""


def keys(code: Code) -> list[tuple[str, Node]]:
    """Each key that is written, with `*` for what is computed in it; not those of functions that are told of objects, which write what they make of them."""
    uses = [use for use in code.idioms.of("stores") if not is_test(use.module.path) and (_REQUESTED.search(use.module.text) or not _TOLD.search(use.module.text))]
    return [(event, use.call) for use in uses for event in code.idioms.events(use)]
