"""Does code on Cloudflare Workers take keys from `process.env`, which is empty there unless the Worker's configuration asks for more?

    compatibility_date = "2024-10-04"                          # wrangler.toml
    authorization: `Bearer ${process.env.MISTRAL_API_KEY}`     # Bearer undefined; the key is in env, the handler's argument

Source: developers.cloudflare.com/workers/configuration/compatibility-flags, nodejs_compat_populate_process_env.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.variables import VariableMissing
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch.find import folder_of

_SINCE = "2025-04-01"
"""From this compatibility date on, nodejs_compat alone fills it."""


class Unpopulated:
    """Silent where several Workers are configured, since it cannot be told which of them loads a file."""

    name = "unpopulated"
    looks_at = Sight.SOURCE
    marks = ("process.env",)
    answers = frozenset({VariableMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        files = eyes.tree.named("wrangler.toml", "wrangler.json", "wrangler.jsonc")
        if len(files) != 1 or _filled(eyes, files[0]):
            return
        variables = eyes.code.variables
        written = variables.written()
        folder = folder_of(files[0].name)
        loaded = eyes.code.reach.loads(posixpath.normpath(posixpath.join(folder, _main(eyes, files[0])))) if folder else frozenset()
        for read in variables.reads:
            module = module_of(read.node)
            if module.language == "python" or is_test(module.path) or "process.env" not in module.line_of(read.node):
                continue
            if folder and not module.path.startswith(f"{folder}/") and module.path not in loaded:
                continue  # of another app of the same repository
            if read.purpose == "credential" and read.needed and read.name not in written:
                fact = VariableMissing(clean(read.name, 100), "", clean(files[0].name, 100), "not-in-process-env", module.language)
                yield seen(fact, read.place, self.name, label="process.env holds nothing in this Worker")


def _main(eyes: Eyes, file: File) -> str:
    document = eyes.document(file)
    return str(document.get("main") or "") if isinstance(document, Table) else ""


def _filled(eyes: Eyes, file: File) -> bool:
    """Whether `process.env` holds the Worker's variables and secrets, or that cannot be told."""
    document = eyes.readable_document(file)
    if not isinstance(document, Table) or "main" not in document:
        return True
    flags = document.get("compatibility_flags")
    said = {str(flag) for flag in flags} if isinstance(flags, list) else set()
    if "nodejs_compat_populate_process_env" in said:
        return True
    if "nodejs_compat_do_not_populate_process_env" in said:
        return False
    date = str(document.get("compatibility_date") or "")
    return not date or (date >= _SINCE and bool(said & {"nodejs_compat", "nodejs_compat_v2"}))


PROBE = Unpopulated()
