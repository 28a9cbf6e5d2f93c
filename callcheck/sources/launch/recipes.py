"""What does a target of make, just or Task run?

    run: migrate                            CMD ["make", "run"]
        gunicorn -w $(WORKERS) board:app    of a Makefile, with `WORKERS ?= 4` above, or `make run WORKERS=4`
    serve workers="4":                      just serve 2: `{{workers}}` in the lines below
    start: {cmds: ["uvicorn board:app --workers {{.WORKERS}}"]}     of Taskfile.yml

Sources: gnu.org/software/make/manual (a variable of the command line goes before all, one of the environment before `?=`); just.systems/man; taskfile.dev/reference/schema.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, value_at
from callcheck.sources.launch.find import Script, filled_in, near
from callcheck.sources.launch.roles import role_of_name
from callcheck.sources.launch.started import ONE_OFF, Reader, Started
from callcheck.sources.launch.words import Word

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_FILES = {"make": ("Makefile", "makefile", "GNUmakefile"), "just": ("justfile", "Justfile", ".justfile"), "task": ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml")}
KINDS = frozenset(_FILES)
_TAKES = {"make": ("-C", "--directory", "-f", "--file", "-j", "-I"), "just": ("-d", "--working-directory", "-f", "--justfile"), "task": ("-d", "--dir", "-t", "--taskfile")}
"""Options whose value is a word of its own."""
_ELSEWHERE = frozenset({"-C", "--directory", "-d", "--working-directory", "--dir"})
_SET = pattern(r"^(\w{1,80})=(.*)$")
_MARKS = pattern(r"^([ \t]*)[@+-]+")
_HEADER = {
    "make": pattern(r"^([\w.%/ -]{1,200}?)[ \t]*::?(?![=:])([^\n]*)$"),
    "just": pattern(r"^@?([\w-]{1,80}(?:[ \t]+[^\s:]{1,80}){0,12})[ \t]*:(?!=)([^\n]*)$"),
}
_LARGEST = 300_000


def recipe(eyes: Eyes, beside: File, hands_to: str, env: Mapping[str, str]) -> Script | None:
    """The lines of the target that a command hands over to (`make:-C backend run WORKERS=4`), with what is known of its variables; None where it is not to be found."""
    tool, _, rest = hands_to.partition(":")
    folder, target, said, args = _words(tool, rest.split())
    file = next((found for name in _FILES[tool] if (found := near(eyes, beside, posixpath.join(folder, name))) is not None), None)
    if file is None or not target:
        return None
    try:
        if tool == "task":
            return _of_task(eyes, file, target, said)
        text = eyes.text(file)
    except SourceError:
        return None
    return _of_lines(tool, text, file, target, {name: value for name, value in env.items() if value}, said, args) if len(text) < _LARGEST else None


def _words(tool: str, words: Sequence[str]) -> tuple[str, str, dict[str, str], list[str]]:
    """The folder, the target, variables that are set and further words of a command line."""
    folder, said, free = "", dict[str, str](), list[str]()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in _TAKES[tool] and rest:
            value = rest.pop(0)
            folder = value if word in _ELSEWHERE else folder
        elif found := _SET.match(word):
            said[found[1]] = found[2]
        elif not word.startswith("-"):
            free.append(word)
    return folder, free[0] if free else "", said, free[1:]


def _of_lines(tool: str, text: str, file: File, target: str, env: Mapping[str, str], said: Mapping[str, str], args: Sequence[str]) -> Script | None:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        header = _HEADER[tool].match(line)
        if header is None or line[:1] in " \t" or target not in (header[1].split() if tool == "make" else header[1].split()[:1]):
            continue
        parameters = [word.partition("=") for word in header[1].split()[1:]] if tool == "just" else []
        named = {name.lstrip("+*$"): value.strip("\"'") for name, _, value in parameters}
        told = named | dict(zip(named, args, strict=False)) | dict(said)
        known = "\n".join((*(f"{name} = {value}" for name, value in env.items()), text, *(f"{name} := {value}" for name, value in told.items())))
        body: list[str] = []
        for each in lines[number + 1 :]:
            if each.strip() and each[:1] not in " \t":
                break
            body.append(each)
        first = [] if any(each.strip() for each in body) else [f"{tool} {name}" for name in header[2].partition("#")[0].split() if tool == "make"]
        return Script("\n".join(("; ".join(first), *(_filled(each, known) for each in body))), file, number + 1)
    return None


def _filled(line: str, known: str) -> str:
    """One line of a recipe, as the shell gets it."""
    text = _MARKS.sub(r"\1", line).replace("$(MAKE)", "make").replace("$$", "\0")
    return filled_in(text, known).replace("\0", "$")


def _of_task(eyes: Eyes, file: File, target: str, said: Mapping[str, str]) -> Script | None:
    document = eyes.document(file)
    tasks = document.get("tasks") if isinstance(document, Table) else None
    task = tasks.get(target) if isinstance(tasks, Table) else None
    if not isinstance(tasks, Table) or task is None:
        return None
    held: Any = task.get("cmds", task.get("cmd")) if isinstance(task, Table) else task
    begin = tasks.lines[target]
    lines: dict[int, str] = {}
    for number, each in enumerate(held) if isinstance(held, list) else ((0, held),):
        at = held.lines[number] if isinstance(held, list) and hasattr(held, "lines") else begin
        text = each if isinstance(each, str) else str(each.get("cmd") or (f"task {each['task']}" if "task" in each else "")) if isinstance(each, Table) else ""
        lines[at] = f"{lines[at]}; {text}" if at in lines else text
    kept = {name: value for table in (document, task) for name, value in (value_at(table, "vars") or {}).items() if isinstance(value, (str, int))}
    known = "\n".join(f"{name} := {value}" for name, value in (kept | dict(said)).items())
    return Script("\n".join(filled_in(re.sub(r"\s*\n\s*", " ; ", lines.get(at, "")), known) for at in range(begin, max(lines, default=begin) + 1)), file, begin)


def _hands(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    """What a command of such a tool hands over to; None for targets that run once, and where none is named."""
    tool = "task" if program == "go-task" else program
    _, target, _, _ = _words(tool, [word.text for word in words])
    if not target or ONE_OFF.search(target):
        return None
    return Started("", hands_to=f"{tool}:{' '.join(word.text for word in words)}", role=role_of_name(target))


READERS: dict[str, Reader] = {"make": _hands, "gmake": lambda program, words, env: _hands("make", words, env), "just": _hands, "task": _hands, "go-task": _hands}
