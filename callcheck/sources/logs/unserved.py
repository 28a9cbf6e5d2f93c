"""Into which queue is work put, of which no worker takes, although workers say what they take from?

worker-1  | Processing jobs from the [default] queue.
web-1     | RenderInvoice dispatched order=71 queue=invoices
web-1     | RenderInvoice dispatched order=72 queue=invoices          (and no other line names that queue)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.sources import Sources
from callcheck.sources.logs.spelling import alike

_LEAST = 5
_ASIDE = pattern(r"dead|dlq|dlx|poison|fail|reject|parking|quarantin", re.I)
"""What is put there is to be looked at by somebody, as a rule."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """One such queue."""

    name: str
    near: str
    """A queue of nearly this name that a worker takes from, or ""."""
    put: Tally
    lists: list[Tally]
    """The lines in which workers say what they take from."""


def unserved(sources: Sources) -> Iterator[Unserved]:
    """Each queue into which work is put again and again and of which no other line speaks; none where a worker takes from all queues."""
    lists = dict(sources.lists.items())
    taken = {name: tally for (_, name), tally in sources.taken.items()}
    if not (lists or taken) or any("*" in name for name in lists) or min(sources.lists.share, sources.taken.share) < 1:
        return
    for name, tally in sources.put.items():
        if tally.count < _LEAST or _ASIDE.search(name) or name in lists or name in taken or name in sources.named or not sources.named.knows(name):
            continue
        near = next((other for other in sorted({*lists, *taken}) if alike(other, name)), "")
        # Who takes from one queue says so in a line of his own; that he takes from no other is known by a list, or by a slip in the name.
        if lists or near:
            yield Unserved(name, near, tally, [({**taken, **lists})[near]] if near else list(lists.values()))
