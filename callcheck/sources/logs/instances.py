"""Which service does an instance belong to, by the names that platforms give?"""

from __future__ import annotations

from callcheck.model.pattern import pattern

_POD = pattern(r"(.{1,200}?)-(?:[a-z0-9]{6,10}-)?[bcdfghjklmnpqrstvwxz2-9a-z0-9]{5}$")
_COUNTED = pattern(r"(.{1,200}?)[-_.](?:\d{1,4}|[0-9a-f]{12,64})$")


def service_of(instance: str) -> str:
    """`cart-api-6f7c9d-x2k4q` -> cart-api, `2|orders` -> orders, `web.1` and `web-1` -> web, `host gunicorn` as it is."""
    name = instance.partition("/")[0]
    if "|" in name:
        return name.partition("|")[2]
    counted = _COUNTED.match(name)
    if counted:
        return counted[1]
    pod = _POD.match(name)
    return pod[1] if pod and any(c.isdigit() for c in name[len(pod[1]) :]) else name
