"""How are the scenarios of a file gone through: receiver open, requests out, deliveries waited for, and measured?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from callcheck.model.errors import RuleError, UsageError
from callcheck.model.measured import Fate, Measured
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.printable import clean
from callcheck.model.scenario import Scenario
from callcheck.sources.scenario import addresses, templates
from callcheck.sources.scenario.drive import GIVE_UP_AFTER, Pair, drive, plan
from callcheck.sources.scenario.templates import Run
from callcheck.sources.webhook.book import Book, Entry, Strays
from callcheck.sources.webhook.classify import Fared, fared, fared_held, groups, spread
from callcheck.sources.webhook.public import reached
from callcheck.sources.webhook.receiver import Receiver, Refused

LONGEST_S = 300.0
"""For all scenarios of a file."""
Progress = Callable[[str, int, int, int], None]
"""Called with a scenario's name, how many triggers were sent, of how many, and how many deliveries came."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user allows and says."""

    anywhere: bool = False
    """Requests may leave this machine."""
    public: str = ""
    """The address under which others reach the receiver, without a slash at its end."""
    longest_s: float = LONGEST_S
    on_progress: Progress = lambda name, sent, of, came: None


@dataclass(slots=True)
class _Going:
    """A scenario while it is gone through, and afterwards."""

    scenario: Scenario
    runs: tuple[Run, ...]
    entries: dict[int, Entry]
    base: str
    pairs: dict[int, Pair] = field(default_factory=dict)
    strays: Strays = field(default_factory=Strays)
    noise: tuple[tuple[str, int], ...] = ()
    driven: bool = False
    """Whether all requests went out that were to."""
    ended: str = ""

    def fares(self) -> list[Fared]:
        """What became of each run so far."""
        fares = self._fares()
        if self.driven:
            why = f"given up after {GIVE_UP_AFTER} requests in a row without an answer"
            fares = [replace(each, why=why) if each.fate is Fate.UNSENT and not each.why else each for each in fares]
        return fares

    def _fares(self) -> list[Fared]:
        if self.scenario.callback is None:
            return [fared_held(self.scenario, self.pairs.get(run.number)) for run in self.runs]
        return [fared(self.scenario, self.pairs.get(run.number), self.entries[run.number].arrivals) for run in self.runs]


def check(scenarios: Sequence[Scenario], terms: Terms) -> None:
    """Whether all is there to begin, and allowed. Raises UsageError and RuleError, and has sent nothing."""
    for scenario in scenarios:
        if scenario.callback is None and not (scenario.register and scenario.register.held):
            raise _wrong(scenario, f"`{scenario.name}` has neither a `callback` nor a `register` that is held: nothing shows here whether it is delivered")
        secret = scenario.callback.signature.secret_env if scenario.callback and scenario.callback.signature else ""
        for name in ([secret] if secret else []) + list(_variables([scenario])):
            if name not in os.environ:
                raise _wrong(scenario, f"the environment variable {name} is not set", f"{name}=... callcheck webhook ...")
    away = addresses.away(scenarios)
    if away and not terms.anywhere:
        call, host = away[0]
        sent = ", ".join(dict.fromkeys(_variables(scenarios)))
        message = f"{call.method} {clean(call.url, 120)} leaves this machine, for {clean(host, 80)}{f', with {sent} of your environment in it' if sent else ''}"
        raise RuleError(message, call.where.path, call.where.line, "--yes-send allows it: a trigger has real effects there", call.where.column)
    if terms.public and len({scenario.callback.port for scenario in scenarios if scenario.callback}) > 1:
        raise UsageError("--public-url leads to one port, and the scenarios ask for several", "give all callbacks the same `port`")


def measure(scenarios: Sequence[Scenario], terms: Terms) -> tuple[Measured, ...]:
    """Goes through all of them, one after the other, for at most `longest_s`. The first Ctrl-C ends it, and what is known until then is
    given; the second one raises KeyboardInterrupt. Raises UsageError if a port is taken."""
    check(scenarios, terms)
    return asyncio.run(_measured(scenarios, terms))


async def _measured(scenarios: Sequence[Scenario], terms: Terms) -> tuple[Measured, ...]:
    book, public = Book(), ""
    receiver = Receiver(book.answer)
    gone_through: list[_Going] = []
    with _interruptible() as stop:
        try:
            ports = {port: await receiver.listen(port) for port in dict.fromkeys(s.callback.port for s in scenarios if s.callback)}
            public = await reached(terms.public, book.echo) if terms.public and ports else ""
            ends = time.monotonic() + terms.longest_s
            for scenario in scenarios:
                going = _begin(scenario, book, ports, terms)
                gone_through.append(going)
                receiver.refused = Refused()
                await _go_through(going, book, terms, stop, ends)
                going.noise = tuple((name, count) for name in Refused.__slots__ if (count := getattr(receiver.refused, name)))
        finally:
            await receiver.close()
    return tuple(_summary(going, public) for going in gone_through)


