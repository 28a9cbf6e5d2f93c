"""Which tables of a Java or Kotlin program hold connections that one request leaves in the memory of its process, and another one looks for?

    private final Map<String, SseEmitter> emitters = new ConcurrentHashMap<>();      // @GetMapping puts in, @PostMapping sends
    registry.enableSimpleBroker("/topic");                                           // STOMP: each process has the subscriptions of its own

Source: docs.spring.io, websocket/stomp/handle-simple-broker (the simple broker keeps subscriptions in memory; a broker relay is for several processes).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.execution import RealtimeServer
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment import compose
from callcheck.sources.files import File
from callcheck.sources.jvm_registries import FILES, MARKS, is_program, registries
from callcheck.sources.launch import INFRASTRUCTURE, role_of_image
from callcheck.sources.manifests import UNITS, collect

_SIMPLE, _RELAY = pattern(r"\.\s*enableSimpleBroker\s*\("), pattern(r"enableStompBrokerRelay|convertAndSend[^;]{0,200}redis|RedisMessageListenerContainer")
_NAMES = pattern(r"<artifactId>([\w.-]{1,80})</artifactId>|rootProject\.name\s*=\s*[\"']([\w.-]{1,80})|(?:^|\n)spring\.application\.name\s*[=:]\s*([\w.-]{1,80})|application:\s*\n\s+name:\s*[\"']?([\w.-]{1,80})")
_NAMED_IN = ("pom.xml", "settings.gradle", "settings.gradle.kts", "application.yml", "application.yaml", "application.properties")
_PARENT = pattern(r"<(parent|dependencies|build)>[\s\S]{0,60000}?</\1>")
_LARGEST_BYTES = 300_000


class ForeignRegistries:
    """Silent where a broker is listened to, and where several units may be the program."""

    name = "foreign-registries"
    looks_at = FILES
    marks = (*MARKS, "enableSimpleBroker")
    answers: frozenset[type[Fact]] = frozenset({StateInMemory, RealtimeServer})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*FILES) else "no Java or Kotlin"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in registries(eyes):
            unit = _unit(eyes, each.root)
            if unit is not None:
                language = "kotlin" if each.file.suffix == ".kt" else "java"
                fact = StateInMemory(clean(each.name, 60), f"{clean(each.file.name)}:{each.line}", each.holds, language, "request", "request")
                looked = Evidence(fact, Basis.INFERRED, self.name, Location(clean(each.file.name), each.taken), service=unit, label="another request looks for it here")
                yield Evidence(fact, Basis.INFERRED, self.name, Location(clean(each.file.name), each.line), service=unit, because=(looked,))
        yield from self._stomp(eyes)

    def _stomp(self, eyes: Eyes) -> Iterator[Evidence]:
        """Spring's broker in memory, where no relay takes its place."""
        texts = {file: eyes.readable(file, _LARGEST_BYTES) for file in eyes.tree.named(*FILES) if is_program(eyes, file)}
        found = next(((file, at) for file, text in texts.items() if (at := _SIMPLE.search(text))), None)
        unit = _unit(eyes, "") if found else None
        if found is not None and unit is not None:
            file, at = found
            shared = any(_RELAY.search(text) for text in texts.values())
            fact = RealtimeServer("shared" if shared else "", False, "stomp", "kotlin" if file.suffix == ".kt" else "java")
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), texts[file].count("\n", 0, at.end()) + 1), service=unit)


def _unit(eyes: Eyes, root: str) -> str | None:
    """The unit that runs a project: the only one of the app's own, or that which is named like it; "" where there are none, None where it cannot be told."""
    units = dict(_units(eyes))
    if len(units) < 2:
        return next(iter(units), "")
    names = {name.lower() for name in _names(eyes, root)}
    fitting = [unit for unit, words in units.items() if names & words]
    return fitting[0] if len(fitting) == 1 else None


def _units(eyes: Eyes) -> Iterator[tuple[str, set[str]]]:
    """Each unit of the app's own, and the words that it goes by: its name, its image, the folder that it is built from."""
    for item in collect(eyes).of(*UNITS):
        containers = item.get("spec", "template", "spec", "containers")
        images = [str(each.get("image") or "") for each in containers if isinstance(each, dict)] if isinstance(containers, list) else []
        if not images or role_of_image(images[0]) not in INFRASTRUCTURE:
            yield item.name, {item.name.lower(), *map(_base, images[:1])}
    for _, services in compose.files(eyes):
        for name, keys in services.items():
            if isinstance(keys, dict) and role_of_image(str(keys.get("image") or "")) not in INFRASTRUCTURE:
                folder = compose.context(keys.get("build"))
                yield name, {name.lower(), _base(str(keys.get("image") or "")), posixpath.basename(posixpath.normpath(folder)).lower()} - {"", "."}


def _base(image: str) -> str:
    return image.split("@")[0].rsplit("/", 1)[-1].split(":")[0].lower()


def _names(eyes: Eyes, root: str) -> Iterator[str]:
    """What a project is called: its folder, its artifact, its application."""
    yield posixpath.basename(root)
    for file in eyes.tree.named(*_NAMED_IN):
        if not root or file.name.startswith(root + "/"):
            for found in _NAMES.findall(_PARENT.sub("", _text(eyes, file))):
                yield next(filter(None, found))


def _text(eyes: Eyes, file: File) -> str:
    return re.sub(r"\r\n", "\n", eyes.readable(file, _LARGEST_BYTES))


PROBE = ForeignRegistries()
