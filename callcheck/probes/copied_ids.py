"""Do the copies of one program connect under one name, of which a broker lets one connection live?

    MQTT_CLIENT_ID=silo-bridge                         # bridge.env, which silo-bridge@mill and silo-bridge@harbour both read
    mqtt.Client(client_id=os.environ["MQTT_CLIENT_ID"])

Source: MQTT 5, 3.1.4: a second connection with the same client id ends the first.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.environ import OF_A_PROCESS, variable
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Node
from callcheck.sources.environment import OPEN, Setting, settings
from callcheck.sources.environment.owners import programs_of

_OF_A_COPY = pattern(r"[%$]\w|\$[{(]|\{\{|<%")
"""What is filled in for each copy: `%i` of systemd and supervisord, `$(POD_NAME)`, `{{.Task.Slot}}`."""
_WHY = "each copy of this program connects with one client id, so the broker ends the connection of one for another's; put the copy's own name into it"


class CopiedIds:
    """Whether there are copies is laid beside it by the rule. Silent where a value is not written out, and where a part of the name is the copy's own."""

    name = "copied-ids"
    looks_at = Sight.SOURCE
    about = ("joins",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for use in eyes.code.idioms.of("joins"):
            node = next(iter(eyes.code.idioms.placed(use.call, use.idiom.event)), None) if "alone" in use.idiom.traits else None
            if node is None or is_test(use.module.path):
                continue
            name, default = variable(eyes.code.origins, eyes.code.idioms.text, node)
            given = _given(eyes, use, name) if name else []
            if given is None:
                continue
            text = given[0].value if given else "" if name and _unseen(eyes, name) else _written(eyes, default if name else node)
            if text:
                fact = LibraryTrap("competing-consumers", "if-many", _WHY, clean(text, 60), use.framework.name, use.module.language)
                because = tuple(Evidence(fact, Basis.DECLARED, self.name, each.where, service=each.unit, label="all copies are given this one") for each in given[:1])
                yield seen(fact, node if node.line != use.call.line else use.call, self.name, because)


def _given(eyes: Eyes, use: Use, name: str) -> list[Setting] | None:
    """What units give the program for the variable; None where one of them fills it in for each copy, or does not say it."""
    programs = eyes.code.programs.of(use.module)
    here = [each for each in settings(eyes) if each.name == name and not each.foreign and (not (starts := programs_of(eyes, each)) or starts & programs)]
    return here if all(each.value and not _OF_A_COPY.search(each.value) for each in here) else None


def _written(eyes: Eyes, node: Node | None) -> str:
    """A name that is written out as a whole."""
    text = eyes.code.idioms.known_text(node) if node is not None else ""
    return "" if "*" in text or _OF_A_COPY.search(text) else text


def _unseen(eyes: Eyes, name: str) -> bool:
    """Whether a variable that no file sets may be set all the same, or is each process' own."""
    return bool(OF_A_PROCESS.search(name)) or any(each.name == OPEN for each in settings(eyes))


PROBE = CopiedIds()
