"""Does an endpoint for Discord's interactions take whatever comes, without a look at the signature?

    if body["type"] == 1: return {"type": 1}            # and no VerifyKey anywhere

Discord sends requests with wrong signatures on purpose, when an address is entered and later on, and takes away an address that does not answer them with 401
(docs.discord.com/developers/interactions/overview, Setting Up an Endpoint).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.languages import language_of

_PING = pattern(r"""(?:\btype\b["'\])]*|["']type["']\)?)\s*={2,3}\s*(?:1\b|InteractionType\.P(?:ING|ing)\b)[\s\S]{0,160}?(?:["']?\btype["']?\s*:\s*(?:1\b|InteractionResponseType\.P(?:ONG|ong)\b)|\btype\s*=\s*1\b|PONG\b|\bPong\b)""")
_OF_DISCORD = pattern(r"(?i)discord|/interactions?\b")
_CHECKS = pattern(r"(?i)verify_?key|ed25519|nacl|verify_?signature|isvalidrequest|verifykeymiddleware")
_WHY = "nothing checks the signature, and Discord, which sends wrong ones on purpose, takes the address only if these are answered 401; verify it first"


class UncheckedPings:
    """Silent where anything in the project has to do with such a signature."""

    name = "unchecked-pings"
    looks_at = Sight.SOURCE
    marks = ("type",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        project = eyes.code.project
        paths = [path for path in project.holding(["iscord", "ISCORD", "nteraction"]) if not is_test(path)]
        if not paths or any(_CHECKS.search(project.text(path)) for path in project.holding(["erify", "ed25519", "Ed25519", "nacl"])):
            return
        for path in paths:
            text = project.text(path)
            found = _PING.search(text) if _OF_DISCORD.search(text) else None
            if found is not None:
                fact = LibraryTrap("callback-rejected", "strong", _WHY, "interactions", "discord", language_of(path) or "")
                yield Evidence(fact, Basis.INFERRED, self.name, Location(clean(path), text.count("\n", 0, found.start()) + 1))
                return


PROBE = UncheckedPings()
