"""Which functions does a serverless platform call, by the names that its configuration gives?

    functions:
      tag: {handler: src/handler.tag}      # export const tag = async (event) => …
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable

from callcheck.model.pattern import pattern
from callcheck.sources.code.project import Project
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Function

_FILES = ("serverless.y*ml", "serverless.ts", "serverless.json", "template.y*ml", "template.json", "sam.y*ml", "*.template.json", "*.tf")
_HANDLER = pattern(r"""\bhandler"?[ \t]*[:=][ \t]*["']?(?:\./)?([\w./-]{1,200}?)\.([A-Za-z_]\w{0,99})["']?[ \t]*[,}]?[ \t]*$""", re.IGNORECASE | re.MULTILINE)
_BUILT = ("dist/", "build/", "lib/", "out/", ".build/", "src/")
_LONGEST = 300_000


class Invoked:
    """Looks the functions up by file and name; a file inside build output means the source of the same name."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def any_of(self, function: Function, names: Callable[[], Iterable[str]]) -> bool:
        """Whether a function that is known by these names is one that a configuration names."""
        return bool(self._named) and any(self._calls(function, name) for name in names())

    def _calls(self, function: Function, name: str) -> bool:
        if not name or name not in self._named or function_of(function) is not None:
            return False
        stem = module_of(function).path.rsplit(".", 1)[0]
        return any(f"/{stem}".endswith(f"/{file}") for file in self._named[name])

    @functools.cached_property
    def _named(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for file in self.project.files_named(*_FILES):
            text = self.project.text_of(file) if file.size <= _LONGEST else ""
            for path, name in _HANDLER.findall(text) if "andler" in text else ():
                places = found.setdefault(name, set())
                places.add(path)
                places.update(path.removeprefix(folder) for folder in _BUILT)
        return found
