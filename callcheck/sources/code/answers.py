"""What is kept of answers to a question that can come back to itself: who calls f, when f calls g, and g calls f?

An answer that was cut short, because it met a question that was still open, is right for that question alone. Kept for good, it would be
another one after other questions; so it is kept until the outermost question is answered, and for whoever asks it outermost again. Only what
is asked in the same order in every run, before the first probe, is kept as it is until then: to be so exact there would double its cost. What
nothing was found out of by then, because it was cut short, is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

GivenT = TypeVar("GivenT")


class Asking:
    """The questions that are open, of one kind or of several that lead to one another."""

    def __init__(self) -> None:
        self.open = 0
        self.exact = False
        """Whether an answer that was cut short is told from others."""
        self.cuts = 0
        """How often a question was not followed further."""
        self.meanwhile: list[dict[int, object]] = []
        """What is kept until the outermost question is answered."""
        self.in_vain: list[tuple[dict[int, object], int]] = []
        """The questions that were cut short, and gave nothing, with what is known of their kind."""

    def settle(self) -> None:
        """Be exact from now on, also about what was cut short so far."""
        self.exact = True
        for known, key in self.in_vain:
            known.pop(key, None)
        self.in_vain.clear()


class Answers(Generic[GivenT]):
    """The answers to one kind of question, by the id of what it is about."""

    def __init__(self, asking: Asking) -> None:
        self.known: dict[int, GivenT] = {}
        self._asking = asking
        self._busy: set[int] = set()
        self._outermost: dict[int, GivenT] = {}
        self._meanwhile: dict[int, GivenT] = {}
        asking.meanwhile.append(self._meanwhile)  # type: ignore[arg-type]

    def of(self, key: int, ask: Callable[[], GivenT], cut: GivenT) -> GivenT:
        """What `ask` gives, or gave; `cut` for a question that is open already."""
        if key in self.known:
            return self.known[key]
        asking = self._asking
        if key in self._busy:
            asking.cuts += 1
            return cut
        kept = self._meanwhile if asking.open else self._outermost
        if key in kept:
            asking.cuts += 1
            return kept[key]
        before = asking.cuts
        self._busy.add(key)
        asking.open += 1
        try:
            found = ask()
        finally:
            asking.open -= 1
            self._busy.discard(key)
            if not asking.open:
                for each in asking.meanwhile:
                    each.clear()
        (self.known if asking.cuts == before or not asking.exact else kept)[key] = found
        if asking.cuts != before and not asking.exact and found == cut:
            asking.in_vain.append((self.known, key))  # type: ignore[arg-type]
        return found

    def forget(self) -> None:
        """Ask anew from now on."""
        for kept in (self.known, self._outermost, self._meanwhile):
            kept.clear()
