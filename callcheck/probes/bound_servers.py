"""Which calls make a server listen on its own machine alone, as they say or for want of an address?

    app.listen(3000, "127.0.0.1")          # in a container that is the container
    uvicorn.run(app, port=8000)            # 127.0.0.1 by default
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import ServerBound
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.begun import main_only
from callcheck.sources.code.environ import variable
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.standing import Standing
from callcheck.sources.launch.bound import loopback


class BoundServers:
    """States the `bind` idioms whose address, as it is given at `event` or as `says` has it for none, is a loopback one."""

    name = "bound-servers"
    looks_at = Sight.SOURCE
    about = ("bind",)
    answers: frozenset[type[Fact]] = frozenset({ServerBound})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, standing = eyes.code, Standing(eyes.code)
        found: list[tuple[Use, bool, str]] = []
        for use in code.idioms.of("bind"):
            if is_test(use.module.path) or not standing.stands(use):
                continue
            given = next(iter(code.idioms.placed(use.call, use.idiom.event)), None)
            # What comes from a variable is what the deployment makes it.
            if given is None or not variable(code.origins, code.idioms.text, given)[0]:
                found.append((use, given is not None, loopback(code.idioms.text(given) if given is not None else use.idiom.says)))
        # Who is told to listen for its own machine, beside a server that is open to others, is meant for that: figures, health, a debugger.
        beside = {use.module.path for use, _, address in found if not address}
        for use, told, address in found:
            if address and not (told and use.module.path in beside):
                fact = ServerBound(address, use.framework.name, told, main_only(use.call), language=use.module.language)
                yield seen(fact, use.call, self.name)


PROBE = BoundServers()
