"""Which containers do the project's scripts and pipelines start for good, with what?

    docker run -d --name mails -e GROUP=mails --env-file common.env registry.example.com/shop:1 node mails.js
    docker service create --name shop --replicas 3 registry.example.com/shop

A container that nobody detaches or restarts is a developer's own, or ends with its work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch.find import commands, filled_in, image_name, scripts
from callcheck.sources.launch.words import commands as split

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_STARTS = pattern(r"\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(run|service\s+create)\s")
_SWITCHES = frozenset("-d -i -t -it -ti -dit -dt -di --detach --rm --init --interactive --tty --privileged --read-only --no-healthcheck --with-registry-auth --quiet -q --no-resolve-image -P --publish-all".split())
"""Options without a value."""
_KEPT = ("-d", "-dit", "-dt", "-di", "--detach", "--detach=true", "--restart")


@dataclass(frozen=True, slots=True)
class Container:
    """One container, or service of a swarm; `replicas` is "" where one is started."""

    name: str
    image: str
    words: tuple[str, ...]
    """The command behind the image's name."""
    env: tuple[tuple[str, str], ...]
    """With "" for what is passed on from the one who starts it: `-e OPENAI_API_KEY`."""
    env_files: tuple[str, ...]
    entrypoint: str
    replicas: str
    swarm: bool
    file: File
    line: int
    network: str = ""
    """`host`, `container:web`, or the name of one."""


def containers(eyes: Eyes) -> Iterator[Container]:
    """Every container that is started in the background, or kept up by a restart policy, and every service."""
    for file, text in scripts(eyes, " run ", starts=True):
        yield from _in(file, text)
    for file, text in scripts(eyes, "service create", starts=True):
        if " run " not in text:
            yield from _in(file, text)


def _in(file: File, text: str) -> Iterator[Container]:
    for line, command in commands(file, text):
        found = _STARTS.search(command)
        parts = split(filled_in(command[found.end() :], text)) if found else []
        if found and parts:
            made = _read([word.text for word in parts[0]], found[1] != "run", file, line)
            if made is not None:
                yield made


def run_by(command: str, file: File, line: int, name: str) -> Container | None:
    """The container that a service manager starts and waits for under the name of a unit of its own; the manager keeps it up."""
    found = _STARTS.search(command)
    parts = split(command[found.end() :]) if found and found[1] == "run" else []
    made = _read([word.text for word in parts[0]], False, file, line, kept=True) if parts else None
    return replace(made, name=name) if made is not None else None


def _read(words: list[str], swarm: bool, file: File, line: int, *, kept: bool = False) -> Container | None:
    options: list[tuple[str, str]] = []
    at = 0
    while at < len(words) and words[at].startswith("-"):
        name, mark, value = words[at].partition("=")
        if not mark and name not in _SWITCHES and at + 1 < len(words):
            at += 1
            value = words[at]
        options.append((name, value))
        at += 1
    if at >= len(words) or not (kept or swarm or any(name in _KEPT for name, _ in options)):
        return None
    told = dict(options)
    env = tuple((key, value) for name, text in options if name in ("-e", "--env") for key, _, value in (text.partition("="),))
    files = tuple(value for name, value in options if name == "--env-file")
    unit = told.get("--name") or image_name(words[at]) or ""
    return Container("" if "$" in unit else unit, words[at], tuple(words[at + 1 :]), env, files, told.get("--entrypoint", ""), told.get("--replicas", ""), swarm, file, line, told.get("--network") or told.get("--net", ""))
