"""Who connects again when a connection is lost, and does not subscribe again?

    class Gates(stomp.ConnectionListener):
        def on_disconnected(self): self.link.open()             # connects again: a subscription ends with its connection
    link.open()
    link.listen("/topic/gates")                                 # subscribes once
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import SubscribedOnce
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Function, Loop


class Unrenewed:
    """Lays what a handler of the loss reaches beside the subscriptions: of those that end with their connection, all must be made again."""

    name = "unrenewed"
    looks_at = Sight.SOURCE
    about = ("hears-loss",)
    answers = frozenset({SubscribedOnce})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        made = [use for use in code.idioms.of("subscribe") if "ends-with-connection" in use.idiom.traits and use.function is not None and not is_test(use.module.path)]
        opened = [use for use in code.idioms.of("connects") if use.function is not None]
        for use in made if opened else ():
            for loss in code.idioms.of("hears-loss"):
                again = _again(code, loss, opened) if loss.framework is use.framework else None
                if again is not None and not _renewed(code, use, loss, again):
                    fact = SubscribedOnce(clean(next(iter(code.idioms.events(use)), ""), 80), use.framework.name, use.module.language)
                    because = (seen(fact, again.call, self.name, label="the connection is opened again here, without it"), seen(fact, loss.call, self.name, label="when the connection is lost"))
                    yield seen(fact, use.call, self.name, because)
                    break


def _again(code: Code, loss: Use, opened: list[Use]) -> Use | None:
    """What connects in a handler of the loss, or in what that calls."""
    return next((use for use in opened if use.function is not None and loss.function is not None and code.flow.reaches(loss.function, use.function)), None)


def _renewed(code: Code, use: Use, loss: Use, again: Use) -> bool:
    """Whether a subscription is made again: by what the loss leads to, by a handler of an opened connection, or in a loop that connects each time."""
    if use.function is None or loss.function is None or code.flow.reaches(loss.function, use.function):
        return True
    if any(code.flow.reaches(each.function, use.function) for each in code.idioms.of("hears-connection") if each.function is not None and each.framework is use.framework):
        return True
    return use.function is again.function or _in_loop(code, use.function)


def _in_loop(code: Code, function: Function) -> bool:
    """Whether a function, or one that calls it, is called in a loop: there it comes again by itself."""
    calls = list(code.origins.calls_of(function))
    outer = {id(around): around for call in calls if (around := function_of(call)) is not None}
    calls += [call for around in outer.values() for call in code.origins.calls_of(around)]
    return any(isinstance(above, Loop) for call in calls for above in call.up())


PROBE = Unrenewed()
