"""How does a target become a report? Collect, link, diagnose, in that order."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck import __version__, knowledge
from callcheck.engine.rank import rank
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.errors import RuleError, SourceError, UsageError
from callcheck.model.evidence import Evidence, Ledger, Looked, Lost, Placement
from callcheck.model.ignore import Ignore, Suppressed, problems
from callcheck.model.knowledge import Knowledge
from callcheck.model.noun import dataclass, replace
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.rule import Rule
from callcheck.model.target import Target
from callcheck.model.words import NOT_APP, Outcome
from callcheck.recall import PASSING, Found, Memory, Past, Told
from callcheck.registry import Listed, ListedLink, links, probes
from callcheck.sources import Eyes
from callcheck.sources.kept import Keeper
from callcheck.sources.noted import Notes

if TYPE_CHECKING:
    from callcheck.model.knowledge import Knowledge
    from callcheck.model.log import LogKnowledge
    from callcheck.model.rulebook import Rulebook

_BUG = "a bug in callcheck"
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
    on_progress: Progress | None = None
    on_bug: Callable[[str, Exception], None] | None = None
    """Told of an error in a probe or link of ours; the run goes on."""


@dataclass(frozen=True, slots=True)
class Run:
    """A report, and the eyes it was made through, for excerpts."""

    report: Report
    eyes: Eyes
    files: bool
    """Whether the target holds any."""


def folders(extra: Sequence[Path] = ()) -> list[Path]:
    """Our rules, then the user's."""
    return [knowledge.shipped(), *extra]


def load_rules(extra: Sequence[Path] = ()) -> list[Rule]:
    """Every rule, ours and the user's. Raises RuleError."""
    from callcheck.engine import load

    return load.load(folders(extra))


def chosen(known: Sequence[Listed], options: Options) -> list[Listed]:
    """The probes to run, of those that are known. Raises UsageError for an unknown name."""
    names = {probe.name for probe in known}
    for name in (*options.probes, *options.skip):
        if name not in names:
            raise UsageError(f"no probe is called {clean(name)}", f"known: {', '.join(sorted(names))}")
    return [p for p in known if (not options.probes or p.name in options.probes) and p.name not in options.skip]


def diagnose(target: Target, options: Options = Options()) -> Run:
    """Look, link and rank. Raises UsageError and RuleError; what could not be read is in the report."""
    began = time.perf_counter()
    keeper = Keeper(places := folders(options.rules))
    memory = Memory(target, (options.probes, options.skip, *options.stages), keeper)
    past = memory.past()
    if past and past.report:
        return _as_then(past, past.report, target, began)
    every = probes()
    asked = chosen(every, options)
    known, book = keeper.kept("rules", lambda: _learn(places, options.rules))
    known = replace(
        known,
        logs=functools.partial(_log_knowledge, known, keeper, options.stages),
        events=functools.partial(keeper.kept, "events", known.events),
    )
    eyes = Eyes(target, known, tuple(sign for probe in every for sign in probe.signs))
    ledger = Ledger()
    with Notes() as notes:
        found = _collect_all(asked, target, eyes, ledger, options, past)
    for link in links():
        _join(link, ledger, options)
    languages, frameworks = _spoken(ledger)
    rules = book.speaking_of({item.fact.kind for item in ledger.evidence})
    suppressed: list[Suppressed] = []
    diagnoses = rank(rules, ledger, languages, frameworks, found.ignores, suppressed)
    diagnoses = [_with_own_cure(each, keeper, places) for each in diagnoses]
    complete = not (options.probes or options.skip)
    wrong = problems(found.ignores, tuple(suppressed), book.causes, complete)
    took = time.perf_counter() - began
    report = Report(tuple(diagnoses), ledger, target, __version__, took, languages, frameworks, tuple(suppressed), tuple(wrong))
    if past:
        eyes.tree = past.tree(ledger.evidence)
        memory.keep_on(past, notes, report, found)
    elif notes.enough and not any(look.why.startswith(_BUG) for look in ledger.looks):
        memory.keep(notes, eyes.tree, report, found)
    return Run(report, eyes, past.files if past else bool(eyes.tree.files))


