"""What does an image start by itself?

FROM python:3.12-slim
ENV WEB_CONCURRENCY=2
CMD ["gunicorn", "app:app"]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.files import File
from callcheck.sources.launch.claims import of_another
from callcheck.sources.launch.command import read_command
from callcheck.sources.launch.find import image_name, package_script
from callcheck.sources.launch.roles import INFRASTRUCTURE, role_of_image
from callcheck.sources.launch.state import Unit, run, state

if TYPE_CHECKING:
    from callcheck.sources import Eyes

Command = str | Sequence[object]
_INSTRUCTION = pattern(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_PAIR = pattern(r"(\w{1,80})=(\"[^\"]*\"|'[^']*'|\S*)")
_STARTING = (
    # docker-images/gunicorn_conf.py of tiangolo/uvicorn-gunicorn-docker: one worker for each core, and at least two, unless WEB_CONCURRENCY says another number.
    (pattern(r"(?:^|/)tiangolo/(?:uvicorn|meinheld)-gunicorn\b"), "gunicorn app.main:app", (("WEB_CONCURRENCY", "2"),)),
)
"""Bases that start an app which is put into them: pattern, command, variables."""


_ARGUMENT = pattern(r"[a-z][a-z0-9_-]*$")
"""What may be the name of a mode that an entry script knows: `command: worker`."""
_SERVERS = INFRASTRUCTURE - {"tool"}
"""Roles of bases that start a server of their own; on a tool (`FROM alpine`) programs are built."""


@dataclass(frozen=True, slots=True)
class Image:
    """The last stage of a Dockerfile; lines count from 1, 0 for what is not there."""

    base: str = ""
    entrypoint: Command = ""
    entrypoint_line: int = 0
    command: Command = ""
    command_line: int = 0
    env: dict[str, str] = field(default_factory=dict)
    copies_from: tuple[tuple[str, int], ...] = ()
    """Images and stages that `COPY --from=` names, with their lines."""


def read_image(text: str, target: str = "") -> Image:
    """The stage named `target`, or the last one, with what it inherits from earlier stages."""
    stages: dict[str, Image] = {}
    now = Image()
    name = ""
    for line, instruction, rest in instructions(text):
        if instruction == "FROM":
            if target and name == target:
                break
            words = [word for word in rest.split() if not word.startswith("--")]
            base = words[0] if words else ""
            name = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else ""
            now = stages.get(base.lower()) or _with_start(base, line)
        elif instruction == "ENV":
            now = replace(now, env=now.env | env_of(rest))
        elif instruction == "ENTRYPOINT":
            # A new entry point makes an inherited command void.
            now = replace(now, entrypoint=_form(rest), entrypoint_line=line, command="", command_line=0)
        elif instruction == "CMD":
            now = replace(now, command=_form(rest), command_line=line)
        elif instruction == "COPY" and (found := re.search(r"--from=(\S{1,200})", rest)):
            now = replace(now, copies_from=(*now.copies_from, (found[1], line)))
        if name:
            stages[name] = now
    return stages.get(target.lower(), now) if target else now


def _with_start(base: str, line: int) -> Image:
    """An image by its base: some bases start something by themselves, in several processes."""
    for named, command, env in _STARTING:
        if named.search(base):
            return Image(base, command=command, command_line=line, env=dict(env))
    return Image(base)


def _capped(base: str, env: dict[str, str]) -> dict[str, str]:
    """With the workers that a base starts by itself, no more than `MAX_WORKERS` (gunicorn_conf.py of the same image)."""
    most, many = env.get("MAX_WORKERS", ""), env.get("WEB_CONCURRENCY", "")
    known = any(named.search(base) for named, _, _ in _STARTING)
    return env | {"WEB_CONCURRENCY": most} if known and most.isdigit() and many.isdigit() and 0 < int(most) < int(many) else env


def instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, upper-case instruction, arguments; continued lines joined by a newline, so that offsets hold."""
    start, joined = 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        if raw.lstrip().startswith("#"):
            joined += "\n" if joined else ""
            continue
        if not joined:
            start = number
        if raw.rstrip().endswith("\\"):
            joined += raw.rstrip()[:-1] + " \\\n"
            continue
        joined += raw
        if found := _INSTRUCTION.match(joined):
            yield start, found[1].upper(), found[2].strip()
        joined = ""


def _form(rest: str) -> Command:
    """Exec form as a list, shell form as text."""
    if rest.startswith("["):
        import json

        try:
            words = json.loads(rest.replace("\\\n", " "))
        except ValueError:
            return rest
        if isinstance(words, list):
            return [str(word) for word in words]
    return rest


def env_of(rest: str) -> dict[str, str]:
    """The variables of an ENV, in either form, or of an ARG with what it is for want of another value."""
    rest = rest.replace("\\\n", " ")
    pairs = {name: value.strip("\"'") for name, value in _PAIR.findall(rest)}
    if not pairs and " " in rest:
        name, _, value = rest.partition(" ")
        pairs = {name: value.strip()}
    return pairs


def joined(entrypoint: Command, command: Command) -> Command:
    """What runs when an entry point is given a command."""
    if not entrypoint:
        return command
    if isinstance(entrypoint, str) or not command:
        # The shell form of ENTRYPOINT takes no arguments.
        return entrypoint
    words = list(entrypoint)
    more = command.split() if isinstance(command, str) else list(command)
    started = read_command(words)
    run = read_command(command)
    if started and started[0].server == "sh" and run and not (all(not each.server for each in run) and _ARGUMENT.match(str(more[0]))):
        # An entry script ends in `exec "$@"`.
        return command
    return [*words, *more]


def state_image(
    eyes: Eyes, unit: Unit, dockerfile: File | None, target: str = "", entrypoint: Command = "", command: Command = ""
) -> Iterator[Evidence | Lost]:
    """The facts of a unit that runs an image; `entrypoint` and `command` are what the unit itself sets instead of the image's."""
    image = Image()
    if dockerfile is not None:
        try:
            image = read_image(eyes.text(dockerfile), target)
        except SourceError as error:
            yield Lost(clean(dockerfile.name), error.message)
    unit = replace(unit, env=_capped(image.base, image.env | dict(unit.env)))
    based_on = role_of_image(image.base)
    if based_on in _SERVERS and not (image.command or image.entrypoint or command or entrypoint):
        unit = replace(unit, role=based_on)  # `FROM nginx` and its settings: what the base starts by itself
    if entrypoint or (command and not image.entrypoint):
        yield from state(eyes, unit, joined(entrypoint, command))
    elif command:
        yield from state(eyes, unit, joined(image.entrypoint, command))
    elif dockerfile is not None and (image.command or image.entrypoint):
        whole = joined(image.entrypoint, image.command)
        line = image.command_line or image.entrypoint_line
        yield from state(eyes, unit, whole, dockerfile, line)
    elif (
        unit.role not in INFRASTRUCTURE
        and (script := package_script(eyes, unit.file, "start"))
        and read_command(script.text)
        and not of_another(eyes, script.file, image_name(unit.image))
    ):
        # Nothing says what the image starts; a Node image nearly always runs this.
        yield from state(eyes, unit, "npm start")
    else:
        yield run(unit)
