"""What do the probes find in a target, and which unit of the deployment is each file part of?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError, UsageError
from callcheck.model.evidence import Evidence, Ledger, Location, Looked, Lost, Placement
from callcheck.model.ignore import Ignore
from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.model.period import ALWAYS, Period
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import NOT_APP, Outcome
from callcheck.recall import PASSING, Found, Past, Told
from callcheck.registry import Listed
from callcheck.sources import Eyes

if TYPE_CHECKING:
    from callcheck.model.facts.deployment import ServiceRun
    from callcheck.sources.logs import Survey

BUG = "a bug in callcheck"
FEW = 20
"""Probes that are not worth a second process."""
_TAG = pattern(r"@sha256:\w+$|:[\w.-]+$")
Progress = Callable[[str, int, int], None]
"""Called with the name of what comes next, its number from 0, and how many there are."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may choose about a run."""

    rules: tuple[Path, ...] = ()
    probes: tuple[str, ...] = ()
    """Only these; empty for all."""
    skip: tuple[str, ...] = ()
    stages: tuple[tuple[str, str], ...] = ()
    """The user's own markers for stages of a delivery in his logs: stage and regular expression."""
    period: Period = ALWAYS
    """Log entries outside are left out."""
    survey: Survey | None = None
    """What the logs said, if they were read before."""
    jobs: int = 1
    """Processes that look at a big tree; 1 or 2."""
    on_progress: Progress | None = None
    on_bug: Callable[[str, Exception], None] | None = None
    """Told of an error in a probe or link of ours; the run goes on."""


def chosen(known: Sequence[Listed], options: Options) -> list[Listed]:
    """The probes to run, of those that are known. Raises UsageError for an unknown name."""
    names = {probe.name for probe in known}
    for name in (*options.probes, *options.skip):
        if name not in names:
            raise UsageError(f"no probe is called {clean(name)}", f"known: {', '.join(sorted(names))}")
    return [p for p in known if (not options.probes or p.name in options.probes) and p.name not in options.skip]


def collect(asked: Sequence[Listed], target: Target, eyes: Eyes, ledger: Ledger, options: Options, past: Past | None) -> Found:
    """Let every probe look that has to, and say where each file runs; gives what of that holds as long as the files stay as they are."""
    before = past.found if past else None
    told: dict[str, Told] = {}
    passing: list[Evidence] = []
    early = {} if past else _side_by_side(asked, target, eyes, options)
    if before:
        eyes.tree_logs = before.logs
        if before.statements is not None:
            eyes.statements = before.statements
    for number, probe in enumerate(asked):
        said = past.told(probe.name) if past else early.get(probe.name)
        if said is None:
            if options.on_progress:
                options.on_progress(probe.name, number, len(asked))
            eyes.asked.clear()
            said = Told(*_ask(probe, target, eyes, options), frozenset(eyes.asked))
        if probe.looks_at in PASSING:
            passing += said.evidence
        else:
            told[probe.name] = said
        ledger.add(said.evidence, said.look)
    statements = vars(eyes).get("statements")
    left_out = before.left_out if before else eyes.left_out()
    if any(item.fact.of_one_app for item in ledger.evidence):
        from callcheck.sources.launch.homes import homes

        ledger.homes = homes(eyes)
    found = Found(told, None, _ignores(eyes, before), eyes.tree_logs, eyes.shared, left_out, statements)
    if any(item.fact.kind == "service.run" for item in passing):
        ledger.place(_placement(ledger, eyes))
        return found
    placement = before.placement if before and before.runs() == found.runs() else None
    placement = placement or _placement(ledger, eyes)
    ledger.place(placement)
    return replace(found, placement=placement)


def _side_by_side(asked: Sequence[Listed], target: Target, eyes: Eyes, options: Options) -> dict[str, Told]:
    """What the probes of files say, as far as it pays to ask them by two processes; a probe that fails is left to be asked again."""
    if options.jobs < 2 or len(asked) < FEW or not eyes.sees(Sight.SOURCE) or eyes.code.project.choice.all:
        return {}
    from callcheck.dealing import dealt

    def ask(probe: Listed) -> Told | None:
        if options.on_progress:
            options.on_progress(probe.name, asked.index(probe), len(asked))
        eyes.asked.clear()
        evidence, look = _ask(probe, target, eyes, replace(options, on_bug=None))
        return None if look.why.startswith(BUG) else Told(evidence, look, frozenset(eyes.asked))

    return dealt(asked, eyes, ask)


