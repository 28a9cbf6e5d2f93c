"""What do the apps of Spring in a target listen to, by their annotations, their properties and what the deployment sets instead?"""

from __future__ import annotations

from callcheck.sources.spring.apps import App, apps
from callcheck.sources.spring.listeners import Listener, listeners
from callcheck.sources.spring.properties import Property

__all__ = ["App", "Listener", "Property", "apps", "listeners"]
