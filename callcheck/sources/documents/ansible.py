"""Which tasks does a playbook or a role of Ansible hold, and how often is each done?

    - hosts: web
      vars: {ports: [3001, 3002]}
      tasks:
        - community.docker.docker_container: {name: "feed-{{ item }}", image: feed}
          loop: "{{ ports }}"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents.shapes import Table, tables

_BLOCKS = ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always")
_LOOPS = ("loop", "with_items", "with_list", "with_sequence")
_VARIABLE = pattern(r"^\{\{\s*(\w{1,80})\s*(?:\|[^}]{0,80})?\}\}$")
_RANGE = pattern(r"range\(\s*(?:(\d{1,5})\s*,\s*)?(\d{1,5})\s*(?:\+\s*1\s*)?\)")
_SEQUENCE = pattern(r"\b(count|start|end)=(\d{1,5})\b")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Task:
    """One task, with the variables that its play and files give."""

    body: Table
    known: Mapping[str, Any]

    def module(self, *names: str) -> Table | None:
        """The arguments of one of these modules, whatever collection it is called by; None where the task calls another."""
        for key, value in self.body.items():
            if str(key).rsplit(".", 1)[-1] in names and isinstance(value, Table):
                return value
        return None

    @property
    def rounds(self) -> int | None:
        """How often it is done; None where that is not known."""
        looped = next((self.body[key] for key in _LOOPS if key in self.body), None)
        return 1 if looped is None else self._length(looped)

    @property
    def line_of_rounds(self) -> int:
        """The line that says so."""
        return next((self.body.lines[key] for key in _LOOPS if key in self.body), self.body.line)

    def _length(self, looped: Any, depth: int = 0) -> int | None:
        if isinstance(looped, list):
            return len(looped)
        text = str(looped)
        if sequence := dict(_SEQUENCE.findall(text)):
            return int(sequence["count"]) if "count" in sequence else int(sequence["end"]) - int(sequence.get("start", "1")) + 1 if "end" in sequence else None
        if span := _RANGE.search(text):
            return max(0, int(span[2]) - int(span[1] or 0) + (1 if "+" in span[0] else 0))
        named = _VARIABLE.match(text)
        return self._length(self.known[named[1]], depth + 1) if named and named[1] in self.known and depth < _DEEPEST else None


def tasks(document: Any, known: Mapping[str, Any], depth: int = 0) -> Iterator[Task]:
    """Every task of a document that is a list of plays or of tasks, those in blocks too."""
    if not isinstance(document, list) or depth > _DEEPEST:
        return
    for each in tables(document):
        own = each.get("vars")
        inner = {**known, **own} if isinstance(own, Table) else known
        below = [each[key] for key in _BLOCKS if isinstance(each.get(key), list)]
        for part in below:
            yield from tasks(part, inner, depth + 1)
        if not below:
            yield Task(each, inner)


def is_task_file(text: str) -> bool:
    """Whether a text may be one of Ansible's: a list at its top."""
    return re.search(r"(?m)^- (?:name|hosts|block|\w+\.\w+\.\w+)\s*:", text) is not None
