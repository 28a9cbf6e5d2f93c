"""Which events of keys is a Redis told to send, by its command, its configuration, or the program?

    command: redis-server --notify-keyspace-events Kx          await client.configSet("notify-keyspace-events", "Ex")
    notify-keyspace-events EA                                  parameter { name = "notify-keyspace-events", value = "Ex" }

K is for the channels `__keyspace@`, E for `__keyevent@`; the others are kinds of events, of which A stands for all but m and n
(redis.io/docs/latest/develop/pubsub/keyspace-notifications).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from callcheck.sources import Eyes

_FILES = ("*.y*ml", "*.tf", "*.conf", "*.sh", "Dockerfile*", "*.env", "Makefile", "justfile", "*.service", "*.json", "*.toml")
_NAMED = pattern(r"notify[-_]keyspace[-_]events")
_VALUE = pattern(r"[\"']?[ \t]*[,:=]?\s*(?:-[ \t]+)?(?:(?:value|ParameterValue)[\"']?\s*[:=]\s*)?[\"']?([KEg$lshzxetmdnA]{1,16})(?![\w$.({-])")
_EMPTY = pattern(r"[\"']?[ \t]*[,:=]?[ \t]*(?:\"\"|'')")
_REMARK = pattern(r"^\s*(?:#|//|;|\*)")
_ALL = "g$lshzxetd"
_OF = {
    **dict.fromkeys(("expired",), "x"),
    **dict.fromkeys(("evicted",), "e"),
    **dict.fromkeys("del rename_from rename_to move_from move_to copy_to restore expire persist sortstore".split(), "g"),
    **dict.fromkeys("set setrange incrby incrbyfloat append".split(), "$"),
    **dict.fromkeys("lpush rpush lpop rpop linsert lset lrem ltrim".split(), "l"),
    **dict.fromkeys("sadd srem spop sinterstore sunionstore sdiffstore".split(), "s"),
    **dict.fromkeys("hset hincrby hincrbyfloat hdel".split(), "h"),
    **dict.fromkeys("zadd zincr zrem zremrangebyscore zremrangebyrank zinterstore zunionstore".split(), "z"),
    **dict.fromkeys("xadd xtrim xdel".split(), "t"),
    "new": "n",
    "keymiss": "m",
}  # fmt: skip
"""The kind of each event."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one place says."""

    letters: str
    where: Location

    def lacks(self, channel: str, event: str) -> str:
        """The letter that must be there for an event ("" for any) on a channel of this form (`keyevent`, `keyspace`), and is not; "" if all is there."""
        form = "E" if channel == "keyevent" else "K"
        if form not in self.letters:
            return form
        kinds = set(self.letters.replace("A", _ALL)) - {"K", "E"}
        kind = _OF.get(event, "") if channel == "keyevent" else ""
        return kind if kind and kind not in kinds else "" if kinds else "A"


def told(eyes: Eyes) -> list[Told]:
    """All that is said anywhere; [] where one place says something that cannot be read."""
    found: list[Told] = []
    for name, text in _texts(eyes):
        for named in _NAMED.finditer(text):
            begin = text.rfind("\n", 0, named.start()) + 1
            if _REMARK.match(text[begin : named.start()] or " ") or _EMPTY.match(text, named.end()):
                continue
            value = _VALUE.match(text, named.end())
            if value is None or value[1].islower():  # `… is not set`: a word
                return []
            found.append(Told(value[1], Location(clean(name), text.count("\n", 0, named.start()) + 1)))
    return found


def _texts(eyes: Eyes) -> Iterator[tuple[str, str]]:
    """The files of the deployment and of the program that name the setting."""
    project = eyes.code.project
    for file in project.files_named(*_FILES):
        if _NAMED.search(text := project.text_of(file)):
            yield file.name, text
    for path in project.holding(("notify",)):
        if _NAMED.search(project.text(path)):
            yield path, project.bare(path)
