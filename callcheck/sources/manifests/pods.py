"""Whose pods does a selector pick?

    selector: {app: vllm, model: gemma}                    # Service
    podSelector: {matchLabels: {app: vllm}}                # NetworkPolicy
    template: {metadata: {labels: {app: vllm}}}            # the pods of a unit

All labels must fit, within one namespace (kubernetes.io/docs/concepts/overview/working-with-objects/labels).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.sources.documents import each_of
from callcheck.sources.manifests.manifest import Manifest

if TYPE_CHECKING:
    from callcheck.sources import Eyes


def labels_of(unit: Manifest) -> dict[str, Any]:
    """The labels of the pods that a unit makes, or of the pod itself; empty if none are told."""
    path = ("metadata", "labels") if unit.kind == "Pod" else ("spec", "template", "metadata", "labels")
    found = unit.get(*path)
    return found if isinstance(found, dict) else {}


def picks(eyes: Eyes, by: Manifest, wanted: Mapping[str, Any], unit: Manifest) -> bool | None:
    """Whether these labels, wanted by an object, pick a unit's pods.

    None if that is open: one of the two does not tell its namespace, or a label that does not fit may be filled in by a template.
    """
    spaces = {str(each.get("metadata", "namespace") or "") for each in (by, unit)}
    if len(spaces) == 2 and "" not in spaces:
        return False
    held = labels_of(unit)
    if any(held.get(key) != value for key, value in wanted.items()):
        return False if whole(eyes, by) and whole(eyes, unit) else None
    return True if len(spaces) == 1 else None


def port_behind(service: Manifest, unit: Manifest, port: str) -> frozenset[str]:
    """The port of a unit's pods to which a Service sends what comes for one of its own, by number and by name; none if it is not told."""
    row = next((row for _, row in each_of(service.get("spec", "ports")) if str(row.get("port")) == port), None)
    target = str(row.get("targetPort", port)) if row is not None else ""
    told = [declared for _, container in each_of(unit.get("spec", "template", "spec", "containers")) for _, declared in each_of(container.get("ports"))]
    for declared in told:
        names = frozenset(str(declared[key]) for key in ("containerPort", "name") if key in declared)
        if target in names:
            return names
    return frozenset({target}) if target.isdigit() else frozenset()


def whole(eyes: Eyes, manifest: Manifest) -> bool:
    """Whether an object is written out, with nothing for a template to fill in."""
    if manifest.built:
        return True
    try:
        return "{{" not in eyes.text(manifest.file)
    except SourceError:
        return False
