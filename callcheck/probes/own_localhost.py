"""Which containers are told to call localhost, though the app is another container?

    inngest: {image: inngest/inngest, command: inngest start --sdk-url http://localhost:3000/api/inngest}
    docker run stripe/stripe-cli listen --forward-to localhost:4242/webhook
    minio: {image: minio/minio, environment: {MINIO_NOTIFY_WEBHOOK_ENDPOINT_shop: "http://localhost:8000/hooks/minio"}}
    worker: {build: ., environment: {REDIS_URL: "redis://localhost:6379"}}              # beside redis: {image: "redis:7"}

Sources: docs.docker.com/compose/how-tos/networking; inngest.com/docs/self-hosting and dev-server (`--sdk-url`, `-u`); docs.stripe.com/cli/listen; github.com/svix/svix-cli; github.com/probot/smee-client (`-t`, `-p`);
github.com/chmouel/gosmee; hookdeck.com/docs/cli/listen; github.com/ekzhang/bore and localtunnel/localtunnel (`--local-host`); docs.webhookrelay.com. Tunnels of Cloudflare and ngrok: `places` in ways-deployed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, each_of
from callcheck.sources.environment import compose, settings
from callcheck.sources.environment.setting import Setting
from callcheck.sources.files import File
from callcheck.sources.launch import COMPOSE_FILES, SCRIPTS, commands, scripts
from callcheck.sources.manifests import UNITS, collect
from callcheck.sources.manifests.pods import whole

_HERE = r"(?:https?://)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(?P<port{}>\d{{1,5}}))?"
_FORWARDS = pattern(
    r"(?:\binngest\b[^\n]{0,200}?\s(?:--sdk-url|-u)|\bstripe\b[^\n]{0,200}?\blisten\b[^\n]{0,200}?(?:--forward-to|--forward-connect-to|-f)|\bsvix(?:-cli)?\b[^\n]{0,100}?\blisten"
    r"|\bsmee\b[^\n]{0,200}?(?:--target|-t)|\bgosmee\b[^\n]{0,200}?\bclient\s[^\n]{0,200}?|\bhookdeck\b[^\n]{0,200}?\blisten|\b(?:webhookrelay|relay)\b[^\n]{0,200}?\bforward\b[^\n]{0,200}?"
    r"|\bzrok\b[^\n]{0,200}?\bshare\b[^\n]{0,100}?|\bssh\b[^\n]{0,200}?\s-R\s*(?:[\w.-]{0,80}:)?\d{0,5}:)[=\s\"']*"
    + _HERE.format("")
    + r"|(?:\bsmee\b[^\n]{0,200}?(?:--port|-p)|\bhookdeck\b[^\n]{0,200}?\blisten|\b(?:lt|localtunnel)\b[^\n]{0,100}?(?:--port|-p)|\bbore\b[^\n]{0,100}?\blocal)[=\s\"']+(?P<bare>\d{2,5})\b"
)
"""What hands on to an address that it is told, or to a port of its own machine."""
_ELSEWHERE = pattern(r"--(?:local-host|target|host)\b|\s-[lt]\s")
_SEVERAL = pattern(r"&|\bconcurrently\b|\bnpm-run-all\b|\brun-p\b|\bhoncho\b|\bforeman\b|\bsupervisord\b|\bpm2\b")
"""A command that may start the app beside it."""
_CALLED = pattern(r"(?i)(?:^|_)(?:WEB_?HOOKS?|NOTIFY|SDK_URL|HOOK_UR[IL]|SINK_(?:HTTP_)?URL|FORWARD_(?:TO|URL))(?:_|$)|^GOTRUE_HOOK_\w*_URI$")
_URL = pattern(r"^https?://(?:localhost|127\.0\.0\.1)(?::(\d{1,5}))?(?:/|$)")
_BROKER = pattern(r"^(redis|amqp|mongodb|mqtt|nats|kafka)s?://(?:[^@/\s]{0,200}@)?(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/?,]|$)")
_BROKER_HOST = pattern(r"(?i)(?:^|_)(REDIS|AMQP|RABBIT_?MQ|MONGO(?:DB)?|MQTT|NATS|KAFKA)_(?:HOST(?:NAME)?|BROKERS?|SERVERS?|BOOTSTRAP_SERVERS)$")
_HOST_HERE = pattern(r"^(?:localhost|127\.0\.0\.1)(?::\d{1,5})?$")
_IMAGES = {
    "redis": pattern(r"(?:^|/)(?:redis|valkey|keydb|dragonfly|redis-stack)(?:-server)?(?:[:@]|$)"),
    "amqp": pattern(r"(?:^|/)rabbitmq(?:[:@]|$)"),
    "mongodb": pattern(r"(?:^|/)mongo(?:db)?(?:[:@]|$)"),
    "mqtt": pattern(r"(?:^|/)(?:eclipse-mosquitto|mosquitto|emqx|hivemq\w*|vernemq)(?:[:@]|$)"),
    "nats": pattern(r"(?:^|/)nats(?:[:@]|$)"),
    "kafka": pattern(r"(?:^|/)(?:cp-kafka|kafka|redpanda)(?:[:@]|$)"),
}
_WORDS = {"rabbitmq": "amqp", "rabbit_mq": "amqp", "mongo": "mongodb"}
_BROKER_SAYS = "{} of {} is localhost, which is that container itself, and the broker is the service {}; name that service as the host"
_SHARED = ("host", "container:", "service:")
_RUN = pattern(r"\bdocker\s+(?:container\s+)?run\b")
_HOST = pattern(r"--net(?:work)?[= ](?:\"|')?(?:host|container:)")
_SAYS = "in its container {} looks for the app at localhost, which is that container itself, so nothing reaches the app; name the app's {} instead"


class OwnLocalhost:
    """Silent for the host's network, for a port of the container itself, and for commands that may start the app, too."""

    name = "own-localhost"
    looks_at = (*COMPOSE_FILES, *SCRIPTS, "*.yaml", "*.yml")
    marks = ("localhost", "127.0.0.1", "0.0.0.0", "listen", "smee", "local")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Compose file, manifest or script"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, services in compose.files(eyes):
            for name, keys in services.items():
                if not isinstance(keys, Table) or str(keys.get("network_mode") or "").startswith(_SHARED):
                    continue
                if "image" in keys:
                    yield from self._service(eyes, file, services, name, keys)
                yield from self._brokers(eyes, file, services, name)
        yield from self._pods(eyes)
        for file, text in scripts(eyes, "docker"):
            yield from self._script(file, text)

    def _service(self, eyes: Eyes, file: File, services: Table, name: str, keys: Table) -> Iterator[Evidence]:
        own = _ports(keys)
        said = " ".join((str(keys["image"]), _flat(keys.get("entrypoint")), _flat(keys.get("command"))))
        port = _forwards(said, own)
        if port is not None:
            line = _line(eyes, file, keys.lines.get("command", keys.lines.get("entrypoint", services.lines[name])), port)
            yield self._told(name, Location(clean(file.name), line), "service", self._app(file, services, name, port))
        for each in settings(eyes):
            found = _URL.match(each.value) if each.unit == name and each.system == "compose" and _CALLED.search(each.name) else None
            if found and "build" not in keys and (found[1] or "80") not in own and (app := self._app(file, services, name, found[1] or "80")):
                yield self._told(name, each.where, "service", app)

    def _brokers(self, eyes: Eyes, file: File, services: Table, name: str) -> Iterator[Evidence]:
        """A broker that is looked for at localhost, though it is another service; silent where the variable is set otherwise as well."""
        given: dict[str, list[Setting]] = {}
        for each in settings(eyes):
            if each.unit == name and each.system == "compose":
                given.setdefault(each.name, []).append(each)
        for variable, all_of in given.items():
            systems = {_looked_for(each) for each in all_of}
            system = next(iter(systems))
            beside = next((other for other, keys in services.items() if system and other != name and isinstance(keys, Table) and _IMAGES[system].search(str(keys.get("image") or ""))), "")
            if len(systems) == 1 and beside:
                says = clean(_BROKER_SAYS.format(clean(variable, 40), clean(name, 30), clean(beside, 30)), 160)
                fact = LibraryTrap("upstream-unavailable", "strong", says, clean(name, 60), "compose", "")
                there = Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), services.lines[beside]), label="the broker is another container")
                yield Evidence(fact, Basis.DECLARED, self.name, all_of[0].where, because=(there,))

    def _app(self, file: File, services: Table, name: str, port: str) -> tuple[Location, ...]:
        """The other container that has the port."""
        found = next((other for other, keys in services.items() if other != name and isinstance(keys, Table) and port in _ports(keys)), "")
        return (Location(clean(file.name), services.lines[found]),) if found else ()

    def _pods(self, eyes: Eyes) -> Iterator[Evidence]:
        for unit in collect(eyes).of(*UNITS):
            pod = () if unit.kind == "Pod" else ("spec", "template")
            containers = each_of(unit.get(*pod, "spec", "containers"))
            if len(containers) != 1 or unit.get(*pod, "spec", "hostNetwork") is True or not whole(eyes, unit):
                continue  # containers of one pod share its localhost
            number, container = containers[0]
            said = " ".join((str(container.get("image")), _flat(container.get("command")), _flat(container.get("args"))))
            port = _forwards(said, {str(row.get("containerPort")) for _, row in each_of(container.get("ports"))})
            if port is not None:
                key = "args" if port in _flat(container.get("args")) else "command"
                file, line = unit.at(*pod, "spec", "containers", number, key)
                yield self._told(unit.name, Location(clean(file.name), _line(eyes, file, line, port)), "Service", ())

    def _script(self, file: File, text: str) -> Iterator[Evidence]:
        for line, command in commands(file, text):
            run = _RUN.search(command)
            said = command[run.end() :] if run and not _HOST.search(command) else ""
            own = {each for row in re.findall(r"(?:-p|--publish)[= ]?[\"']?([\d.:]+)", said) for each in row.split(":")}
            found = _FORWARDS.search(said)
            if found is not None and _forwards(said.split("&")[0], own) is not None:
                yield self._told("it", Location(clean(file.name), line), "container, or host.docker.internal,", ())

    def _told(self, name: str, where: Location, what: str, app: tuple[Location, ...]) -> Evidence:
        fact = LibraryTrap("unreachable-callback-url", "strong", clean(_SAYS.format(clean(name, 30), what), 160), clean(name, 60), "compose", "")
        because = tuple(Evidence(fact, Basis.DECLARED, self.name, each, label="the port is this container's") for each in app)
        return Evidence(fact, Basis.DECLARED, self.name, where, because=because)


