"""`callcheck observe -- COMMAND`: where do deliveries stop while the app runs?

The command runs as it is, with our agents in its processes; what they wrote is diagnosed together with the source in the folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callcheck.cli import config, console, diagnose, moments
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.model.errors import UsageError
from callcheck.model.measured import Measured
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.scenario import Scenario
from callcheck.model.target import Target
from callcheck.sources.observe import environment, permission, pm2
from callcheck.sources.observe.app import App
from callcheck.sources.observe.ready import answers
from callcheck.sources.recording import account, is_recording, is_spans, traces
from callcheck.sources.recording.silences import reason
from callcheck.sources.recording.tail import Tail

_REST_S = 0.5
_READY_S = 60.0
_SILENT = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options of `observe` say."""

    command: tuple[str, ...]
    read: Path | None = None
    """A recording that is there already."""
    record: Path | None = None
    """Where to keep the recording; None for a folder that goes when the report is made."""
    ready: str = ""
    """A URL that answers once the app is ready."""
    seconds: float | None = None
    """How long to observe; None until the app ends or somebody presses Ctrl-C."""
    source: bool = True
    """Whether the source in the folder is read too."""
    scenario: Path | None = None
    """The requests to send once the app is ready; the app is stopped when they are through."""
    own_pm2: bool = False
    """Whether PM2 uses its usual home, with the daemon that may run there."""


def run(wanted: Wanted, given: Mapping[str, Any]) -> ExitStatus:
    """One observed run and its diagnosis. Raises CallcheckError."""
    here = Path.cwd()
    settings = config.settle(dict(given), here, config=None, isolated=False).settings
    if wanted.read is not None:
        if not (is_spans(wanted.read) if wanted.read.is_file() else is_recording(wanted.read)):
            raise UsageError(f"{clean(str(wanted.read))} holds no recording", "callcheck observe --record FOLDER -- COMMAND writes one; a file must hold spans as OTLP in JSON lines")
        return _report(wanted.read, here, wanted, settings)
    if not wanted.command:
        raise UsageError("there is no command to run", "callcheck observe -- npm start; with --read FOLDER an earlier recording is read")
    scenarios = _scenarios(wanted)
    folder = _folder(wanted.record)
    try:
        with _Interruptible():
            measured = _observe(folder, wanted, scenarios, settings)
        _say_silence(folder)
        return _report(folder, here, wanted, settings, measured)
    finally:
        if wanted.record is None:
            shutil.rmtree(folder, ignore_errors=True)


def _say_silence(folder: Path) -> None:
    """On standard error, since the report may go to a program: which processes told nothing. Those that end at once are not seen from outside."""
    if account.torn(folder):
        console.complain(f"the recording in {clean(str(folder))} is not whole: the disk is full, or files may not grow further", "what the app did afterwards is not known; --record names another folder")
    silent = account.silent(folder)
    for member in silent[:_SILENT]:
        console.complain(f"pid {member.pid} ({clean(' '.join(member.command), 80)}): {reason(member)}")
    if not traces(folder):
        hint = "" if silent else "it is neither Node.js nor Python, clears its environment, or runs elsewhere: see callcheck observe --print-env docker"
        console.complain("no process of the app wrote anything down", hint)


def _folder(record: Path | None) -> Path:
    if record is None:
        return Path(tempfile.mkdtemp(prefix="callcheck-"))
    try:
        record.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(record.iterdir()):
            raise UsageError(f"{clean(str(record))} is not empty", "name a new folder, or read it with --read")
        probe = record / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"cannot write into {clean(str(record))}: {error.strerror or error}") from None
    return record.absolute()


def _scenarios(wanted: Wanted) -> tuple[Scenario, ...]:
    if wanted.scenario is None:
        return ()
    from callcheck.sources.observe.driven import allowed
    from callcheck.sources.scenario.read import read
    from callcheck.sources.webhook.run import Terms

    if not wanted.ready:
        raise UsageError("--scenario needs --ready, a URL that answers once requests can be sent", "--ready http://127.0.0.1:3000/health")
    scenarios = read(wanted.scenario, str(wanted.scenario))
    allowed(scenarios, Terms())
    return scenarios


def _observe(folder: Path, wanted: Wanted, scenarios: tuple[Scenario, ...], settings: Settings) -> tuple[Measured, ...]:
    before = dict(os.environ)
    way = permission.way(wanted.command, before, Path.cwd(), str(environment.AGENTS), str(folder))
    env = before | environment.variables(str(folder), str(environment.AGENTS), before, way.options)
    if way.kept_out_by:
        _leave_node_alone(env, before, way.kept_out_by)
    if not wanted.own_pm2:
        env["PM2_HOME"] = str(folder / "pm2")
    command = pm2.with_agent(way.command, f"{environment.AGENTS}/node/agent.cjs") if wanted.own_pm2 else way.command
    app = App(command, env, folder)
    said = _Said(folder, settings, wanted)
    ready, killed = not wanted.ready, list[int]()
    measured: tuple[Measured, ...] = ()
    number = signal.SIGTERM
    try:
        ready = _until_ready(app, wanted.ready, said) if wanted.ready else True
        if ready and scenarios:
            measured = _driven(scenarios, said)
        elif ready:
            said.tell("observing; Ctrl-C ends it and prints the diagnosis" if wanted.seconds is None else f"observing for {wanted.seconds:g} s")
            _wait(app, wanted.seconds, said)
    except KeyboardInterrupt:
        number = signal.SIGINT
    finally:
        said.end()
        running = app.look()
        status = app.status
        if wanted.own_pm2:
            pm2.delete(command, running, before)
        killed = app.stop(number)
        account.write(folder, wanted.command, ready, status, killed, app.members)
    if not ready:
        what = f"ended with status {status}" if status is not None else f"did not answer at {clean(wanted.ready, 120)} within {_READY_S:g} s"
        console.complain(f"the app {what} before it was ready", "what it did until then is diagnosed")
    elif killed:
        console.complain(f"{len(killed)} processes did not end within 10 s and were killed")
    return measured


