"""Which program is it whose variable a unit sets, by the command that the unit runs?

    command: [node, dist/mails.js]        # a unit called `notifications` whose program is src/mails.ts
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.sources.environment.setting import Setting
from callcheck.sources.files import File
from callcheck.sources.launch.branches import chosen
from callcheck.sources.launch.command import Started, read_command
from callcheck.sources.launch.find import near, package_script
from callcheck.sources.launch.recipes import KINDS, recipe

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_DEEPEST = 3


def programs_of(eyes: Eyes, setting: Setting) -> frozenset[str]:
    """The files that the command of a variable's unit starts, also through a script of package.json or of a shell; empty where that is not known."""
    entry = eyes.code.reach.entry
    found = (entry(started.entry) for started in _started(eyes, setting.file, read_command(setting.runs), 0) if started.entry) if setting.runs else ()
    return frozenset(path for path in found if path)


def _started(eyes: Eyes, file: File, commands: Sequence[Started], depth: int) -> Iterator[Started]:
    for each in commands:
        kind, _, what = each.hands_to.partition(":")
        if kind == "npm" and depth < _DEEPEST and (script := package_script(eyes, file, what)):
            yield from _started(eyes, script.file, read_command(script.text), depth + 1)
        elif kind in KINDS and depth < _DEEPEST and (made := recipe(eyes, file, each.hands_to, {})):
            yield from _started(eyes, made.file, read_command(made.text), depth + 1)
        elif kind == "sh" and depth < _DEEPEST and (there := near(eyes, file, what)):
            try:
                text = eyes.text(there)
            except SourceError:
                continue
            yield from _started(eyes, there, read_command(chosen(text, {}, each.command.split()[1:])), depth + 1)
        else:
            yield each
