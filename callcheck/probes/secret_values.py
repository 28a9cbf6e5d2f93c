"""Does a Secret of Kubernetes hold a value with the newline of the command that encoded it, or lack the key that a container is to take from it?

    data: {STRIPE_WEBHOOK_SECRET: d2hzZWNfYWJjMTIzCg==}                      # `echo whsec_abc123 | base64`: the newline is part of it
    valueFrom: {secretKeyRef: {name: keys, key: OPENAI_KEY}}                 # of a Secret whose key is openai-key: the container is not started

Sources: kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl (`echo -n`), and concepts/configuration/secret (a pod does not start without a key
that is not optional).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect

_HOOK = pattern(r"(?i)hook|signing")
_KEY = pattern(r"(?i)(?:key|token|secret|password|auth)$")
_NEWLINE = "the newline of `echo` is part of this value, so it never fits what the other side has; encode it by echo -n or printf, or write it into stringData"
_MISSING = "the {} has no such key, so the container is not started (CreateContainerConfigError); name a key that it has"
_UNSET = "the {} has no such key, and for an optional one the variable is not set at all; name a key that it has"
_COMPUTED = pattern(r"(?m)^[ \t]*[\"']?\{\{[^\n{}]{1,200}\}\}[\"']?[ \t]*:|^[ \t]*(?:stringData|data):[ \t]*\n[ \t]*\{\{-?[ \t]*(?:toYaml|include|tpl)\b")
_WRITTEN = pattern(r"(?m)^[ \t]+[\"']?([\w.-]{1,200})[\"']?[ \t]*:")
_FILLS = ("ExternalSecret", "SealedSecret", "VaultStaticSecret", "VaultDynamicSecret", "OnePasswordItem")
"""What puts keys into a Secret that may be written here, too."""
_REFERENCES = {"secretKeyRef": "Secret", "configMapKeyRef": "ConfigMap"}


class SecretValues:
    """Silent for templates, for what generators or other tools fill, and for values of several lines."""

    name = "secret-values"
    looks_at = ("*.yaml", "*.yml")
    marks = ("kind: Secret", "KeyRef")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        for secret in found.of("Secret"):
            held = secret.get("data")
            for key, value in held.items() if isinstance(held, dict) else ():
                effect = "callback-rejected" if _HOOK.search(key) else "upstream-auth" if _KEY.search(key) else ""
                if effect and _ends_in_newline(value) and not _trimmed(eyes, key):
                    yield _evidence(effect, _NEWLINE, key, secret, "data", key)
        for unit in found.of(*UNITS, "Job", "CronJob"):
            yield from _missing(eyes, found, unit)


def _ends_in_newline(value: object) -> bool:
    """Whether a value is one line of text with its end."""
    try:
        text = base64.b64decode(str(value), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    return len(text) > 1 and text.endswith("\n") and "\n" not in text.strip("\r\n")


def _trimmed(eyes: Eyes, key: str) -> bool:
    """Whether some code takes the blanks off it, wherever it reads it."""
    if not eyes.code.present:
        return False
    cut = re.compile(r"\b" + re.escape(key.replace("-", "_")) + r"\b[^\n]{0,60}\.(?:r?strip|trim(?:End)?)\(")
    return any(cut.search(eyes.code.project.text(path)) for path in eyes.code.project.sources)


def _missing(eyes: Eyes, found: Manifests, unit: Manifest) -> Iterator[Evidence]:
    """References of a unit's containers to keys that the Secret or ConfigMap of that name, as it is written here, does not have."""
    path: tuple[str | int, ...] = ("spec", "template", "spec", "containers")
    path = ("spec", "jobTemplate", *path) if unit.kind == "CronJob" else path
    for number, container in each_of(unit.get(*path)):
        for row, variable in each_of(container.get("env")):
            for kind, holder in _REFERENCES.items():
                at: tuple[str | int, ...] = (*path, number, "env", row, "valueFrom", kind)
                name, key = unit.get(*at, "name"), unit.get(*at, "key")
                keys = _keys(eyes, found, holder, name) if isinstance(name, str) and isinstance(key, str) else None
                if keys is None or key in keys or "{{" in f"{name}{key}":
                    continue
                if unit.get(*at, "optional") is not True:
                    yield _evidence("runtime-not-started", _MISSING.format(holder), key, unit, *at, "key")
                elif _KEY.search(str(variable.get("name"))):
                    yield _evidence("upstream-auth", _UNSET.format(holder), key, unit, *at, "key")


def _keys(eyes: Eyes, found: Manifests, kind: str, name: str) -> set[str] | None:
    """The keys of an object that is written out here, all of its variants for environments together; None if there is none, or something else may fill it."""
    objects = [each for each in found.of(kind) if each.name == name]
    filled = any((each.get("spec", "target", "name") or each.get("spec", "destination", "name") or each.name) == name for each in found.of(*_FILLS))
    if not objects or filled or found.literals(kind, name):
        return None
    keys = {str(key) for each in objects for part in ("data", "stringData") for key in (each.get(part) if isinstance(each.get(part), dict) else ())}
    texts = [text for each in objects if "{{" in (text := eyes.text(each.file))]
    if any(_COMPUTED.search(text) for text in texts):
        return None
    # What a chart fills in by what it is given is a key too: `POSTGRES_PASSWORD: {{ required "…" .Values.auth.password }}`.
    keys |= {key for text in texts for key in _WRITTEN.findall(text)}
    return keys if keys and not any("{{" in key for key in keys) else None


def _evidence(effect: str, says: str, key: str, item: Manifest, *path: str | int) -> Evidence:
    fact = LibraryTrap(effect, "strong", clean(says, 160), clean(key, 60), "kubernetes", "")
    return Evidence(fact, Basis.DECLARED, "secret-values", item.where(*path), service=item.name)


PROBE = SecretValues()
