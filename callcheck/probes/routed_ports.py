"""Does a platform send requests to another port than the one at which the program listens?

    [http_service] internal_port = 8080             # fly.toml
    http_port: 8080                                 # DigitalOcean;  targetPort: 8080 of Container Apps, container_port of ECS and Cloud Run, server.port of Traefik
    app.listen(3000)

Fly also chooses the machines: a service without `processes` sends to those of the group app, whatever port another group listens on.
Heroku, Cloud Run and App Engine say the port by PORT, and reach no other one. Sources: fly.io/docs/reference/configuration; docs.digitalocean.com, app spec; learn.microsoft.com,
Container Apps ingress; docs.aws.amazon.com/AmazonECS, load balancer; cloud.google.com/run/docs/container-contract; devcenter.heroku.com/articles/error-codes (R10, R11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.listening import listening_at
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.own_ports import OwnPort, own_ports, ports_in
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.languages import OTHERS
from callcheck.sources.launch import aside, each_document, own_texts
from callcheck.sources.launch.fly import groups_of, members_of, services_of


@dataclass(frozen=True, slots=True)
class _Platform:
    """How a platform is told the port: in which files, by which line, and if they have which mark; `tells` where it sets PORT to it."""

    name: str
    files: tuple[str, ...]
    said: re.Pattern[str]
    mark: str
    tells: bool = False


_PLATFORMS = (
    _Platform("Fly", ("fly.toml", "fly.*.toml"), pattern(r"^\s*internal_port\s*=\s*(\d{2,5})\b", re.MULTILINE), "internal_port"),
    _Platform("DigitalOcean", (".do/*.y*ml", "*app*.y*ml"), pattern(r"^\s*(?:- )?http_port:\s*(\d{2,5})\b", re.MULTILINE), "http_port", True),
    _Platform("Container Apps", ("*.bicep", "*.json"), pattern(r"^\s*\"?targetPort\"?\s*:\s*(\d{2,5})\b", re.MULTILINE), "Microsoft.App/containerApps"),
    _Platform("Container Apps", ("*.tf",), pattern(r"^\s*target_port\s*=\s*(\d{2,5})\b", re.MULTILINE), "azurerm_container_app"),
    _Platform("the load balancer", ("*.tf",), pattern(r"^\s*container_port\s*=\s*(\d{2,5})\b", re.MULTILINE), "aws_ecs_service"),
    _Platform("the load balancer", ("*.y*ml", "*.json"), pattern(r"\"?LoadBalancers\"?\s*:[\s\S]{0,300}?\"?ContainerPort\"?\s*:\s*(\d{2,5})\b", re.MULTILINE), "AWS::ECS::Service"),
    _Platform("Cloud Run", ("*.tf",), pattern(r"^\s*container_port\s*=\s*(\d{2,5})\b", re.MULTILINE), "google_cloud_run", True),
    _Platform("Cloud Run", ("*.y*ml",), pattern(r"^\s*(?:- )?containerPort:\s*(\d{2,5})\b", re.MULTILINE), "serving.knative.dev", True),
    _Platform("Traefik", ("*compose*.y*ml",), pattern(r"traefik\.http\.services\.[\w-]+\.loadbalancer\.server\.port[\"']?\s*[=:]\s*[\"']?(\d{2,5})\b", re.MULTILINE), "loadbalancer.server.port"),
)
_SET = r"^[ \t]*(?:-[ \t]*|ENV[ \t]+|export[ \t]+)?[\"']?{0}[\"']?[ \t]*[:= ][ \t]*[\"']?([^\s\"',#]*)|\bname[\"']?\s*[:=]\s*[\"']{0}[\"']\s*,?\s*[\"']?value[\"']?\s*[:=]\s*[\"']?([^\s\"',}}]*)"
_SET_IN = ("*.env", ".env*", "*.y*ml", "*.toml", "*.tf", "*.bicep", "*.json", "Dockerfile*", "*Dockerfile", "*.sh", "Procfile*")
_FRONTED = ("*.conf", "*.conf.template", "Caddyfile*", "haproxy*")
_OWN = ("Dockerfile*", "*Dockerfile", "Procfile*", "*.sh", "package.json", "*compose*.y*ml", "fly.toml", "supervisord*.conf")
_COMMAND = pattern(r"^(?:CMD|ENTRYPOINT|[ \t]*command\b|web:|release:|[ \t]*run_command\b|[ \t]*\w+ *= *)[^\n]*|\b(?:uvicorn|gunicorn|hypercorn|daphne|granian|flask|next|vite)\b[^\n]*", re.MULTILINE)
_BY_VARIABLE = (
    ("Heroku", ("Procfile",), pattern(r"^web:(?![^\n]*(?:\$PORT|\$\{PORT|nginx|caddy))", re.MULTILINE), pattern(r"google|gcp")),
    ("Cloud Run", ("*.tf",), pattern(r"^resource\s+\"google_cloud_run(?:_v2)?_service\"", re.MULTILINE), pattern(r"container_port|\bports\b")),
    ("Cloud Run", ("*.y*ml", "*.sh", "Makefile"), pattern(r"\bgcloud\b[^\n]{0,40}\brun\s+deploy\b"), pattern(r"--port\b")),
)
"""Platforms that say the port by PORT alone: name, files, what shows them, and what says a port there after all."""
_PROGRAM = pattern(r"(?<![\w./@-])(?:\./)?([\w][\w./-]*\.(?:[cm]?[jt]s|py))\b(?!\S)")
"""The file that a command starts: `node src/bot.js`."""
_LARGEST_BYTES = 200_000


class RoutedPorts:
    """Silent where there are several servers, where a command or a proxy listens too, and where the port is a variable's that is not known."""

    name = "routed-ports"
    looks_at = ("fly*.toml", "*.y*ml", "*.bicep", "*.tf", "*.json", "Procfile*", "*.sh", "Makefile")
    marks = ("run deploy", "internal_port", "http_port", "Microsoft.App/containerApps", "azurerm_container_app", "aws_ecs_service", "AWS::ECS::Service", "google_cloud_run", "serving.knative.dev", "loadbalancer.server.port", *(f"web: {each}" for each in ("node", "npm", "npx", "yarn", "pnpm", "bun", "deno", "python", "uvicorn", "hypercorn", "flask")))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no files of a platform"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if eyes.code.present:
            yield from each_document(eyes, ("fly.toml", "fly.*.toml"), lambda document, file: self._groups(eyes, document, file))
        routed = list(_routed(eyes)) if eyes.code.present and not eyes.tree.named(*OTHERS) else []
        servers = own_ports(eyes.code) if routed else None
        if servers is None or len(servers) != 1 or _commanded(eyes):
            return
        server = servers[0]
        for platform, ports in routed:
            listens = _listens(eyes, server, platform.tells)
            if listens and not listens & {port for port, _ in ports} and not any(_fronted(eyes, port) for port, _ in ports):
                port, where = ports[0]
                yield self._fact(platform.name, port, server, min(listens), where)

    def _groups(self, eyes: Eyes, document: Table, file: File) -> Iterator[Evidence]:
        """Services of Fly that send to the machines of one process group what only those of another listen for."""
        groups = groups_of(document)
        if len(groups) < 2 or aside(eyes, file):
            return
        servers = {name: _server(eyes, command) for name, (command, _) in groups.items()}
        listens = {name: {int(port) for port in listening_at(command)} or (_listens(eyes, server, False) if (server := servers[name]) else set()) for name, (command, _) in groups.items()}
        for service in services_of(document):
            members, port = members_of(service, list(groups)), service.get("internal_port")
            others = [name for name in groups if name not in members and listens[name] == {port}]
            if len(others) != 1 or not all(listens.get(name) and port not in listens[name] for name in members):
                continue
            here, there = clean(members[0], 40), clean(others[0], 40)
            why = f"Fly sends to port {port} of the machines of {here}, where nothing listens; those of {there} do: give the service processes = [\"{there}\"]"
            server, at = servers[others[0]], Location(clean(file.name), groups[others[0]][1])
            fact = LibraryTrap("unreachable-callback-url", "strong", clean(why, 160), str(port), "", module_of(server.call).language if server else "")
            label = f"{there} listens on {port} here"
            because = seen(fact, server.call, self.name, label=label) if server else Evidence(fact, Basis.DECLARED, self.name, at, label=label)
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), service.lines["internal_port"]), because=(because,))

    def _fact(self, name: str, port: int, server: OwnPort, listens: int, where: Location) -> Evidence:
        told = f"{name} says the port by PORT, and the program listens on {listens} whatever it says, so nothing reaches it; listen on process.env.PORT" if not port else ""
        why = told or f"{name} sends what comes in to port {port}, and the program listens on {listens}, so nothing reaches it; give both one number"
        fact = LibraryTrap("unreachable-callback-url", "strong", clean(why, 160), str(port or listens), "", module_of(server.call).language)
        return Evidence(fact, Basis.DECLARED, self.name, where, because=(seen(fact, server.call, self.name, label=f"it listens on {listens} here"),))


