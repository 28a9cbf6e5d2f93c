"""Which units are described, and kept from starting or from staying up by a line of their own?

    worker: {profiles: [jobs]}                                    # compose: `docker compose up` leaves it out
    depends_on: {redis: {condition: service_healthy}}             # and redis has no health check
    depends_on: {web: {condition: service_completed_successfully}}    # and web is a server, which does not end
    pm2 startOrReload ecosystem.config.js --only api
    [program:worker]  autostart=false                             # supervisord
    livenessProbe: {httpGet: {path: /healthz, port: 3000}}        # of a worker that serves no HTTP: Kubernetes kills it again and again

Sources: compose-spec profiles and depends_on ("container ... has no healthcheck configured"), pm2 `--only`, supervisord autostart,
kubernetes.io liveness probes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.starting import UnitHeld
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Rows, Table, each_of, line_at, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import COMPOSE_FILES, SCRIPTS, aside, commands, read_command, role_of_image, scripts
from callcheck.sources.manifests import FILES, UNITS, Manifest, collect

_SUPERVISOR = ("supervisor*.conf", "supervisor*.ini", "*.conf", "*.ini")
_ECOSYSTEM = ("ecosystem*", "*pm2*", "process*.json", "process*.yml")
_NOTES = ("*.md", "*.env", ".env*", "*.txt")
_LESSER = pattern(r"[.-](?:dev|develop|development|local|test|tests|ci|e2e|debug|override|example)\b")
_STARTED = pattern(r"\bpm2(?:-runtime)? (?:start|restart|reload|startOrReload|startOrRestart|startOrGracefulReload)\b")
_ONLY = pattern(r"--only[= ]([\w,.-]{1,200})")
_APP = pattern(r"\bname[\"']?\s*:\s*[\"']?([\w.-]{1,80})")
_SERVERS = frozenset({"celery", "rq", "dramatiq", "arq", "huey", "taskiq", "sidekiq"})
"""Workers that answer no HTTP by themselves."""
_SERVES = pattern(r"\blisten\s*\(|createServer|HTTPServer|\bserve\s*\(|uvicorn|gunicorn|web\.run_app|start_http_server|TCPServer|start_server|\.run\s*\(\s*(?:host|[\"']0\.0\.0\.0)|[Hh]ealth|fastify|express|NestFactory")


class HeldBack:
    """Silent for profiles that any script or note names, and for images that may bring a health check of their own."""

    name = "held-back"
    looks_at = (*COMPOSE_FILES, *_SUPERVISOR, *_ECOSYSTEM, *SCRIPTS, *FILES, "Dockerfile*", "*.Dockerfile")
    marks = ("profiles:", "service_healthy", "service_completed", "--only", "autostart", "livenessProbe")
    answers = frozenset({UnitHeld})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in eyes.tree.named(*COMPOSE_FILES):
            if not aside(eyes, file) and not _LESSER.search(file.base):
                yield from _read(eyes, file, _compose)
        for file in eyes.tree.named(*_SUPERVISOR):
            if not aside(eyes, file) and file.size < 200_000:
                yield from _read(eyes, file, _supervisor)
        yield from _pm2(eyes)
        for item in collect(eyes).of(*UNITS):
            yield from _probed(eyes, item)


def _read(eyes: Eyes, file: File, read: Any) -> Iterator[Evidence]:
    try:
        yield from read(eyes, eyes.document(file), file)
    except SourceError:
        return


def _held(system: str, service: str, how: str, file: File, line: int, label: str = "") -> Evidence:
    fact = UnitHeld(clean(service, 80), how, system)
    return Evidence(fact, Basis.DECLARED, "held-back", Location(clean(file.name), line or 1), service=fact.service, label=label)


def _compose(eyes: Eyes, document: Any, file: File) -> Iterator[Evidence]:
    services = value_at(document, "services")
    for name, keys in services.items() if isinstance(services, Table) else ():
        profiles = [str(each) for each in value_at(keys, "profiles") or ()]
        if profiles and not any(_asked_for(eyes, profile, name) for profile in profiles):
            yield _held("compose", name, "profile", file, line_at(services, name, "profiles"))
        waits = value_at(keys, "depends_on")
        for other, how in waits.items() if isinstance(waits, Table) else ():
            if value_at(how, "condition") == "service_healthy" and _unchecked(eyes, services.get(other)):
                yield _held("compose", name, "unhealthy", file, line_at(services, name, "depends_on", other))
            elif value_at(how, "condition") == "service_completed_successfully" and _goes_on(services.get(other)):
                yield _held("compose", name, "uncompleted", file, line_at(services, name, "depends_on", other))


def _goes_on(service: Any) -> bool:
    """Whether a service never comes to an end: it answers at a port, is started again when it ends, or is a broker or database."""
    if not isinstance(service, Table) or "extends" in service or "<<" in service:
        return False
    image = str(service.get("image") or "")
    return bool(service.get("ports")) or str(service.get("restart")) in ("always", "unless-stopped") or (not {"command", "entrypoint"} & set(service) and role_of_image(image) in ("broker", "database"))


def _asked_for(eyes: Eyes, profile: str, service: str) -> bool:
    """Whether any script, environment file or note names the profile, or starts the service by its name."""
    wanted = re.compile(rf"(?:--profile[= ]+[\"']?|COMPOSE_PROFILES\s*[=:][^\n]*?\b){re.escape(profile)}\b|--profile[= ]+[\"']?\*|compose\b[^\n]*\b(?:up|run|start)\b[^\n]*\b{re.escape(service)}\b")
    texts = (eyes.readable(file, 300_000) for file in eyes.tree.named(*_NOTES, *SCRIPTS))
    return any(wanted.search(text) for text in texts)


def _unchecked(eyes: Eyes, service: Any) -> bool:
    """Whether a service surely has no health check: none of its own, and an official image of a broker or database, or a Dockerfile without one."""
    check = value_at(service, "healthcheck")
    if not isinstance(service, Table) or "extends" in service or "<<" in service:
        return False
    if check is not None:
        return bool(value_at(check, "disable") is True)
    image = str(service.get("image") or "")
    if "build" not in service:
        return "/" not in image and role_of_image(image) in ("broker", "database")
    files = eyes.tree.named("Dockerfile*", "*.Dockerfile")
    texts = [eyes.readable(each, 300_000) for each in files]
    return bool(texts) and not any("HEALTHCHECK" in text for text in texts) and all(re.search(r"^FROM\s+(?:--\S+\s+)?(?:node|python|golang|alpine|debian|ubuntu)[:@\s-]", text, re.MULTILINE) for text in texts)


def _supervisor(eyes: Eyes, document: Any, file: File) -> Iterator[Evidence]:
    for section, keys in document.items() if isinstance(document, Table) else ():
        if section.startswith("program:") and str(value_at(keys, "autostart")).lower() in ("false", "0", "no", "off"):
            name = section.split(":", 1)[1]
            if not any(re.search(rf"supervisorctl\b[^\n]*\bstart\b[^\n]*(?:\b{re.escape(name)}\b|\ball\b)", text) for _, text in scripts(eyes, "supervisorctl")):
                yield _held("supervisor", name, "autostart", file, line_at(document, section, "autostart"))


def _pm2(eyes: Eyes) -> Iterator[Evidence]:
    """The apps of a configuration that none of the project's commands starts, each of which names some."""
    starts = [(file, line, command) for file, text in scripts(eyes, "pm2") for line, command in commands(file, text) if _STARTED.search(command)]
    only = [_ONLY.search(command) for _, _, command in starts]
    if not starts or not all(only):
        return
    started = {name for found in only if found for name in found[1].split(",")}
    for file in eyes.tree.named(*_ECOSYSTEM):
        for found in _APP.finditer(eyes.readable(file, 300_000)) if not aside(eyes, file) else ():
            if found[1] not in started:
                yield _held("pm2", found[1], "only", starts[0][0], starts[0][1], f"only {', '.join(sorted(started))} is started here")


