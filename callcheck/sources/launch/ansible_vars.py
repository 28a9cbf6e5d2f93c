"""What do the variables of Ansible stand for in a file that a playbook makes of a template?

    ExecStart=/srv/app/bin/gunicorn -w {{ app_workers | default(2) }} app:app        # templates/app.service.j2
    app_workers: 4                                                                   # group_vars/all.yml

Source: docs.ansible.com, playbooks_variables (a role's defaults come last, what a play or a host is given before them).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, tables
from callcheck.sources.launch.find import aside, own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LATER = ("defaults/main.y*ml", "*/defaults/main.y*ml"), ("group_vars/*", "group_vars/*/*", "*/group_vars/*", "*/group_vars/*/*"), ("vars/*.y*ml", "*/vars/*.y*ml")
FILES = tuple(glob for globs in _LATER for glob in globs)
_HOLE = pattern(r"\{\{-?\s*(\w{1,80})(?:\s*\|\s*default\(\s*[\"']?([^\"'(){}]{0,100}?)[\"']?\s*(?:,[^(){}]{0,40})?\))?(?:\s*\|\s*(?:int|string|trim))?\s*-?\}\}")
_LARGEST_BYTES = 200_000


def variables(eyes: Eyes) -> dict[str, Any]:
    """All that files of variables set; a later kind before an earlier one."""
    return eyes.once(("ansible-variables",), lambda: _read(eyes))


def filled(eyes: Eyes, text: str) -> str:
    """A template with what its variables are set to, or are by default; what is not known stays as it is written."""
    known = variables(eyes) | eyes.once(("ansible-plays",), lambda: _of_plays(eyes)) if "{{" in text else {}

    def fill(hole: re.Match[str]) -> str:
        value = known.get(hole[1], hole[2])
        return str(value) if isinstance(value, (str, int, float)) and "{{" not in str(value) else hole[0]

    return _HOLE.sub(fill, text) if known or "default(" in text else text


def _read(eyes: Eyes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for globs in _LATER:
        for file in eyes.tree.named(*globs):
            document = None if aside(eyes, file) else eyes.readable_document(file)
            found |= document if isinstance(document, Table) else {}
    return found


def _of_plays(eyes: Eyes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file, text in own_texts(eyes, "*.yml", "*.yaml", most=_LARGEST_BYTES):
        for play in tables(eyes.readable_document(file) if "hosts:" in text and "vars:" in text else None):
            found |= play["vars"] if "hosts" in play and isinstance(play.get("vars"), Table) else {}
    return found
