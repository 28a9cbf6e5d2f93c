"""What does `npm start` start, or a shell script that no file of a deployment names?

    "scripts": { "start": "pm2-runtime start dist/server.js -i max" }
    serve.sh: exec uvicorn app:app --workers 4

Only scripts whose names say production; others count where a deployment file calls them.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, aside, read_command, role_of_name, state
from callcheck.sources.launch.servers import FAMILIES

_MAIN = ("start:prod", "start:production", "serve:prod", "prod", "production", "start", "serve")
_PREFIX = ("start:",)
_NOT = frozenset("dev development debug watch test local staging e2e db docker docs storybook".split())

_LARGEST = 20_000
_PARTS = pattern(r"[._-]")
_ENTRYPOINT = pattern(r"^docker(?=[._-]entry)")
"""What an image begins with; other scripts of Docker's are of a developer."""
_EXEC = pattern(r"(?m)^\s*exec\s")
_DEPLOYS = ("*Dockerfile*", "Containerfile*", "*.y*ml", "Procfile*", "*.service", "*.conf", "*.toml", "*.json", "ecosystem*", "Makefile", "*.tf", "*.sh")


class PackageScripts:
    """The runs it states have no service name when the script is the plain start; `start:worker` is named worker."""

    name = "package-scripts"
    looks_at = ("package.json", "*.sh")
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and (_files(eyes) or _shell_scripts(eyes)) else "no package.json, and no shell script that starts a server"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            scripts = document.get("scripts") if isinstance(document, Table) else None
            if isinstance(scripts, Table):
                yield from _scripts(eyes, file, scripts)
        for file in _shell_scripts(eyes):
            stem = file.base.removesuffix(".sh")
            unit = Unit("package-scripts", "shell-script", stem if role_of_name(stem) != "unknown" and stem not in _MAIN else "", file, 1)
            yield from state(eyes, unit, f"sh {file.base}")


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named("package.json") if not aside(eyes, file)]


def _shell_scripts(eyes: Eyes) -> list[File]:
    """Scripts that become a server (`exec uvicorn …`) and that nothing else starts."""
    found = [file for file in eyes.tree.named("*.sh") if file.size < _LARGEST and not aside(eyes, file) and not _NOT & set(_PARTS.split(_ENTRYPOINT.sub("", file.base.lower())))]
    starting = [file for file in found if _becomes_server(eyes, file)]
    texts = [text for file in eyes.tree.named(*_DEPLOYS) if (text := eyes.readable(file))] if starting else []
    return [file for file in starting if not any(file.base in text for text in texts)]


def _becomes_server(eyes: Eyes, file: File) -> bool:
    text = eyes.readable(file)
    return _EXEC.search(text) is not None and any(FAMILIES.get(each.server) in ("web_servers", "task_workers") for each in read_command(text))


def _scripts(eyes: Eyes, file: File, scripts: Table) -> Iterator[Evidence | Lost]:
    wanted = [name for name in _MAIN if isinstance(scripts.get(name), str)][:1]
    for name, text in scripts.items():
        parts = name.split(":")
        if isinstance(text, str) and (len(parts) == 1 or name.startswith(_PREFIX)) and not _NOT & set(parts):
            # `api`, `worker`, `start:mailer`: several process types of one code base.
            if name not in _MAIN and role_of_name(parts[-1]) != "unknown" and read_command(text):
                wanted.append(name)
    for name in wanted:
        if not read_command(scripts[name]):
            continue
        service = "" if name in _MAIN else name.split(":")[-1]
        unit = Unit("package-scripts", "package-script", service, file, scripts.lines[name])
        yield from state(eyes, unit, scripts[name])


PROBE = PackageScripts()
