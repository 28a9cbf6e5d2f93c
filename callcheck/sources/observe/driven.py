"""How are the requests of a scenario sent to an observed app?

What arrives at a receiver of ours, or in an answer that is held, is measured as `callcheck webhook` does. A pair of `register` and `trigger`
without either shows only in what the app's processes record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from callcheck.model.errors import RuleError
from callcheck.model.measured import Measured
from callcheck.model.scenario import Scenario
from callcheck.sources.scenario import addresses, templates
from callcheck.sources.scenario.drive import Pair, drive, plan
from callcheck.sources.webhook.run import Terms, check, measure


def shows(scenario: Scenario) -> bool:
    """Whether a delivery is seen from outside of the app."""
    return scenario.callback is not None or bool(scenario.register and scenario.register.held)


def allowed(scenarios: Sequence[Scenario], terms: Terms) -> None:
    """Whether all of it may be sent. Raises UsageError and RuleError, and has sent nothing."""
    check([each for each in scenarios if shows(each)], terms)
    away = addresses.away(scenarios)
    if away and not terms.anywhere:
        call, host = away[0]
        raise RuleError(f"{call.method} request leaves this machine, for {host}", call.where.path, call.where.line, "an observed app runs here: name 127.0.0.1", call.where.column)


def send(scenarios: Sequence[Scenario], terms: Terms) -> tuple[Measured, ...]:
    """Goes through all scenarios, one after the other; gives what was seen from outside. The first Ctrl-C ends it."""
    measured: list[Measured] = []
    for scenario in scenarios:
        if shows(scenario):
            measured += measure([scenario], terms)
        else:
            asyncio.run(_send(scenario, terms))
    return tuple(measured)


async def _send(scenario: Scenario, terms: Terms) -> None:
    runs = plan(scenario)
    sent: set[int] = set()

    def tell(pair: Pair) -> None:
        if pair.trigger is not None:
            sent.add(pair.run.number)
        terms.on_progress(scenario.name, len(sent), len(runs), 0)

    work = drive(scenario, runs, templates.values, tell, terms.anywhere)
    try:
        await asyncio.wait_for(work, terms.longest_s)
    except (TimeoutError, asyncio.TimeoutError):
        return
    await asyncio.sleep(scenario.expect.settle_s)