def _leave_node_alone(env: dict[str, str], before: Mapping[str, str], file: str) -> None:
    del env["NODE_OPTIONS"]
    env.update({name: before[name] for name in ("NODE_OPTIONS",) if name in before})
    console.complain(
        f"{clean(file, 120)} starts Node.js with --permission, where no agent can be: Node.js is not observed",
        "callcheck observe -- node --permission ... SCRIPT, without what starts it for you, lets the agent in",
    )


def _driven(scenarios: tuple[Scenario, ...], said: _Said) -> tuple[Measured, ...]:
    from callcheck.sources.observe.driven import send
    from callcheck.sources.webhook.run import Terms

    said.tell(f"observing; sending {', '.join(clean(each.name, 60) for each in scenarios)}")
    return send(scenarios, Terms(on_progress=said.sent))


def _until_ready(app: App, url: str, said: _Said) -> bool:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        if answers(url):
            return True
        if app.over():
            return False
        said.look(app)
        time.sleep(_REST_S)
    return False


def _wait(app: App, seconds: float | None, said: _Said) -> None:
    deadline = time.monotonic() + seconds if seconds is not None else None
    while not app.over() and (deadline is None or time.monotonic() < deadline):
        said.look(app)
        left = deadline - time.monotonic() if deadline is not None else _REST_S
        time.sleep(max(0.0, min(_REST_S, left)))


def _report(folder: Path, here: Path, wanted: Wanted, settings: Settings, measured: tuple[Measured, ...] = ()) -> ExitStatus:
    given = (str(folder),) if wanted.read else (".",)
    target = Target(here, given, folders=(here,) if wanted.source else (), recordings=(folder,), measured=measured)
    done = diagnose.look(target, settings)
    diagnose.say(diagnose.text(done, settings), settings)
    return diagnose.status(done, settings)


def duration(text: str | None) -> float | None:
    """Seconds, of a text such as 90s, 5m or 1h. Raises UsageError."""
    if text is None:
        return None
    seconds = moments.lasting(text.strip())
    if not seconds:
        raise UsageError(f"--for {clean(text, 40)} is no time", "60s, 5m or 1h")
    return float(seconds)


class _Said:
    """The line on the terminal that says what is being seen."""

    def __init__(self, folder: Path, settings: Settings, wanted: Wanted) -> None:
        self._tail = Tail(folder)
        self._began = time.monotonic()
        self._drawn = not settings.quiet and console.progress_wanted(sys.stderr)
        self._quiet = settings.quiet

    def tell(self, text: str) -> None:
        if not self._quiet:
            sys.stderr.write(f"callcheck: {text}\n")
            sys.stderr.flush()

    def look(self, app: App) -> None:
        """Draw it anew."""
        running = len(app.look())
        if self._drawn:
            seen = self._tail.look()
            processes = "process" if running == 1 else "processes"
            self._redraw(f"{time.monotonic() - self._began:.0f} s: {running} {processes}, {seen.listeners} listeners added, {seen.heard} emits heard, {seen.unheard} unheard")

    def sent(self, name: str, sent: int, of: int, came: int) -> None:
        """How far a scenario is."""
        if self._drawn:
            seen = self._tail.look()
            self._redraw(f"{clean(name, 24)}: {sent} of {of} sent{f', {came} delivered' if came else ''}; {seen.heard} emits heard, {seen.unheard} unheard")

    def _redraw(self, text: str) -> None:
        console.redraw(text[: console.columns(sys.stderr) - 1])

    def end(self) -> None:
        if self._drawn:
            console.redraw()


class _Interruptible:
    """SIGTERM ends the run as Ctrl-C does, so that the app does not go on without us."""

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGTERM, self._raise)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self._before)

    def _raise(self, number: int, frame: object) -> None:
        raise KeyboardInterrupt


def scaffold(base: str) -> None:
    """A first scenario for the app in this folder, to be corrected by hand. Raises CallcheckError."""
    from callcheck import pipeline
    from callcheck.collect import Options
    from callcheck.sources.scenario.scaffold import scaffold as made

    here = Path.cwd()
    console.emit(made(pipeline.eyes_of(Target(here, folders=(here,)), Options()), base.rstrip("/")))


def print_env(kind: str) -> None:
    """The lines to add where callcheck cannot start the app. Raises UsageError."""
    if kind not in environment.KINDS:
        raise UsageError(f"--print-env knows no {clean(kind, 40)}", f"one of {', '.join(environment.KINDS)}")
    console.emit(environment.lines(kind))