def _with_statements(evidence: Iterable[Evidence], eyes: Eyes) -> Iterable[Evidence]:
    """Lines of logs with the statements of the source that wrote them, as far as these are known."""
    printed = eyes.logs.printed
    if not printed:
        return evidence

    def known(item: Evidence) -> Evidence:
        statement = printed.by(item.excerpt) if item.excerpt and item.where else None
        where = Location(clean(statement.path), statement.line) if statement else None
        return replace(item, printed=where, because=tuple(map(known, item.because)))

    return map(known, evidence)


def _ignores(eyes: Eyes, before: Found | None) -> tuple[Ignore, ...]:
    """The comments that ask to leave a cause unsaid, in files read now or then."""
    now = eyes.ignores()
    then = [each for each in before.ignores if not eyes.has_read(each.path)] if before else []
    return tuple(sorted((*then, *now), key=lambda each: each.path))


def _ask(probe: Listed, target: Target, eyes: Eyes, options: Options) -> tuple[tuple[Evidence, ...], Looked]:
    evidence: list[Evidence] = []
    lost: list[Lost] = []
    try:
        why = probe.skip(target, eyes)
        if why:
            return (), Looked(probe.name, probe.answers, Outcome.NOTHING, why)
        for item in probe.look(target, eyes):
            (lost if isinstance(item, Lost) else evidence).append(item)  # type: ignore[arg-type]
        if probe.looks_at is Sight.LOGS and evidence:
            evidence = list(_with_statements(evidence, eyes))
        outcome, why = (Outcome.PART, "some parts could not be read") if lost else (Outcome.DONE, "")
    except SourceError as error:
        outcome, why = Outcome.BLOCKED, clean(error.whole)
    except Exception as error:  # noqa: BLE001  (a bug in one probe must not cost the user the others)
        outcome, why = Outcome.BLOCKED, bug(error)
        if options.on_bug:
            options.on_bug(probe.name, error)
    return tuple(evidence), Looked(probe.name, probe.answers, outcome, why, tuple(lost))


def _placement(ledger: Ledger, eyes: Eyes) -> Placement:
    """Which deployment units load which source file, so that facts of one unit are not laid beside those of another."""
    from callcheck.model.facts.deployment import ServiceRun

    runs = [e.fact for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.role not in NOT_APP]
    runs = [run for run in runs if run.service] or runs
    ours = frozenset(run.service for run in runs if run.service)
    several = len(ours) > 1
    if not runs or not eyes.sees(Sight.SOURCE) or not eyes.code.present:
        # Of programs in other languages a probe may know which unit runs them.
        return Placement(apps=ours if several else frozenset())
    reach = eyes.code.reach
    mains = (run.entry for run in runs if ":" not in run.entry and run.server in ("", "node", "python"))
    return Placement(
        loaded=reach.by_unit(((run.service, run.entry) for run in runs), _roles(runs, eyes), _images(runs)) if several else {},
        apps=ours if several else frozenset(),
        closed=reach.closed(run.entry for run in runs),
        reached=frozenset().union(*(reach.loads(entry) for run in runs for written in _files_of(run) if (entry := reach.entry(written)))),
        mains=frozenset(entry for written in mains if (entry := reach.entry(written))),
    )


def _files_of(run: ServiceRun) -> Iterator[str]:
    """What a process loads by itself: its entry point, and with gunicorn the file of settings, of which the hooks run in the workers."""
    yield run.entry
    if run.server == "gunicorn":
        words = run.command.split()
        yield from (word.removeprefix("python:").removeprefix("file:") for option, word in pairwise(words) if option in ("-c", "--config"))
        yield "gunicorn.conf.py"


def _images(runs: Sequence[ServiceRun]) -> dict[str, str]:
    """The image of each unit without its tag, as two tags of one image hold one program; none for a unit with several."""
    held: dict[str, set[str]] = {}
    for run in runs:
        held.setdefault(run.service, set()).add(_TAG.sub("", run.image))
    return {unit: next(iter(names)) for unit, names in held.items() if len(names) == 1}


def _roles(runs: Sequence[ServiceRun], eyes: Eyes) -> Callable[[str], Callable[[], frozenset[str]]]:
    """The words that may name the role of a unit: of its commands, and the values of its environment."""
    def given(unit: str) -> frozenset[str]:
        from callcheck.sources.code.roles import words
        from callcheck.sources.environment import settings

        said = (words(run.command, run.entry) for run in runs if run.service == unit)
        own = [each for each in settings(eyes) if each.unit == unit and each.value]
        return frozenset(each.value for each in own).union((f"${each.name}" for each in own), *said)

    return lambda unit: functools.cache(functools.partial(given, unit))


def bug(error: Exception) -> str:
    """What the report says of an error of ours."""
    return f"{BUG}: {type(error).__name__}: {clean(str(error), 120)}"