def _as_then(past: Past, report: Report, target: Target, began: float) -> Run:
    """The report of an earlier run on the same ground."""
    eyes = Eyes(target, Knowledge())
    eyes.tree = past.tree(report.ledger.evidence)
    return Run(replace(report, target=target, took_s=time.perf_counter() - began), eyes, past.files)


def _collect_all(asked: Sequence[Listed], target: Target, eyes: Eyes, ledger: Ledger, options: Options, past: Past | None) -> Found:
    """Let every probe look that has to, and say where each file runs; gives what of that holds as long as the files stay as they are."""
    before = past.found if past else None
    told: dict[str, Told] = {}
    passing: list[Evidence] = []
    if before:
        eyes.tree_logs = before.logs
    for number, probe in enumerate(asked):
        said = past.told(probe.name) if past else None
        if said is None:
            if options.on_progress:
                options.on_progress(probe.name, number, len(asked))
            eyes.asked.clear()
            said = Told(*_collect(probe, target, eyes, options), frozenset(eyes.asked))
        if probe.looks_at in PASSING:
            passing += said.evidence
        else:
            told[probe.name] = said
        ledger.add(said.evidence, said.look)
    found = Found(told, None, _ignores(eyes, before), eyes.tree_logs, eyes.shared)
    if any(item.fact.kind == "service.run" for item in passing):
        ledger.place(_placement(ledger, eyes))
        return found
    placement = before.placement if before and before.runs() == found.runs() else None
    placement = placement or _placement(ledger, eyes)
    ledger.place(placement)
    return replace(found, placement=placement)


def _ignores(eyes: Eyes, before: Found | None) -> tuple[Ignore, ...]:
    """The comments that ask to leave a cause unsaid, in files read now or then."""
    now = eyes.ignores()
    then = [each for each in before.ignores if not eyes.has_read(each.path)] if before else []
    return tuple(sorted((*then, *now), key=lambda each: each.path)) if then else now


def _with_own_cure(diagnosed: Diagnosed, keeper: Keeper, places: Sequence[Path]) -> Diagnosed:
    """With the cure of the very use that shows the cause, where it is one that a library is known to let down."""
    from callcheck.model.facts.traps import LibraryTrap

    shown = next((item.fact for item in diagnosed.grounds if isinstance(item.fact, LibraryTrap)), None)
    if shown is None:
        return diagnosed
    from callcheck.knowledge import cures

    known: cures.Cures = keeper.kept("cures", lambda: cures.load(places))
    return replace(diagnosed, fixes=(cures.cure(shown, known), *diagnosed.fixes))


def _learn(places: Sequence[Path], extra: Sequence[Path]) -> tuple[Knowledge, Rulebook]:
    """What is known of libraries, and the rules without their examples."""
    from callcheck.model.rulebook import Rulebook
    from callcheck.model.shelf import Shelf

    known = knowledge.load(places)
    return replace(known, frameworks=Shelf(known.frameworks)), Rulebook(replace(rule, examples=()) for rule in load_rules(extra))


def _log_knowledge(known: Knowledge, keeper: Keeper, stages: Sequence[tuple[str, str]]) -> LogKnowledge:
    logs: LogKnowledge = keeper.kept("logs", known.logs)
    if not stages:
        return logs
    from callcheck.knowledge.logs import own_boundaries

    return replace(logs, boundaries=(*own_boundaries(stages, Path("stages")), *logs.boundaries))


def _collect(probe: Listed, target: Target, eyes: Eyes, options: Options) -> tuple[tuple[Evidence, ...], Looked]:
    evidence: list[Evidence] = []
    lost: list[Lost] = []
    try:
        why = probe.skip(target, eyes)
        if why:
            return (), Looked(probe.name, probe.answers, Outcome.NOTHING, why)
        for item in probe.look(target, eyes):
            (lost if isinstance(item, Lost) else evidence).append(item)  # type: ignore[arg-type]
        outcome, why = (Outcome.PART, "some parts could not be read") if lost else (Outcome.DONE, "")
    except SourceError as error:
        outcome, why = Outcome.BLOCKED, clean(error.message)
    except Exception as error:  # noqa: BLE001  (a bug in one probe must not cost the user the others)
        outcome, why = Outcome.BLOCKED, _bug(error)
        if options.on_bug:
            options.on_bug(probe.name, error)
    return tuple(evidence), Looked(probe.name, probe.answers, outcome, why, tuple(lost))


