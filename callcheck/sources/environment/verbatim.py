"""Which env files are read by a tool that takes each line as it stands, so that quotes become part of the value?

    docker run --env-file prod.env …            OPENAI_API_KEY="sk-…"       # the key that the client sends begins with a quote

Compose, dotenv and the shell take the quotes off. Sources: docs.docker.com/reference/cli/docker/container/run (`--env-file`);
kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap ("no special handling of quotation marks").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch.find import commands, near, own_texts, scripts
from callcheck.sources.launch.units import starts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_GIVES = pattern(r"\bdocker\s+(?:container\s+)?(?:run|create)\b.*?\s--env-file[=\s]\s*[\"']?([^\s\"']{1,200})|\bkubectl\b.*?\screate\s+(?:secret|configmap)\b.*?\s--from-env-file[=\s]\s*[\"']?([^\s\"']{1,200})")
_QUOTED = pattern(r"^([A-Za-z_]\w{0,99})=([\"']).{1,2000}\2[ \t]*$")


def quoted(eyes: Eyes) -> Iterator[tuple[str, File, int, File, int, str]]:
    """Variables with quotes around their value in such a file: name, file, line, and where it is given: script, line, the tool."""
    for script, at, command in _commands(eyes):
        found = _GIVES.search(command)
        given = near(eyes, script, found[1] or found[2]) if found else None
        for number, line in enumerate(eyes.readable(given).splitlines() if given is not None else (), 1):
            if (value := _QUOTED.match(line)) and found and given is not None:
                yield value[1], given, number, script, at, "docker" if found[1] else "kubectl"


def _commands(eyes: Eyes) -> Iterator[tuple[File, int, str]]:
    """Those of scripts and of systemd units."""
    for script, text in scripts(eyes, "env-file"):
        yield from ((script, at, command) for at, command in commands(script, text))
    for unit, text in own_texts(eyes, "*.service"):
        yield from ((unit, at, command) for at, command in starts(text)) if "env-file" in text else ()
