"""What does a process manager or platform list? One small record for each thing that it runs; nothing of their environment is kept.

`pm2 jlist`                          one JSON array, an object a process: name, pid, pm_id, pm2_env.{exec_mode, status, restart_time, pm_uptime, ...}
`docker compose ps --format json`    a JSON object a line (since Compose 2.21), before that one array: Service, Name, State, Publishers ...
`kubectl get ... -o json`            an object, or a List of them
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from callcheck.model.errors import Malformed
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean


@dataclass(frozen=True, slots=True)
class Managed:
    """One process, container or pod as its manager lists it."""

    app: str
    id: str
    """A pid for PM2, the first twelve characters of a container's id, a pod's name."""
    up: bool
    state: str
    """In the manager's own word: online, errored, running, exited, CrashLoopBackOff ..."""
    restarts: int = -1
    """-1 if it does not say."""
    started: float = 0.0
    """Seconds since the epoch; 0 if it does not say."""
    pool: str = ""
    command: str = ""
    image: str = ""
    ports: tuple[int, ...] = ()
    name: str = ""
    """For people, where the id is none."""
    entry: str = ""
    """The file that it runs, if that is listed apart from the command."""


def pm2_list(text: str) -> list[Managed]:
    """Reads `pm2 jlist`: times are milliseconds since the epoch, a stopped process has pid 0. Notices before the array are passed over.

    Raises Malformed if there is no JSON array. Seen with PM2 6.0 and 7.0.
    """
    rows = _array(text, "pm2 jlist")
    found = []
    for row in rows:
        told = _table(row.get("pm2_env"))
        state = str(told.get("status", ""))
        up = state == "online"
        pool = "cluster" if told.get("exec_mode") == "cluster_mode" else "fork"
        restarts, since = told.get("restart_time"), told.get("pm_uptime")
        path = clean(str(told.get("pm_exec_path", "")), 200)
        interpreter = str(told.get("exec_interpreter", ""))
        command = f"{interpreter} {path}" if interpreter not in ("", "none") else path
        name = clean(str(row.get("name", "")), 80)
        ident = str(row.get("pid") or "") if up else f"{name}-{row.get('pm_id', '')}"
        found.append(Managed(name, ident, up, clean(state, 40), restarts if isinstance(restarts, int) else -1, since / 1000 if up and isinstance(since, (int, float)) else 0.0, pool, clean(command, 200), entry=path))
    return found


def compose_list(text: str) -> list[Managed]:
    """Reads `docker compose ps --all --format json`, lines or an array. Raises Malformed for anything else. Seen with Compose 2.26."""
    rows = _array(text, "docker compose ps") if text.lstrip().startswith("[") else [_object(line) for line in text.splitlines() if line.strip()]
    found = []
    for row in rows:
        state = str(row.get("State", ""))
        ports = {p.get("TargetPort") for p in row.get("Publishers") or [] if isinstance(p, dict)}
        found.append(
            Managed(
                clean(str(row.get("Service", "")), 80),
                clean(str(row.get("ID") or row.get("Name", "")), 80),
                state == "running",
                clean(state if row.get("Health") in ("", None) else f"{state} ({row['Health']})", 60),
                image=clean(str(row.get("Image", "")), 120),
                ports=tuple(sorted(port for port in ports if isinstance(port, int))),
                command=clean(str(row.get("Command", "")).strip('"'), 120),
                name=clean(str(row.get("Name", "")), 80),
            )
        )
    return found


def inspected(text: str) -> dict[str, tuple[int, int, float]]:
    """Reads `docker inspect --format '{{.Id}} {{.State.Pid}} {{.RestartCount}} {{.State.StartedAt}}'`: by the id's first twelve characters the pid
    on this host (0 if it does not run), the restarts, and when it was started."""
    found = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) == 4 and words[1].isdigit() and words[2].isdigit():
            found[words[0][:12]] = (int(words[1]), int(words[2]), moment(words[3]))
    return found


def objects(text: str) -> list[dict[str, Any]]:
    """The objects that kubectl printed: of a List its items, else the one. Raises Malformed."""
    if not text.strip():
        return []
    told = _object(text)
    items = told.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else [told]


def pods(found: list[dict[str, Any]], app: str) -> list[Managed]:
    """The pods of a workload. One that is being ended counts for nothing; one is up if all of its containers are ready."""
    return [_pod(item, app) for item in found if item.get("kind") == "Pod" and not _table(item.get("metadata")).get("deletionTimestamp")]


def _pod(item: dict[str, Any], app: str) -> Managed:
    status = _table(item.get("status"))
    containers = [_table(each) for each in status.get("containerStatuses") or []]
    waiting = [str(_table(_table(each.get("state")).get("waiting")).get("reason", "")) for each in containers]
    ended = [str(_table(_table(each.get("lastState")).get("terminated")).get("reason", "")) for each in containers]
    up = bool(containers) and all(each.get("ready") is True for each in containers)
    state = next(filter(None, waiting), "") or str(status.get("phase", ""))
    if last := next((reason for reason in ended if reason and reason != "Completed"), ""):
        state = f"{state}, last ended by {last}"
    restarts = sum(each.get("restartCount", 0) for each in containers)
    name = clean(str(_table(item.get("metadata")).get("name", "")), 120)
    return Managed(app, name, up, clean(state, 80), restarts if containers else -1, moment(str(status.get("startTime", ""))))


def moment(text: str) -> float:
    """`2026-11-26T01:13:05.888489478Z` as seconds since the epoch; 0 for what is no time, or Docker's zero time."""
    try:
        made = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return 0.0
    return max(made, 0.0)


def _array(text: str, who: str) -> list[dict[str, Any]]:
    """The array that begins a line; notices may stand before it (PM2 says so when its daemon is of another version)."""
    at = 0 if text.startswith("[") else text.find("\n[") + 1
    try:
        rows = json.loads(text[at:])
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{who} gives no JSON: {clean(str(error), 120)}") from error
    if not isinstance(rows, list):
        raise Malformed(f"{who} gives no JSON array")
    return [row for row in rows if isinstance(row, dict)]


def _object(text: str) -> dict[str, Any]:
    try:
        made = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"no JSON: {clean(str(error), 120)}") from error
    if not isinstance(made, dict):
        raise Malformed("no JSON object")
    return made


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def by_app(found: list[Managed]) -> Iterator[tuple[str, list[Managed]]]:
    """Each app with what is listed of it, in the order of the list."""
    apps: dict[str, list[Managed]] = {}
    for each in found:
        apps.setdefault(each.app, []).append(each)
    yield from apps.items()
