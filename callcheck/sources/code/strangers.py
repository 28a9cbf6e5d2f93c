"""What can be said of a library that no rule file knows, by the names that it gives its objects?

    import { AuditEmitter } from "@acme/audit";      objects: {emitter: ["?.*Emitter"]}
    bus = acme_bus.EventBus()

A framework whose objects are named so (`?` for the package, then a pattern of the last name) is filled with the packages that a project imports
and that no framework names.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable

from callcheck.model.knowledge import Framework
from callcheck.model.noun import replace
from callcheck.model.shelf import STRANGE, Spine, root

OF_NODE = frozenset(
    "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path "
    "perf_hooks process punycode querystring readline repl sqlite stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib".split()
)
"""Modules of Node.js itself; those of Python, Python knows."""


def unknown(spines: Iterable[Spine], outside: Collection[str]) -> tuple[str, ...]:
    """The packages that a project imports, without those that a framework names, and those that come with Node.js or Python."""
    own = {root(name) for name in outside} - OF_NODE - sys.stdlib_module_names
    given = tuple(spines)
    return tuple(sorted(name for name in own if name and not any(name in each.roots for each in given)))


def filled(framework: Framework, packages: tuple[str, ...]) -> Framework:
    """A framework with these packages and the objects that they may make."""
    objects = {kind: tuple(name for each in names for name in _named(each, packages)) for kind, names in framework.objects.items()}
    return replace(framework, packages=(*framework.packages, *packages), objects=objects)


def _named(name: str, packages: tuple[str, ...]) -> Iterable[str]:
    return [package + name.removeprefix(STRANGE) for package in packages] if name.startswith(STRANGE) else [name]
