"""Which service does an instance belong to, and which instance a file, by the names that platforms give?"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable

from callcheck.model.pattern import pattern

_POD = pattern(r"(.{1,200}?)-(?:[a-z0-9]{6,10}-)?[bcdfghjklmnpqrstvwxz2-9a-z0-9]{5}$")
_FILE = pattern(
    r"(?:^|/)(?P<name>[A-Za-z][\w.-]{0,180}?(?:[-_](?:\d{1,3}|[0-9a-f]{12,64})|-[0-9a-f]{6,10}-[a-z0-9]{5}))(?:[-_.](?:json|out|err|error|stdout|stderr|app|container))*"
    r"\.(?:log|txt|out|jsonl?|ndjson|logfmt|ltsv|syslog)(?:\.gz)?$|(?:^|/)[\w.-]{1,63}_(?P<pod>[a-z0-9][a-z0-9.-]{1,200})_[0-9A-Za-z-]{2,36}/[\w.-]{1,63}/\d{1,4}\.log$|(?:^|/)\d{4}_\d\d_\d\d_(?P<machine>[A-Za-z0-9]{6,40})(?:_[a-z]{2,20}){0,3}_docker\.log$|(?:^|/)(?P<id>[0-9a-f]{64})-json\.log$",
    re.ASCII,
)
_STREAM = pattern(r"[-_](?:out|err|error|stdout|stderr)(?=[-_]\d)")
"""PM2 writes `api-out-0.log` and `api-error-0.log` for one process."""
_DATED = pattern(r"(?:19|20)\d{6}$|\d{4}-\d\d-\d\d")
_REVISION = pattern(r"[0-9a-f]{24,}:(.{1,200}?)(?:-\d{5}-[a-z]{3})?$")
_COUNTED = pattern(r"(.{1,200}?)[-_.](?:\d{1,4}|[0-9a-f]{12,64})$")


@functools.lru_cache(256)
def instance_of(path: str) -> str:
    """Whose log a file is, where each instance has one of its own: `api-0.log` -> api-0; "" for `app.log`, its rotated `app.log.1` and dates."""
    found = _FILE.search(path)
    name = next((group for group in found.groups() if group), "") if found else ""
    return "" if _DATED.search(name) else _STREAM.sub("", name)


@functools.lru_cache(4096)
def service_of(instance: str) -> str:
    """`cart-api-6f7c9d-x2k4q` -> cart-api, `2|orders` -> orders, `web.1` and `web-1` -> web, `host gunicorn` as it is; of Cloud Run's
    `<instance>:claims-00041-bux` claims."""
    name = instance.partition("/")[0]
    revision = _REVISION.match(name)
    if revision:
        return revision[1]
    if "|" in name:
        return name.partition("|")[2]
    counted = _COUNTED.match(name)
    if counted:
        return counted[1]
    pod = _POD.match(name)
    return pod[1] if pod and any(c.isdigit() for c in name[len(pod[1]) :]) else name


def of_services(instances: Iterable[str]) -> bool:
    """Whether these are of several services, as two words or more at the beginning of their names tell; of hosts and ids that is not known."""
    stems = {tuple(itertools.takewhile(str.isalpha, re.split(r"[-_.]", service_of(each)))) for each in instances}
    return len({stem[:2] for stem in stems if len(stem) > 1}) == len(stems) > 1 and len({stem[0] for stem in stems}) > 1
