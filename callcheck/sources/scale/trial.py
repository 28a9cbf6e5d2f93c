"""How is one trial made: so many copies started, requests sent, deliveries counted, copies stopped?"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from callcheck.model.errors import UsageError
from callcheck.model.measured import IN_ORDER, Measured
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.recorded import Recording
from callcheck.model.scaled import Spread, Trial
from callcheck.model.scenario import Scenario
from callcheck.sources.observe import environment
from callcheck.sources.observe.app import App
from callcheck.sources.observe.driven import send, shows
from callcheck.sources.observe.ready import answers
from callcheck.sources.recording import account
from callcheck.sources.recording.fates import Fates
from callcheck.sources.recording.read import read
from callcheck.sources.scale.balancer import Balancer
from callcheck.sources.webhook.run import Progress, Terms

_READY_S = 60.0
COPIES, PORT = "{n}", "{port}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same in all trials."""

    command: tuple[str, ...]
    """With `{n}` where its own option says how many processes there are, or `{port}` where its port stands; else the port is in PORT."""
    scenarios: tuple[Scenario, ...]
    ready: str
    on_progress: Progress = lambda name, sent, of, came: None

    @property
    def own(self) -> bool:
        """Whether the app starts its processes itself."""
        return any(COPIES in word for word in self.command)

    @property
    def port(self) -> int:
        """Where the scenario's requests go."""
        return urlsplit(self.scenarios[0].trigger.call.url).port or 80

    def spreads(self, copies: int) -> tuple[Spread, ...]:
        """The ways to deal out to so many copies."""
        if self.own:
            return (Spread.OWN,)
        return (Spread.IN_TURN,) if copies == 1 else (Spread.IN_TURN, Spread.RANDOM, Spread.STICKY)


def attempt(plan: Plan, copies: int, spread: Spread, folder: Path) -> Trial:
    """One trial, its recording in a new folder. Raises UsageError if the app cannot be started or does not answer."""
    folder.mkdir(mode=0o700)
    before = dict(os.environ)
    env = before | environment.variables(str(folder), str(environment.AGENTS), before) | {"PM2_HOME": str(folder / "pm2")}
    with _started(plan, copies, env, folder) as ports:
        balancer = contextlib.nullcontext() if spread is Spread.OWN else Balancer(plan.port, ports, spread)
        with balancer:
            measured = send(plan.scenarios, Terms(on_progress=plan.on_progress))
    runs = sum(scenario.trigger.repeat for scenario in plan.scenarios)
    return Trial(copies, spread, runs, _delivered(plan.scenarios, measured, read(folder)))


@contextlib.contextmanager
def _started(plan: Plan, copies: int, env: dict[str, str], folder: Path) -> Iterator[list[int]]:
    """The copies, ready; gives the ports that they listen on."""
    started: list[App] = []
    ports = [plan.port] if plan.own else _free_ports(copies)
    try:
        for port in ports:
            words = [word.replace(COPIES, str(copies)).replace(PORT, str(port)) for word in plan.command]
            started.append(App(words, env | ({} if plan.own else {"PORT": str(port)}), folder))
        for app, port in zip(started, ports, strict=True):
            _wait(app, _at(plan.ready, port), plan.own)
        yield ports
    finally:
        for app in started:
            app.look()
        for app in started:
            app.stop()
        if started:
            account.write(folder, plan.command, True, started[0].status, [], started[0].members)


def _wait(app: App, url: str, own: bool) -> None:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        if answers(url):
            return
        if app.over():
            raise UsageError(f"the app ended with status {app.status} before it answered at {clean(url, 120)}", _hint(own))
        time.sleep(0.2)
    raise UsageError(f"the app does not answer at {clean(url, 120)} within {_READY_S:g} s", _hint(own))


def _hint(own: bool) -> str:
    return "" if own else "each copy is given a port of its own in PORT; write {port} into the command where it takes it from there"


def _at(url: str, port: int) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.hostname}:{port}").geturl()


def _free_ports(count: int) -> list[int]:
    """So many different ones: all are held until the last is found."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _delivered(scenarios: Sequence[Scenario], measured: Sequence[Measured], recording: Recording) -> int:
    """Runs that were delivered: by what arrived where that is seen, else by what the recording says of their traces."""
    seen = sum(group.count for each in measured for group in each.groups if group.fate in IN_ORDER)
    return seen if all(map(shows, scenarios)) else seen + len(_heard(recording))


def _heard(recording: Recording) -> set[str]:
    """The traces in which something was emitted that a process listens to, and heard."""
    listened = {listener.channel for listener in recording.listeners}
    heard = (fate for fate in Fates(recording).all() if fate.delivery.heard and fate.delivery.channel in listened)
    return {emission.trace for fate in heard for emission in fate.delivery.emissions if emission.trace}
