"""Which processes run on this machine, and which of them are one app's workers?"""

from __future__ import annotations

from callcheck.sources.live.processes import Group, Process, Processes

__all__ = ["Group", "Process", "Processes"]
