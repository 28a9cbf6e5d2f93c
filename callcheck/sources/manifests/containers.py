"""Which unit is a container of a pod: that of its workload, or one beside it with a memory of its own?

    containers:
      - {name: web, command: [flask, run]}                       # parcels
      - {name: consumer, command: [python, -m, consumer]}        # parcels/consumer: one network, two processes
"""

from __future__ import annotations

from typing import Any

from callcheck.sources.documents import Table
from callcheck.sources.launch.roles import INFRASTRUCTURE, role_of_image
from callcheck.sources.manifests.manifest import Manifest


def unit_of(item: Manifest, container: Table, containers: Any) -> str:
    """The workload's name for the first program of a pod; that with the container's for another one that is told what to run."""
    programs = [each for each in containers if isinstance(each, Table) and role_of_image(str(each.get("image") or "")) not in INFRASTRUCTURE] if isinstance(containers, list) else []
    told = [each for each in programs if each.get("command") or each.get("args")]
    if len(told) < 2 or len(told) < len(programs) or container is programs[0] or container not in programs or not container.get("name"):
        return item.name
    return f"{item.name}/{container['name']}"
