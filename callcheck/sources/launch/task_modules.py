"""Which modules does a command tell a worker of tasks to load, and which files does it look for by itself?

    dramatiq app.tasks app.mails --processes 2          -> app.tasks, app.mails
    command: [huey_consumer, app.queue.huey]            -> app.queue.huey
    taskiq worker --fs-discover app.broker:broker       -> app.broker, and every tasks.py

Sources: dramatiq/cli.py; huey/bin/huey_consumer.py; taskiq/cli/worker/args.py and cli/utils.py (import_tasks).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_TEXTS = ("Procfile*", "Dockerfile*", "*.yml", "*.yaml", "*.sh", "*.conf", "*.service", "*.toml", "Makefile")
_GAP = r"(?:[\"',]|[ \t]|\n[ \t]*(?:-[ \t]+|[\"']))"
_START = pattern(rf"(?<![\w.-])(?:(dramatiq)|(huey)_consumer(?:\.py)?|(taskiq){_GAP}{{1,40}}worker)(?=[\"',\s])")
_ITEM = pattern(r"^[ \t]*-[ \t]+[\"']?$")
_FOLDED = pattern(r">[-+]?[ \t]*$")
"""What stands above the first line of a YAML text whose lines are one."""
_WORD = r"\$\([^)\n]{0,200}\)|(?:\$\{[^}\n]{0,200}\}|\{\{[^}\n]{0,200}\}\}|[^\s\"',;&|<>#\[\](){}])+"
"""A brace that opens no variable or template closes the YAML mapping that the command stands in: `worker: {command: dramatiq app.tasks}`."""
_PLAIN = pattern(rf"[ \t\"']|\\\n|,\s*|({_WORD})")
_ITEMS = pattern(rf"[ \t\"']|\n[ \t]*-[ \t]+|({_WORD})")
_MODULE = pattern(r"^[A-Za-z_]\w*(?:\.\w+)*(?::[A-Za-z_]\w*)?$")
_FINDS = frozenset({"--fs-discover", "-fsd"})
_PATTERNS = ("--tasks-pattern", "-tp")
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class TaskModules:
    """One command: its library, the words of it that may name modules, and the patterns of the files that its worker looks for."""

    library: str
    names: tuple[str, ...]
    patterns: tuple[str, ...]
    whole: bool
    """Whether no word is left to a variable that may name more."""
    file: File
    line: int


def told(eyes: Eyes) -> Iterator[TaskModules]:
    """Every such command of the deployment's files; one that cannot be read, or that shows or tests something, says nothing."""
    for file in eyes.tree.named(*_TEXTS):
        if aside(eyes, file):
            continue
        text = eyes.readable(file)
        for found in _START.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            begins = text.rfind("\n", 0, found.start()) + 1
            if not text[begins : found.start()].lstrip().startswith(("#", "//")):
                words = _words(text, found, begins)
                names = tuple(word.partition(":")[0] for word in words if _MODULE.match(word))
                yield TaskModules(found[1] or found[2] or found[3], names, _patterns(words), _is_whole(words), file, line)


def _words(text: str, found: re.Match[str], begins: int) -> list[str]:
    """What follows in the same command: on its line and those that go on from it, or in the items below one."""
    before, rest = text[begins : found.start()], text[found.end() : found.end() + _LONGEST]
    if _FOLDED.search(text[:begins].rstrip("\n").rpartition("\n")[2]):
        indent = before[: len(before) - len(before.lstrip())]
        first, *lines = rest.split("\n")
        rest = " ".join([first, *itertools.takewhile(lambda line: line.startswith(indent), lines)])
    part = _ITEMS if _ITEM.match(before) else _PLAIN
    words: list[str] = []
    at = 0
    while each := part.match(rest, at):
        words += [each[1]] if each[1] else []
        at = each.end()
    return words


def _is_whole(words: list[str]) -> bool:
    """A variable behind an option is its value."""
    return not any(("$" in word or "{{" in word) and not word.startswith("-") and not before.startswith("-") for before, word in zip(["", *words], words, strict=False))


def _patterns(words: list[str]) -> tuple[str, ...]:
    """taskiq's own, of which the default holds where no other is given."""
    if _FINDS.isdisjoint(words):
        return ()
    given = [after for word, after in itertools.pairwise(words) if word in _PATTERNS]
    given += [word.partition("=")[2] for word in words if word.startswith(tuple(f"{each}=" for each in _PATTERNS))]
    return tuple(given) or ("**/tasks.py",)
