"""Do alerts come to a receiver of an AlertmanagerConfig that carry the name of another namespace than its own?

    kind: AlertmanagerConfig, metadata: {namespace: monitoring}      # the operator adds namespace="monitoring" to its route
    kind: PrometheusRule, expr: 'rate(parcels_total{namespace="hub"}[2m]) == 0'

Sources: prometheus-operator.dev/docs/api-reference (AlertmanagerConfigMatcherStrategy: OnNamespace is the default) and .../developer/alerting; prometheus-operator 0.75.
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
from callcheck.sources.documents import each_of
from callcheck.sources.launch import aside
from callcheck.sources.manifests import Manifest, collect

_STRATEGY = "alertmanagerConfigMatcherStrategy"
_OTHER = pattern(rf"\b{_STRATEGY}:\s*(?:\{{\s*)?type:\s*[\"']?(?!OnNamespace\b)\w")
_SPEC = pattern(r"^[ \t]*alertmanagerConfig(?:Namespace)?Selector:|^kind:[ \t]*Alertmanager[ \t]*$", re.MULTILINE)
_NAMESPACE = pattern(r"\bnamespace\s*=~?\s*\"([^\"\n]{1,200})\"")
_WHY = "the operator adds a matcher namespace=\"{}\" to this route, and these alerts carry namespace=\"{}\", so none comes here; set " + _STRATEGY + " to None"


class AlertRoutes:
    """Silent where the strategy is another one, and where an alert's namespace is not written in its expression or labels."""

    name = "alert-routes"
    looks_at = ("*.yaml", "*.yml")
    marks = ("AlertmanagerConfig",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        texts = [(file, eyes.readable(file, 300_000)) for file in eyes.tree.named(*self.looks_at) if not aside(eyes, file)] if found.of("AlertmanagerConfig") else []
        if any(_OTHER.search(text) for _, text in texts):
            return
        spec = next(((file, text, at) for file, text in texts if (at := _SPEC.search(text))), None)
        for item in found.of("AlertmanagerConfig"):
            own = str(item.get("metadata", "namespace") or "")
            rules = [each for rule in found.of("PrometheusRule") for each in _alerts(rule) if _wants(item, each[1])] if own and "{{" not in own else []
            named = [_named(rule) for _, rule in rules]
            if rules and all(each and own not in each for each in named):
                fact = LibraryTrap("missing-subscription", "strong" if spec else "fair", _WHY.format(clean(own, 20), clean(named[0][0], 20)), clean(item.name, 60), "prometheus-operator", "")
                because = [Evidence(fact, Basis.DECLARED, self.name, rules[0][0], label=f"this alert is of {clean(named[0][0], 40)}")]
                if spec is not None:
                    place = Location(clean(spec[0].name), spec[1].count("\n", 0, spec[2].end()) + 1)
                    because.append(Evidence(fact, Basis.DECLARED, self.name, place, label=f"no {_STRATEGY}: OnNamespace"))
                yield Evidence(fact, Basis.DECLARED, self.name, item.where("metadata", "namespace"), because=tuple(because))


def _alerts(rule: Manifest) -> Iterator[tuple[Location, Any]]:
    for at, group in each_of(rule.get("spec", "groups")):
        for index, row in each_of(group.get("rules")):
            if row.get("alert"):
                yield rule.where("spec", "groups", at, "rules", index, "alert"), row


def _wants(item: Manifest, alert: Any) -> bool:
    """Whether the route asks for labels, all of which the alert is given by its rule."""
    matchers = [row for _, row in each_of(item.get("spec", "route", "matchers"))]
    given = alert.get("labels") or {}
    return bool(matchers) and all(row.get("matchType", "=") == "=" and not row.get("regex") and str(given.get(row.get("name"))) == str(row.get("value")) for row in matchers)


def _named(alert: Any) -> list[str]:
    """The namespaces of which an alert can be; none where that is not written out."""
    given = str((alert.get("labels") or {}).get("namespace") or "")
    if given:
        return [] if "{{" in given else [given]
    return [name for found in _NAMESPACE.findall(str(alert.get("expr"))) for name in found.split("|") if not set(name) & set(".*+($")]


PROBE = AlertRoutes()
