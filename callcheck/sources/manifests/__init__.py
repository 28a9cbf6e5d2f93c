"""Which Kubernetes objects do the target's YAML files hold, Helm charts and Kustomize patches included?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.manifests.manifest import Manifest, Manifests

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["FILES", "KUSTOMIZATIONS", "MARKS", "UNITS", "Manifest", "Manifests", "collect"]

FILES = ("*.yaml", "*.yml", "*.json")
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""What Kustomize calls its file in a folder."""
UNITS = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Rollout", "DeploymentConfig")
"""The kinds that keep pods running."""
MARKS = ("apiVersion", "kustomization")
"""What stands in a file, or its name, that has anything of Kubernetes."""


def collect(eyes: Eyes) -> Manifests:
    """Read every file that looks like a manifest; the reader is imported only where there may be one."""
    if not eyes.holds(FILES, MARKS):
        return Manifests()
    from callcheck.sources.manifests.read import read

    return eyes.once(("manifests",), lambda: read(eyes))