def _probed(eyes: Eyes, item: Manifest) -> Iterator[Evidence]:
    """A container whose liveness is asked over HTTP, and whose program, as far as it can be told, listens to nothing."""
    path = ("spec", "template", "spec", "containers")
    containers = item.get(*path)
    for index, container in each_of(containers):
        check = value_at(container, "livenessProbe", "httpGet") or value_at(container, "livenessProbe", "tcpSocket")
        words = [*(value_at(container, "command") or ()), *(value_at(container, "args") or ())]
        if isinstance(check, Table) and words and isinstance(containers, Rows) and len(containers) == 1 and _answers_nothing(eyes, " ".join(map(str, words))):
            yield _held("kubernetes", item.name, "probed", *item.at(*path, index, "livenessProbe"))


def _answers_nothing(eyes: Eyes, command: str) -> bool:
    """Whether a command starts a worker that serves no HTTP, or a program none of whose files listens."""
    started = read_command(command, {})
    if len(started) != 1:
        return False
    if started[0].server in _SERVERS:
        return not any(re.search(r"start_http_server|worker_ready|flower", eyes.readable(file, 300_000)) for file in eyes.tree.named("*.py"))
    reach = eyes.code.reach
    entry = reach.entry(started[0].entry) if started[0].entry and started[0].server in ("node", "python", "") else None
    return entry is not None and not any(_SERVES.search(eyes.code.project.text(path)) for path in reach.loads(entry))


PROBE = HeldBack()
