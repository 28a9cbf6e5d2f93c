"""What does a JSON entry say, by the keys that its format names?"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from callcheck.model.log import Format
from callcheck.model.pattern import pattern
from callcheck.sources.logs import times
from callcheck.sources.logs.levels import level_of

if TYPE_CHECKING:
    from callcheck.sources.logs.unwrap import Said


_SCHEME = pattern(r"^[a-z]{1,10}://")
_LINE = pattern(r"^[A-Z]{3,8} | HTTP/[\d.]+$|^https?://[^/]{0,200}(?=/)")
"""What stands around the path where a whole request line is logged."""
_MOST_ATTRIBUTES, _DEEPEST = 60, 4
CONTEXT = r"(?:x[_-])?(?:request|req|trace|correlation|tenant|context|ctx|parent[_-]?run|workspace|organi[sz]ation|baggage)(?:[_-]?(?:id|name|context|key))?"
"""The name of what comes along with a request; that it is null tells something."""
_CONTEXT = pattern(CONTEXT, re.I)

_STACKED = pattern(r"(?:stack|stack_?trace|trace_?back|backtrace)", re.I)
"""A list of the lines of a stack, as Lambda's runtimes write one."""


class Keys:
    """A JSON format, with its dotted keys taken apart."""

    def __init__(self, form: Format) -> None:
        self.form = form
        self.any = form.needs == {""}
        """It stands for whatever no other format knows."""
        self.roles = {role: [_path(key) for key in keys] for role, keys in form.keys.items()}
        self._spent = [(role == "message", list(keys)) for role, keys in form.keys.items() if role not in ("logger", "thread")]
        self._left = frozenset(key.split(".")[0] for keys in form.keys.values() for key in keys)
        self.served = "method" in self.roles
        """An entry is a served request."""

    def of(self, keys: Collection[str]) -> Keys:
        """The same for entries with just these keys at their top: nothing is looked for that they cannot have."""
        same = copy.copy(self)
        same.roles = {role: [path for path in paths if path[0] in keys or (path[1] and path[1][0] in keys)] for role, paths in self.roles.items()}
        same._spent = [(is_message, [key for key in spent if key in keys]) for is_message, spent in self._spent]
        return same

    def take(self, said: Said, value: dict[str, Any]) -> Any:
        """What the entry says, put into `said`; gives the message."""
        time = times.seconds(self._scalar("time", value))
        said.time = time if time is not None else said.time
        said.level = level_of(self._scalar("level", value)) or said.level
        names = [
            str(v)
            for path in self.roles.get("instance", ())
            if (v := _get(value, path)) is not None and not isinstance(v, (dict, list))
        ]
        if names and self.any:
            names = names[:1]
        if names and not (said.instance and names[0] in said.instance):
            said.instance = ":".join([said.instance, *names] if said.instance else names)
        pid = self._scalar("pid", value)
        if pid is not None and isinstance(pid, (int, str)) and str(pid).isdigit():
            said.pid = str(pid)
        said.logger = str(self._scalar("logger", value) or said.logger)
        said.thread = str(self._scalar("thread", value) or said.thread)
        message = next((v for p in self.roles.get("message", ()) if (v := _get(value, p)) is not None), None)
        if isinstance(message, list) and all(isinstance(v, int) and 0 <= v < 256 for v in message):
            return bytes(message).decode("utf-8", "replace")
        if isinstance(message, (dict, list)) and self.form.layer == "inner":
            return None
        return message

    def fields(self, value: dict[str, Any]) -> list[tuple[str, str]]:
        """Further attributes that stand in an object of their own."""
        held = [_get(value, path) for path in self.roles.get("fields", ())]
        return [pair for each in held if isinstance(each, dict) for pair in flat(each, frozenset())]

    def stack(self, value: dict[str, Any]) -> str:
        """What stands below the first line of the text as a terminal shows it."""
        return str(self._scalar("stack", value) or "").rstrip("\n").partition("\n")[2]

    def request(self, value: dict[str, Any]) -> str:
        """The served request as an access line, with who answered it; "" if it is none."""
        method, path, status, by = (self._scalar(role, value) for role in ("method", "path", "status", "by"))
        if not method or not path or status is None:
            return ""
        path = _LINE.sub("", str(path))
        answered = f" upstream={_SCHEME.sub('', str(by))}" if by else ""
        return f'"{method} {path} HTTP/1.1" {status}{answered}'

    def leave(self, value: dict[str, Any]) -> set[str] | frozenset[str]:
        """The keys that are no further attributes: for a plain entry those that it gave as message, time, level, instance and process."""
        if not self.any:
            return self._left
        used = set()
        for is_message, keys in self._spent:
            for key in keys:
                if key in value and not (is_message and isinstance(value[key], (dict, list))):
                    used.add(key)
                    break
        return used

    def _scalar(self, role: str, value: dict[str, Any]) -> Any:
        for path in self.roles.get(role, ()):
            found = _get(value, path)
            if found is not None and not isinstance(found, (dict, list)):
                return found
        return None


def _path(key: str) -> tuple[str, list[str]]:
    return key, key.split(".") if "." in key else []


def _get(value: dict[str, Any], path: tuple[str, list[str]]) -> Any:
    key, parts = path
    if key in value:
        return value[key]
    if not parts:
        return None
    inner: Any = value
    for part in parts:
        if not isinstance(inner, dict) or part not in inner:
            return None
        inner = inner[part]
    return inner


def request_of(value: object) -> str | None:
    """A served request as the load balancer or platform notes it (Google Cloud's HttpRequest), as an access line."""
    if not isinstance(value, dict) or "requestMethod" not in value:
        return None
    path = re.sub(r"^https?://[^/]*", "", str(value.get("requestUrl", ""))) or "/"
    agent = value.get("userAgent", "")
    answered = f" upstream={value['serverIp']}" if value.get("serverIp") else ""
    return f'"{value["requestMethod"]} {path} HTTP/1.1" {value.get("status", "-")} latency={value.get("latency", "-")}{answered} "{agent}"'


def flat(value: dict[str, Any], leave: set[str] | frozenset[str]) -> list[tuple[str, str]]:
    """The attributes of an entry, those of objects in it by dotted names; but for some keys, and at most 60."""
    found: list[tuple[str, str]] = []
    _flatten(found, ((key, item) for key, item in value.items() if key not in leave), 0)
    return found


def _flatten(found: list[tuple[str, str]], pairs: Iterable[tuple[str, Any]], depth: int) -> None:
    for key, item in pairs:
        if len(found) >= _MOST_ATTRIBUTES:
            return
        if isinstance(item, str):
            found.append((key, item[:8000]))
        elif isinstance(item, bool):
            found.append((key, str(item).lower()))
        elif isinstance(item, dict):
            if depth < _DEEPEST:
                _flatten(found, ((f"{key}.{name}", each) for name, each in item.items()), depth + 1)
        elif isinstance(item, list):
            if len(item) > 1 and _STACKED.fullmatch(key.rpartition(".")[2]) and all(isinstance(each, str) for each in item):
                found.append((key, "\n".join(each.rstrip("\n") for each in item)[:8000]))
            elif depth < _DEEPEST and len(item) <= 8:
                _flatten(found, ((key, each) for each in item), depth + 1)
        elif item is not None:
            found.append((key, str(item)[:8000]))
        elif _CONTEXT.fullmatch(key.rpartition(".")[2]):
            found.append((key, "null"))
