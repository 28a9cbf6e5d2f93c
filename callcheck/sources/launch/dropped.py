"""Which programs does a start script run whose failure it drops?

    python -m shop.register >/dev/null 2>&1 || true
    command: sh -c "node register.js || :; exec node server.js"
    ExecStartPre=-/usr/bin/python3 /srv/shop/register.py

What ends without `||` ends the script only under `set -e`; it is dropped here only where its error goes to /dev/null besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch.find import DOCKERFILES, aside, dockerfiles, package_script
from callcheck.sources.launch.image import instructions

if TYPE_CHECKING:
    from callcheck.sources import Eyes

UNITS = (*DOCKERFILES, "*.y*ml", "Procfile*", "*.service", "*.nomad", "*.hcl", "*.tf", "*.toml", "package.json", "*.conf", "*.ini")
"""Files that say what is started, and name a script if they start one."""
SCRIPTS = ("*.sh", "*.bash", "entrypoint*", "docker-entrypoint*", "start", "run")
_RUNNERS = r"(?:\S{0,100}/)?(?:python[\d.]*|node|bun|deno|tsx|ts-node|npx|npm|yarn|pnpm|uv|poetry|pipenv)"
_VARIABLES = r"\s{0,40}(?:\w{1,60}=\S{1,200}\s{1,10}){0,20}"
_COMMAND = rf"(?P<run>{_RUNNERS}\s(?:[^|;&\"'\n]|&(?=>)|(?<=>)&(?=\d)){{1,300}}?)"
_OR_TRUE = pattern(rf"(?:^|[;&\"'(]|\b(?:then|do|else|exec|RUN|CMD)\b){_VARIABLES}{_COMMAND}\s{{0,20}}\|\|\s{{0,20}}(?:true\b|:(?=\s|$|[;\"'])|/bin/true\b)")
_UNSEEN = pattern(rf"^{_VARIABLES}(?P<run>{_RUNNERS}\s[^|;&\"'\n>]{{1,300}}?)\s{{0,20}}(?:>{{1,2}}\s{{0,9}}/dev/null\s{{1,9}}2>&1|&>{{1,2}}\s{{0,9}}/dev/null|2>{{1,2}}\s{{0,9}}/dev/null)\s{{0,20}}$")
_MINUS = pattern(r"^\s*ExecStartPre=-\s*(?P<run>\S.*)$")
_SIGNS = ("||", "ExecStartPre", "/dev/null")
"""One of these stands in every line that fits a pattern above; most lines of most files have none."""
_SET_E = pattern(r"(?m)^\s*set\s+-(?:[a-z]*e|o\s+errexit)|^#!.*\s-[a-z]*e")
_MODULE = pattern(r"\s-m\s+(\w[\w.]*)|(?:^|\s)(\S+\.(?:py|[cm]?js|[cm]?ts))(?=\s|$)|\b(?:npm|yarn|pnpm)\s+(?:run\s+)?(?!run\b|exec\b|install\b|ci\b)([\w:.-]+)")
_REDIRECTED = pattern(r"\s*(?:\d|&)?>")
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Dropped:
    """One such program: its command, the name or file that it is started by, and where."""

    command: str
    entry: str
    file: File
    line: int


def dropped(eyes: Eyes) -> Iterator[Dropped]:
    """In the files that say what is started, and in scripts that one of them names; building an image starts nothing."""
    units = {file.name: eyes.readable(file, _LARGEST + 1) for file in eyes.tree.named(*UNITS) if not aside(eyes, file)}
    images = {file.name for file in dockerfiles(eyes)}
    for file in eyes.tree.named(*UNITS, *SCRIPTS):
        unit = units.get(file.name)
        if aside(eyes, file) or unit is None and not any(map(_name_of(file).search, units.values())):
            continue
        text = eyes.readable(file, _LARGEST + 1) if unit is None else unit
        built = set(_built(text)) if file.name in images else set()
        quiet = unit is None and not _SET_E.search(text)
        for number, line in enumerate(text.split("\n"), 1):
            if not any(sign in line for sign in _SIGNS) or number in built or line.lstrip().startswith(("#", "//")):
                continue
            found = _OR_TRUE.search(line) or _MINUS.match(line) or (_UNSEEN.match(line) if quiet else None)
            entry = _entry(eyes, file, found["run"]) if found else ""
            if found and entry:
                yield Dropped(" ".join(_REDIRECTED.split(found["run"])[0].split()), entry, file, number)


def _name_of(file: File) -> re.Pattern[str]:
    """How a script is named where it is started: a word such as `run` is one only as a path."""
    before = r"(?<![\w.-])" if "." in file.base else "/"
    return re.compile(rf"{before}{re.escape(file.base)}(?![\w.-])")


def _built(text: str) -> Iterator[int]:
    """The lines of a Dockerfile that build its image."""
    for line, instruction, rest in instructions(text):
        if instruction == "RUN":
            yield from range(line, line + rest.count("\n") + 1)


def _entry(eyes: Eyes, file: File, command: str) -> str:
    """`shop.register` of `python -m shop.register`, `dist/register.js` of `node dist/register.js`, and of `npm run register` what its script starts."""
    found = _MODULE.search(f" {command}")
    if found is None:
        return ""
    script = package_script(eyes, file, found[3]) if found[3] else None
    return _entry(eyes, script.file, script.text) if script is not None and script.text != command else found[1] or found[2] or ""
