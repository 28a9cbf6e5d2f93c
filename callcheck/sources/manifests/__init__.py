"""Which Kubernetes objects do the target's YAML files hold, Helm charts and Kustomize patches included?"""

from __future__ import annotations

from callcheck.sources.manifests.collect import Manifest, Manifests, collect

__all__ = ["Manifest", "Manifests", "collect"]