def _looked_for(setting: Setting) -> str:
    """The kind of broker that a variable looks for at localhost; "" for none."""
    found = _BROKER.match(setting.value)
    if found is not None:
        return found[1]
    named = _BROKER_HOST.search(setting.name) if _HOST_HERE.match(setting.value) else None
    return _WORDS.get(named[1].lower(), named[1].lower()) if named else ""


def _forwards(said: str, own: set[str]) -> str | None:
    """The port of its own machine that a command hands on to; None where there is none, where it is the container's own, and where another host is named."""
    found = _FORWARDS.search(said)
    if found is None or _SEVERAL.search(said):
        return None
    port = found["port"] or found["bare"] or "80"
    return None if port in own or found["bare"] and _ELSEWHERE.search(said) else port


def _ports(keys: Table) -> set[str]:
    """Both sides of the ports that a service publishes, and those that it exposes."""
    listed = [rows for key in ("ports", "expose") if isinstance(rows := keys.get(key), list)]
    rows = [row for each in listed for row in each]
    told = [str(row.get(key)) for row in rows if isinstance(row, Table) for key in ("target", "published")]
    return {*told, *(each for row in rows if not isinstance(row, Table) for each in re.findall(r"\d+", re.sub(r"\$\{\w+:?-?|\}|^[\d.]+(?=:\d+:)", "", str(row))))}


def _flat(words: Any) -> str:
    return re.sub(r"\s+", " ", " ".join(map(str, words)) if isinstance(words, list) else str(words or ""))


def _line(eyes: Eyes, file: File, first: int, port: str) -> int:
    """The line, from the first of a command on, that names the port."""
    lines = eyes.readable(file).splitlines()
    return next((number for number in range(first, min(first + 30, len(lines) + 1)) if re.search(rf"(?:localhost|127\.0\.0\.1|\D){port}\b|localhost", lines[number - 1])), first)


PROBE = OwnLocalhost()
