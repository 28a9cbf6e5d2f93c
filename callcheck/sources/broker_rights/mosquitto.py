"""What may each user of Mosquitto read and write, by the file of rights that its configuration names?

    acl_file /mosquitto/config/rights                                   # mosquitto.conf; `plugin_opt_acl_file` from 2.1 on
    user ingest
    topic read sensors/+/temperature
    topic deny sensors/7/#                                              # before all that is allowed
    pattern readwrite homes/%u/#                                        # of every user; %u is its name, %c that of its connection

What stands before the first user is for those who give no name. Source: mosquitto.conf(5), acl_file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.broker_rights.held import MQTT, Rights
from callcheck.sources.launch import aside, own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_NAMED = ("acl", "acls", "*acl*.conf", "*.acl", "*acl*file*", "*aclfile*", "*acl*.txt")
_USER = pattern(r"^user\s+(\S.*?)\s*$")
_TOPIC = pattern(r"^(topic|pattern)\s+(?:(read|write|readwrite|deny)\s+)?(\S.*?)\s*$")
_IN_FORCE = pattern(r"(?m)^[ \t]*(?:plugin_opt_)?acl_file[ \t]+\"?([^\s\"]+)")
CONFIGURATIONS = ("*mosquitto*.conf", "*mqtt*.conf", "*broker*.conf", "*.conf")
LARGEST = 100_000


@dataclass(slots=True)
class Listed:
    """The rights of one file: those of the users that it names, and those of everybody who has a name; `named` where a configuration puts it in force."""

    where: Location
    users: dict[str, Rights] = field(default_factory=dict)
    everybody: list[tuple[str, str]] = field(default_factory=list)
    named: bool = False

    def of(self, user: str) -> Rights:
        """What a user may do, one that the file does not name included."""
        known = self.users.get(user) or Rights(user, MQTT, [], self.where)
        given = [(access, topic.replace("%u", user).replace("%c", "+")) for access, topic in self.everybody]
        reads, writes = ([topic for access, topic in given if access in (does, "readwrite")] for does in ("read", "write"))
        denied = [topic for access, topic in given if access == "deny"]
        return Rights(user, MQTT, [*known.reads, *reads], known.where, [*known.writes, *writes], [*known.denied, *denied])


def mosquitto(eyes: Eyes) -> Iterator[Listed]:
    """Each file of rights, those that nothing but their name tells included; none that says nothing."""
    files = {file.name: file for file in eyes.tree.named(*_NAMED)}
    in_force = {file.name: file for file in _in_force(eyes)}
    for name, file in (files | in_force).items():
        text = "" if aside(eyes, file) else eyes.readable(file, LARGEST)
        listed = _listed(text, clean(name), name in in_force)
        if listed.users or listed.everybody:
            yield listed


def _in_force(eyes: Eyes) -> Iterator[File]:
    """The files of the project that `acl_file` of a configuration means: by their name, next to it where there are several."""
    for file, text in own_texts(eyes, *CONFIGURATIONS, most=LARGEST):
        for found in _IN_FORCE.finditer(text):
            called = eyes.tree.called(posixpath.basename(found[1]))
            beside = [each for each in called if posixpath.dirname(each.name) == posixpath.dirname(file.name)]
            yield from beside or (called if len(called) == 1 else [])


def _listed(text: str, name: str, named: bool) -> Listed:
    found = Listed(Location(name, 1), named=named)
    current: Rights | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if user := _USER.match(line):
            current = found.users.setdefault(user[1], Rights(user[1], MQTT, [], Location(name, number)))
        elif topic := _TOPIC.match(line):
            access = topic[2] or "readwrite"
            if topic[1] == "pattern":
                found.everybody.append((access, topic[3]))
            elif current is not None:
                _take(current, access, topic[3], Location(name, number))
    return found


def _take(rights: Rights, access: str, topic: str, where: Location) -> None:
    if access == "deny":
        rights.denied.append(topic)
        return
    rights.where = rights.where if rights.reads or rights.writes else where
    rights.reads += [topic] if access != "write" else []
    rights.writes += [topic] if access != "read" else []
