"""Who sends the requests of a scenario, in which order and over which connections?

How requests are sent decides what is seen (see `Order` and `Connections`), so a result says how they were. `callcheck webhook` looks at what
arrives at a receiver; an observer looks at what the app's processes record, by the `traceparent` that all requests of one run carry.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from callcheck.model.noun import dataclass, replace
from callcheck.model.scenario import Call, Connections, Order, Register, Scenario
from callcheck.sources.scenario import addresses, templates
from callcheck.sources.scenario.exchange import Exchange, exchange
from callcheck.sources.scenario.templates import Run

if TYPE_CHECKING:
    import httpx

GIVE_UP_AFTER = 5
"""Requests in a row without any answer, after which no more are sent."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What the requests of one run came to so far; a register that is not there yet, or never was, is None."""

    run: Run
    register: Exchange | None = None
    trigger: Exchange | None = None


def plan(scenario: Scenario) -> tuple[Run, ...]:
    """The runs of a scenario, with new ids. Of `both` orders the sequential half comes first, the odd one with it."""
    total, order = scenario.trigger.repeat, scenario.trigger.order
    straight = {Order.SEQUENTIAL: total, Order.SHUFFLED: 0, Order.BOTH: (total + 1) // 2}[order]
    return tuple(
        Run(n, secrets.token_hex(8), n > straight, f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01") for n in range(1, total + 1)
    )


async def drive(
    scenario: Scenario,
    runs: Sequence[Run],
    given: Callable[[Run], Mapping[str, Any]],
    tell: Callable[[Pair], None],
    anywhere: bool = False,
    shuffle: Callable[[list[Run]], None] = random.shuffle,
) -> None:
    """Sends the requests of all runs; may be cancelled at any time, and `tell` has then heard of everything that was answered.

    `given` says what templates stand for in a run. `tell` is called with each pair whenever one of its halves is there. Unless `anywhere`, a
    request that is not for this machine raises NotAllowed before it is sent.
    """
    import httpx

    fresh, one = httpx.Limits(max_keepalive_connections=0), httpx.Limits(max_connections=1, max_keepalive_connections=1)
    kept = scenario.trigger.connections is Connections.KEEP_ALIVE
    async with _client(scenario, one if kept else fresh) as client, _client(scenario, fresh) as held:
        driver = _Driver(scenario, given, tell, anywhere, client, held)
        straight = [run for run in runs if not run.shuffled]
        mixed = [run for run in runs if run.shuffled]
        try:
            if await driver.one_by_one(straight):
                await driver.mixed(mixed, shuffle)
        finally:
            driver.drop()


def _client(scenario: Scenario, limits: httpx.Limits) -> httpx.AsyncClient:
    """Without cookies, which would pin a run to the worker that the one before it met."""
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    import httpx

    # What goes to this machine needs no proxy, whatever the environment says.
    ours = not addresses.away([scenario])
    # Reading the certificates of the world takes a tenth of a second, and plain http needs none.
    plain = ours and not any(call.url.startswith("https:") for call in scenario.calls)
    jar = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    return httpx.AsyncClient(limits=limits, timeout=None, trust_env=not ours, cookies=jar, verify=not plain)


class _Driver:
    def __init__(
        self, scenario: Scenario, given: Callable[[Run], Mapping[str, Any]], tell: Callable[[Pair], None], anywhere: bool,
        client: httpx.AsyncClient, held: httpx.AsyncClient,
    ) -> None:  # fmt: skip
        self.scenario, self.given, self.tell, self.anywhere = scenario, given, tell, anywhere
        self.client, self.held = client, held
        self.pairs: dict[int, Pair] = {}
        self.waiting: dict[int, asyncio.Task[None]] = {}
        self.triggered: dict[int, float] = {}
        self.failed = 0
        """Requests in a row without any answer."""

    async def one_by_one(self, runs: Sequence[Run]) -> bool:
        """Each run as a whole; whether it is worth going on."""
        for run in runs:
            registered = await self._register(run)
            await self._pause()
            if registered:
                await self._trigger(run)
            await self._registered([run])
            if self.failed >= GIVE_UP_AFTER:
                return False
        return True

    async def mixed(self, runs: Sequence[Run], shuffle: Callable[[list[Run]], None]) -> None:
        """All registers, then all triggers, both in an order of their own."""
        order = list(runs)
        shuffle(order)
        registered = []
        for run in order:
            if self.failed < GIVE_UP_AFTER and await self._register(run):
                registered.append(run)
        await self._pause()
        shuffle(registered)
        for run in registered:
            if self.failed < GIVE_UP_AFTER:
                await self._trigger(run)
        await self._registered(runs)

    async def _pause(self) -> None:
        if self.scenario.register and self.scenario.register.held:
            await asyncio.sleep(self.scenario.register.pause_s)

    async def _register(self, run: Run) -> bool:
        """Whether the trigger may follow."""
        register = self.scenario.register
        if register is None:
            return True
        if register.held:
            self.waiting[run.number] = asyncio.create_task(self._hold(register, run))
            await asyncio.sleep(0)
            return True
        answered = await self._send(self.client, register.call, run)
        self._tell(run, register=answered)
        return answered.fits(register.call)

    async def _hold(self, register: Register, run: Run) -> None:
        expect, triggered = self.scenario.expect, self.triggered
        least = register.pause_s + self.scenario.trigger.call.timeout_s + expect.within_s + expect.settle_s
        call = replace(register.call, timeout_s=max(register.call.timeout_s, least))
        began, until = time.monotonic(), templates.text(register.until, self.given(run)).encode()

        def enough(at: float, body: bytes) -> bool:
            return until in body if until else at > triggered.get(run.number, at)

        try:
            answered = await exchange(self.held, call, self.given(run), run.traceparent, self.anywhere, enough)
        except asyncio.CancelledError:
            self._tell(run, register=Exchange(began, time.monotonic() - began, problem="timeout"))
            raise
        self._tell(run, register=answered)

    async def _registered(self, runs: Sequence[Run]) -> None:
        """Waits for the answers of those that are held, until what they wait for is late by more than `settle`."""
        tasks = [self.waiting.pop(run.number) for run in runs if run.number in self.waiting]
        if tasks:
            expect = self.scenario.expect
            done, still = await asyncio.wait(tasks, timeout=expect.within_s + expect.settle_s)
            for task in still:
                task.cancel()
            await asyncio.gather(*still, return_exceptions=True)
            for task in done:
                task.result()

    async def _trigger(self, run: Run) -> None:
        self.triggered[run.number] = time.monotonic()
        self._tell(run, trigger=await self._send(self.client, self.scenario.trigger.call, run))

    async def _send(self, client: httpx.AsyncClient, call: Call, run: Run) -> Exchange:
        answered = await exchange(client, call, self.given(run), run.traceparent, self.anywhere)
        self.failed = 0 if answered.status else self.failed + 1
        return answered

    def _tell(self, run: Run, register: Exchange | None = None, trigger: Exchange | None = None) -> None:
        held = self.pairs.get(run.number) or Pair(run)
        self.pairs[run.number] = Pair(run, register or held.register, trigger or held.trigger)
        self.tell(self.pairs[run.number])

    def drop(self) -> None:
        """Lets go of requests that are still open."""
        for task in self.waiting.values():
            task.cancel()