def _server(eyes: Eyes, command: str) -> OwnPort | None:
    """The only server of the file that a command starts; none where that is not known, or the command may name another port."""
    named = _PROGRAM.findall(command)
    paths = [path for path in eyes.code.project.sources if path == named[0] or path.endswith(f"/{named[0]}")] if len(named) == 1 and not listening_at(command) else []
    servers = ports_in(eyes.code, paths[0]) if len(paths) == 1 else []
    return servers[0] if len(servers) == 1 else None


def _routed(eyes: Eyes) -> Iterator[tuple[_Platform, list[tuple[int, Location]]]]:
    """Each platform of the deployment, with the ports that it is told; 0 where the platform says one by itself."""
    for platform in _PLATFORMS:
        ports = []
        for file, text in own_texts(eyes, *platform.files, most=_LARGEST_BYTES):
            found = platform.said.finditer(text) if platform.mark in text else ()
            ports += [(int(each[1]), Location(clean(file.name), text.count("\n", 0, each.start(1)) + 1)) for each in found]
        if ports:
            yield platform, ports
    for name, files, said, lacks in _BY_VARIABLE:
        for file, text in own_texts(eyes, *files, most=_LARGEST_BYTES):
            shown = said.search(text)
            if shown is not None and not lacks.search(text) and (name != "Heroku" or _on_heroku(eyes)):
                yield _Platform(name, (), said, "", True), [(0, Location(clean(file.name), text.count("\n", 0, shown.start()) + 1))]


