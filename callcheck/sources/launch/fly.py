"""Which process groups does a fly.toml have, and to which of them does a service belong?

    [processes]
      app = "node web.js"
      bot = "node bot.js"
    [[services]]
      internal_port = 9000          # no `processes`: those of app
"""

from __future__ import annotations

from typing import Any

from callcheck.sources.documents import Table


def groups_of(document: Table) -> dict[str, tuple[str, int]]:
    """The command of each process group, and its line; one group `app` without a command where none is named."""
    processes = document.get("processes")
    if isinstance(processes, Table) and processes:
        return {name: (str(command or ""), processes.lines[name]) for name, command in processes.items()}
    return {"app": ("", document.lines.get("app", 1))}


def services_of(document: Table) -> list[Table]:
    """`[http_service]` and each of `[[services]]`."""
    found: list[Any] = [document.get("http_service")]
    rows = document.get("services")
    found += rows if isinstance(rows, list) else [rows]
    return [item for item in found if isinstance(item, Table)]


def members_of(service: Table, groups: list[str]) -> list[str]:
    """The groups whose machines a service sends to."""
    named = service.get("processes")
    # Without `processes` a service belongs to the default group alone: app, or the first by its name (flyctl, internal/appconfig/processgroups.go).
    return [str(item) for item in named] if isinstance(named, list) else ["app" if "app" in groups else min(groups)]
