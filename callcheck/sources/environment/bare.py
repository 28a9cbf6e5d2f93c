"""Which containers of the deployment are given no variables at all?

    worker: { build: ., command: node worker.js }          # no `environment`, no `env_file`
    containers: [{name: relay, command: [python, -m, relay]}]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.environment.setting import Setting
from callcheck.sources.mounts import mounted

if TYPE_CHECKING:
    from callcheck.sources import Eyes


def bare(eyes: Eyes) -> Iterator[Setting]:
    """A setting without a name for each unit that has a command of its own, and of which no container is, or may be, given a variable."""
    found = list(mounted(eyes))
    given = {each.unit for each in found if each.given}
    for each in found:
        if each.runs and each.unit not in given:
            yield Setting(each.unit, "", "", each.file, each.line, each.system, each.runs)