@contextlib.contextmanager
def _interruptible() -> Iterator[asyncio.Event]:
    """An event that the first Ctrl-C sets."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def first() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)

    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # Not on Windows, nor outside of the main thread.
        loop.add_signal_handler(signal.SIGINT, first)
    try:
        yield stop
    finally:
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGINT)


def _begin(scenario: Scenario, book: Book, ports: dict[int, int], terms: Terms) -> _Going:
    runs, book.strays = plan(scenario), Strays()
    if scenario.callback is None:
        return _Going(scenario, runs, {}, "", strays=book.strays)
    port = ports[scenario.callback.port]
    base = terms.public or f"http://127.0.0.1:{port}"
    entries = {run.number: book.open(run, scenario.callback, port, base) for run in runs}
    return _Going(scenario, runs, entries, base, strays=book.strays)


async def _go_through(going: _Going, book: Book, terms: Terms, stop: asyncio.Event, ends: float) -> None:
    def given(run: Run) -> dict[str, object]:
        return templates.values(run, going.entries[run.number].url if run.number in going.entries else "")

    def tell(pair: Pair | None = None) -> None:
        if pair:
            going.pairs[pair.run.number] = pair
        came = sum(bool(entry.arrivals) for entry in going.entries.values())
        terms.on_progress(going.scenario.name, sum(bool(pair.trigger) for pair in going.pairs.values()), len(going.runs), came)

    async def all_of_it() -> None:
        await drive(going.scenario, going.runs, given, tell, terms.anywhere)
        going.driven = True
        if going.entries:
            await _settle(going, book, tell)

    work, stopped = asyncio.create_task(all_of_it()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, stopped}, timeout=max(0.0, ends - time.monotonic()), return_when=asyncio.FIRST_COMPLETED)
        going.ended = "" if work.done() else "interrupted" if stop.is_set() else "out of time"
    finally:
        for task in (work, stopped):
            task.cancel()
        await asyncio.gather(work, stopped, return_exceptions=True)
    if not going.ended:
        work.result()


async def _settle(going: _Going, book: Book, tell: Callable[[], None]) -> None:
    """Until all that is awaited has come, or is overdue, and nothing more has come for a while."""
    expect, driven = going.scenario.expect, time.monotonic()
    last = max((pair.trigger.sent_at for pair in going.pairs.values() if pair.trigger), default=None)
    if last is None:
        return
    while True:
        now = time.monotonic()
        quiet = now - max(driven, book.last_at) >= expect.settle_s
        if quiet and (now - last >= expect.within_s + expect.settle_s or _complete(going)):
            return
        await asyncio.sleep(0.05)
        tell()


def _complete(going: _Going) -> bool:
    """Whether nothing is awaited any more: every trigger that was sent has its delivery, or was answered as one that sets nothing off."""
    return all(each.fate in (Fate.DELIVERED, Fate.RETRIED, Fate.LATE, Fate.DUPLICATE, Fate.UNTRIGGERED, Fate.UNSENT) for each in going.fares())


def _summary(going: _Going, public: str) -> Measured:
    scenario, fares = going.scenario, going.fares()
    sent = [pair.trigger for pair in going.pairs.values() if pair.trigger]
    answers = Counter(str(each.status) if each.status else each.problem for each in sent)
    call = scenario.trigger.call
    return Measured(
        scenario.name,
        call.where,
        clean(f"{call.method} {call.url}", 160),
        _bare(going.base) if going.entries else "",
        len(going.runs),
        groups(fares),
        scenario.expect.within_s,
        spread([each.latency_s for each in fares if each.latency_s is not None]),
        max((len(entry.arrivals) for entry in going.entries.values()), default=0),
        spread([gap for each in fares for gap in each.gaps_s]),
        tuple(answers.most_common()),
        sum(not each.fits(call) for each in sent),
        going.strays.count,
        going.strays.near,
        going.noise,
        str(scenario.trigger.order),
        str(scenario.trigger.connections),
        public if going.entries else "",
        going.ended,
    )


def _bare(base: str) -> str:
    parts = urlsplit(base)
    return clean(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}", 120)


def _variables(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """The variables of the environment that the requests carry."""
    for call in (call for scenario in scenarios for call in scenario.calls):
        yield from (name for each in templates.names([call.url, call.headers, call.body]) if (name := templates.variable(each)))


def _wrong(scenario: Scenario, message: str, hint: str = "") -> RuleError:
    return RuleError(message, scenario.where.path, scenario.where.line, hint, scenario.where.column)
