"""Which address is given away to be called back from one stage of a deployment alone as this machine, since that stage leaves its variable out?

    callback_base_url: str = "http://localhost:8000"        # the code's stand-in for development
    literals: [CALLBACK_BASE_URL=http://web]                # of staging; production's list has no such line
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen
from callcheck.sources.environment.unset import unset


class OneStage:
    """Silent where any file, image or command may give the variable to all stages."""

    name = "one-stage"
    looks_at = Sight.SOURCE
    marks = ("localhost", "127.0.0.1", "0.0.0.0")
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        told = set[str]()
        for read in eyes.code.variables.reads:
            if not read.fallback or not read.purpose.startswith("callback") or read.name in told:
                continue
            told.add(read.name)
            found = unset(eyes, read.name)
            if found is None:
                continue
            fact = AddressUnreachable(clean(read.name, 80), clean(read.fallback, 200), "unset", clean(found.stage, 40), clean(found.other, 40))
            beside = Evidence(fact, Basis.DECLARED, self.name, found.given.where, label=f"{clean(found.other, 40)} sets {clean(read.name, 60)}")
            near = Evidence(fact, Basis.DECLARED, self.name, found.near.where, label=f"{clean(found.stage, 40)} sets {clean(found.near.name, 60)}, and not {clean(read.name, 60)}")
            used = seen(fact, read.place, self.name, label="the address is given away here")
            yield seen(fact, read.node, self.name, (near, beside, used), label="this is taken for want of the variable")


PROBE = OneStage()