def _on_heroku(eyes: Eyes) -> bool:
    """Whether anything but a Procfile, which other programs read as well, says that it is Heroku, or a platform that takes its files."""
    if eyes.tree.named("app.json", "heroku.yml", "runtime.txt", "railway.json", "railway.toml"):
        return True
    return any("heroku" in eyes.readable(file, _LARGEST_BYTES) for file in eyes.tree.named("*.y*ml", "*.sh", "package.json", "Makefile", "README*"))


def _listens(eyes: Eyes, server: OwnPort, told: bool) -> set[int]:
    """The ports at which the server may listen; none if that is not known, or the platform says it."""
    if not server.variable:
        return {server.port}
    if told:
        return set()
    wanted = re.compile(_SET.format(re.escape(server.variable)), re.MULTILINE)
    values = [each[1] or each[2] or "" for file in eyes.tree.named(*_SET_IN) if not aside(eyes, file) for each in wanted.finditer(eyes.readable(file, _LARGEST_BYTES))]
    if not all(value.isdigit() for value in values):
        return set()
    return {int(value) for value in values} or ({server.port} if server.port else set())


def _commanded(eyes: Eyes) -> bool:
    """Whether a command line names a port of its own."""
    files = [file for file in eyes.tree.named(*_OWN) if not aside(eyes, file)]
    return any(listening_at(each[0].replace('"', " ").replace(",", " ")) for file in files for each in _COMMAND.finditer(eyes.readable(file, _LARGEST_BYTES)))


def _fronted(eyes: Eyes, port: int) -> bool:
    """Whether a proxy that is described here listens on the port."""
    return port != 0 and any(re.search(rf"(?:listen|bind)[^;\n]{{0,40}}\b{port}\b|:{port}\b", eyes.readable(file, _LARGEST_BYTES)) for file in eyes.tree.named(*_FRONTED))


PROBE = RoutedPorts()
