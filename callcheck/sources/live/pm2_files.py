"""What does PM2 call the apps that its daemon runs? It keeps a file with the pid of each.

~/.pm2/pids/api-0.pid        21957
~/.pm2/pids/billing-api-3.pid        (blanks of a name become dashes)
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from callcheck.model.printable import clean
from callcheck.sources.live.titles import home_of, is_daemon

if TYPE_CHECKING:
    from callcheck.sources.live.table import Table
    from callcheck.sources.live.workers import Process

_MOST = 2_000


def names_of(daemon: Process, table: Table) -> dict[int, str]:
    """The app's name for each pid below a daemon, as far as the files tell; {} for any other process."""
    if not is_daemon(daemon.words):
        return {}
    home = home_of(daemon.words) or table.variable(daemon.pid, "PM2_HOME") or os.path.expanduser("~/.pm2")
    folder = os.path.join(home, "pids")
    children = {child.pid for child in daemon.children}
    found: dict[int, str] = {}
    try:
        files = sorted(os.listdir(folder))[:_MOST]
    except OSError:
        return {}
    for file in files:
        name, _, number = file.removesuffix(".pid").rpartition("-")
        pid = _number(os.path.join(folder, file)) if name and number.isdigit() else 0
        if pid in children:
            found[pid] = clean(name, 80)
    return found


def _number(path: str) -> int:
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            return int(stream.read(20).strip() or 0)
    except (OSError, ValueError):
        return 0


def daemon_runs() -> bool:
    """Whether PM2's daemon runs for this user: `pm2 jlist` would start one where none does."""
    home = os.environ.get("PM2_HOME") or os.path.expanduser("~/.pm2")
    pid = _number(os.path.join(home, "pm2.pid"))
    return pid > 0 and os.path.exists(os.path.join(home, "rpc.sock")) and _lives(pid)


def _lives(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid)