def _bug(error: Exception) -> str:
    return f"{_BUG}: {type(error).__name__}: {clean(str(error), 120)}"


def _placement(ledger: Ledger, eyes: Eyes) -> Placement:
    """Which deployment units load which source file, so that facts of one unit are not laid beside those of another."""
    from callcheck.model.facts.deployment import ServiceRun

    runs = [e.fact for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.role not in NOT_APP]
    runs = [run for run in runs if run.service] or runs
    if not runs or not eyes.sees(Sight.SOURCE) or not eyes.code.present:
        return Placement()
    reach = eyes.code.reach
    mains = (run.entry for run in runs if ":" not in run.entry and run.server in ("", "node", "python"))
    ours = frozenset(run.service for run in runs if run.service)
    several = len(ours) > 1
    return Placement(
        loaded=reach.by_unit((run.service, run.entry) for run in runs) if several else {},
        apps=ours if several else frozenset(),
        closed=reach.closed(run.entry for run in runs),
        reached=frozenset().union(*(reach.loads(entry) for run in runs if (entry := reach.entry(run.entry)))),
        mains=frozenset(entry for written in mains if (entry := reach.entry(written))),
    )


def _join(link: ListedLink, ledger: Ledger, options: Options) -> None:
    evidence: Iterable[Evidence] = ()
    try:
        evidence = list(link.join(ledger))
        settled = all(ledger.settled(kind) for kind in link.reads)
        outcome, why = (Outcome.DONE, "") if settled else (Outcome.PART, "what it joins was not seen in full")
    except Exception as error:  # noqa: BLE001  (as above)
        outcome, why = Outcome.BLOCKED, _bug(error)
        if options.on_bug:
            options.on_bug(link.name, error)
    ledger.add(evidence, Looked(link.name, link.answers, outcome, why, joins=True))


def _spoken(ledger: Ledger) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages and frameworks that the target uses, most used first."""
    counts: dict[str, dict[str, int]] = {"language": {}, "framework": {}}
    for item in ledger.evidence:
        for name, value in item.fact.attributes().items():
            if name == "code.language":
                counts["language"][str(value)] = counts["language"].get(str(value), 0) + 1
            elif name == "callcheck.framework" and value:
                counts["framework"][str(value)] = counts["framework"].get(str(value), 0) + 1
    languages, frameworks = (tuple(sorted(table, key=lambda k: -table[k])) for table in counts.values())
    return languages, frameworks


def rule_problems(extra: Sequence[Path] = ()) -> Iterator[tuple[Rule, str]]:
    """What is wrong with the rules' own examples. Raises RuleError for a rule that does not even load."""
    from callcheck.engine.examples import problems

    rules = load_rules(extra)
    for rule in rules:
        for problem in problems(rule, rules):
            yield rule, problem


def check_rules(folder: Path | None = None) -> Iterator[tuple[str, int | None, str]]:
    """Every rule and framework file of a folder (None: ours) as path, line and problem; "" for a problem when the file is in order."""
    from callcheck.engine.check import problems
    from callcheck.knowledge import events, logs
    from callcheck.knowledge.frameworks import read as read_framework

    root = folder or knowledge.shipped()
    beside = [rule for rule in load_rules() if folder is not None]
    yield from problems(root, beside)
    for path in sorted((root / "frameworks").glob("*.y*ml")):
        yield _read(read_framework, path)
    for path in sorted((root / "events").glob("*.y*ml")):
        yield _read(events.read, path)
    try:
        for said in logs.problems(logs.load([root])):
            origin, _, problem = said.partition(": ")
            yield origin, None, problem
    except RuleError as error:
        yield error.path, error.line, error.plain


def _read(reader: Callable[[Path], object], path: Path) -> tuple[str, int | None, str]:
    try:
        reader(path)
    except RuleError as error:
        return error.path, error.line, error.plain
    return str(path), None, ""
