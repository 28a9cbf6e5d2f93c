"""Is a Service called by its bare name from another namespace, or given away by it to one there that is to call back?

    kind: Service     metadata: {name: api, namespace: web}
    kind: Deployment  metadata: {name: render, namespace: jobs}     CALLBACK_URL: http://api/done      # api.web is the name there
    client.post(os.environ["RENDER_URL"], json={"callback_url": os.environ["CALLBACK_URL"]})     RENDER_URL: http://render.jobs

Source: kubernetes.io, DNS for Services and Pods: a name without a namespace is looked for in the pod's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.environment import Setting, settings
from callcheck.sources.manifests import UNITS, Manifest, collect

_BARE = pattern(r"^(?:https?|wss?)://([A-Za-z][\w-]{0,80})(?::\d{1,5})?(?:/|$)")

_QUALIFIED = pattern(r"^(?:https?|wss?)://([A-Za-z][\w-]{0,80})\.([A-Za-z][\w-]{0,80})(?:\.svc(?:\.[\w.-]{1,80})?)?(?::\d{1,5})?(?:/|$)")


class Namespaces:
    """Silent where a manifest leaves its namespace to whoever applies it."""

    name = "namespaces"
    looks_at = ("*.yaml", "*.yml")
    marks = ("namespace:",)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        services: dict[str, set[str]] = {}
        for service in found.of("Service"):
            services.setdefault(service.name, set()).add(_namespace(service))
        units = {unit.name: _namespace(unit) for unit in found.of(*UNITS)}
        given_all = list(settings(eyes))
        yield from _given_away(eyes, given_all, units, services)
        for given in given_all:
            bare = _BARE.match(given.value) if given.system == "kubernetes" and units.get(given.unit) else None
            there = services.get(bare[1], set()) if bare else set()
            if bare and there and "" not in there and units[given.unit] not in there:
                fact = AddressUnreachable(clean(given.name, 100), clean(given.value, 200), "wrong-host", clean(given.unit, 80), clean(f"{bare[1]}.{sorted(there)[0]}", 120))
                yield Evidence(fact, Basis.DECLARED, self.name, given.where, service=given.unit)


def _given_away(eyes: Eyes, given_all: list[Setting], units: dict[str, str], services: dict[str, set[str]]) -> Iterator[Evidence]:
    """Bare names that are told, in one function, to a Service of another namespace, which looks for them in its own."""
    held = [each for each in given_all if each.system == "kubernetes" and units.get(each.unit)]
    reads = eyes.code.variables.reads if held and eyes.code.present else []
    for read in (each for each in reads if each.purpose.startswith("callback")):
        beside = {other.name for other in reads if other.name != read.name and function_of(other.place) is function_of(read.place)}
        for given in (each for each in held if each.name == read.name):
            own, bare = units[given.unit], _BARE.match(given.value)
            told = (_QUALIFIED.match(each.value) for each in held if each.unit == given.unit and each.name in beside)
            away = next((found for found in told if found and found[2] != own and found[2] in services.get(found[1], ())), None)
            if bare and away and own in services.get(bare[1], ()) and away[2] not in services.get(bare[1], ()):
                fact = AddressUnreachable(clean(given.name, 100), clean(given.value, 200), "wrong-host", clean(given.unit, 80), clean(f"{bare[1]}.{own}", 120))
                there = seen(fact, read.place, "namespaces", label=f"it is told to {clean(away[1], 60)}, in {clean(away[2], 60)}")
                yield Evidence(fact, Basis.DECLARED, "namespaces", given.where, service=given.unit, because=(there,))


def _namespace(manifest: Manifest) -> str:
    return str(manifest.get("metadata", "namespace") or "")


PROBE = Namespaces()
