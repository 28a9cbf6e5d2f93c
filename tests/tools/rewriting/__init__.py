"""Ways to write a project anew that change nothing of what it does: what is not seen any more afterwards was read too narrowly."""

from __future__ import annotations

from collections.abc import Callable

from tests.tools.rewriting import documents, imports, names, neighbours, shapes, values
from tests.tools.rewriting.source import Files

KINDS: dict[str, Callable[[Files], Files]] = {
    "constants": values.constants,
    "elsewhere": values.elsewhere,
    "environment": values.environment,
    "options": values.options,
    "factories": shapes.factories,
    "handlers": shapes.handlers,
    "wrappers": shapes.wrappers,
    "layout": shapes.layout,
    "namespaces": imports.namespaces,
    "aliases": imports.aliases,
    "barrels": imports.barrels,
    "renamed": names.renamed,
    "beside": neighbours.beside,
    "below": neighbours.below,
    "dumped": documents.dumped,
    "forms": documents.other_forms,
}
