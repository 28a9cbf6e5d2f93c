"""How does a target become a report? Collect, link, diagnose, in that order."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck import __version__, knowledge
from callcheck.collect import BUG, Options, bug, chosen, collect
from callcheck.engine.rank import rank
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.errors import UsageError
from callcheck.model.evidence import Evidence, Ledger, Looked
from callcheck.model.ignore import Ignore, Suppressed, problems
from callcheck.model.knowledge import Knowledge
from callcheck.model.noun import dataclass, replace
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Outcome
from callcheck.recall import Found, Memory, Past
from callcheck.registry import ListedLink, links, probes
from callcheck.sources import Eyes
from callcheck.sources.kept import Keeper
from callcheck.sources.noted import Notes

if TYPE_CHECKING:
    from callcheck.model.log import LogKnowledge
    from callcheck.model.rulebook import Rulebook
    from callcheck.sources.logs import Survey


@dataclass(frozen=True, slots=True)
class Run:
    """A report, and the eyes it was made through, for excerpts."""

    report: Report
    eyes: Eyes
    files: bool
    """Whether the target holds any."""
    from_before: str = ""
    """What was taken from an earlier run on the same files."""


def diagnose(target: Target, options: Options = Options()) -> Run:
    """Look, link and rank. Raises UsageError, RuleError and, where logs that lie elsewhere cannot be reached, SourceError; what else could not be
    read is in the report."""
    if target.captures:
        return _of_capture(target, options)
    began = time.perf_counter()
    keeper = Keeper(places := knowledge.folders(options.rules))
    memory = Memory(target, (options.probes, options.skip, *options.stages), keeper)
    past = memory.past()
    if past and past.report:
        return _as_then(past, past.report, target, began)
    asked = chosen(probes(), options)
    known, book = keeper.kept("rules", lambda: _learn(places, options.rules))
    eyes = _eyes(target, options, known, keeper)
    if target.far:
        eyes.logs.summary  # noqa: B018  (who named another machine is to hear at once that it cannot be reached)
    ledger = Ledger()
    with Notes() as notes:
        found = collect(asked, target, eyes, ledger, options, past)
    for link in links():
        _join(link, ledger, options)
    report = _concluded(Report((), ledger, target, __version__, 0.0, left_out=found.left_out), found.ignores, whole(options), book, keeper, places, eyes)
    report = replace(report, took_s=time.perf_counter() - began)
    if past:
        eyes.tree = past.tree(ledger.evidence)
        memory.keep_on(past, notes, report, found)
    elif notes.enough and not any(look.why.startswith(BUG) for look in ledger.looks):
        memory.keep(notes, eyes.tree, report, found)
    return Run(report, eyes, past.files if past else bool(eyes.tree.files), _from_before(past, found, memory))


def whole(options: Options) -> bool:
    """Whether every probe looks."""
    return not (options.probes or options.skip)


def _concluded(report: Report, ignores: Sequence[Ignore], complete: bool, book: Rulebook, keeper: Keeper, places: Sequence[Path], eyes: Eyes) -> Report:
    """The report with what the rules say of its facts."""
    ledger = report.ledger
    languages, frameworks = _spoken(ledger)
    suppressed: list[Suppressed] = []
    diagnoses = rank(book.speaking_of([item.fact for item in ledger.evidence]), ledger, languages, frameworks, ignores, suppressed)
    if not diagnoses and not (report.target.recordings or report.target.measured or report.target.scaled):
        from callcheck.engine.leads import leads

        diagnoses = leads(book.leading([item.fact for item in ledger.evidence]), ledger, languages, frameworks, ignores)
    diagnoses = [_in_own_files(_with_own_cure(each, keeper, places), eyes) for each in diagnoses]
    wrong = problems(tuple(ignores), tuple(suppressed), book.causes, complete)
    return replace(report, diagnoses=tuple(diagnoses), languages=languages, frameworks=frameworks, suppressed=tuple(suppressed), ignore_problems=tuple(wrong))


def _of_capture(target: Target, options: Options) -> Run:
    """What the rules say of the facts that were captured on another day or machine. Raises SourceError."""
    from callcheck.sources.capture.read import CapturedEyes, read

    began = time.perf_counter()
    if len(target.given) > 1 or not whole(options):
        raise UsageError("a capture is diagnosed by itself, as it is: its probes have looked", "callcheck diff compares two")
    captured = read(target.captures[0], target.given[0])
    keeper = Keeper(places := knowledge.folders(options.rules))
    _, book = keeper.kept("rules", lambda: _learn(places, options.rules))
    eyes = CapturedEyes(target, captured)
    report = Report((), captured.ledger, target, __version__, 0.0, left_out=captured.left_out)
    report = _concluded(report, captured.ignores, captured.complete, book, keeper, places, eyes)
    return Run(replace(report, took_s=time.perf_counter() - began), eyes, True)


def logs_of(target: Target, options: Options) -> Survey:
    """The logs of a target, before any is read. Raises RuleError."""
    return eyes_of(target, options).logs


def eyes_of(target: Target, options: Options) -> Eyes:
    """The eyes on a target, before anything was looked at. Raises RuleError."""
    keeper = Keeper(places := knowledge.folders(options.rules))
    known, _ = keeper.kept("rules", lambda: _learn(places, options.rules))
    return _eyes(target, options, known, keeper)


def _eyes(target: Target, options: Options, known: Knowledge, keeper: Keeper) -> Eyes:
    known = replace(
        known,
        logs=functools.partial(_log_knowledge, known, keeper, options.stages),
        events=functools.partial(keeper.kept, "events", known.events),
    )
    eyes = Eyes(target, known, tuple(sign for probe in probes() for sign in probe.signs), options.period)
    if options.survey is not None:
        eyes.logs = options.survey
    return eyes


def _as_then(past: Past, report: Report, target: Target, began: float) -> Run:
    """The report of an earlier run on the same ground."""
    eyes = Eyes(target, Knowledge())
    eyes.tree = past.tree(report.ledger.evidence)
    return Run(replace(report, target=target, took_s=time.perf_counter() - began), eyes, past.files, f"the whole report: {len(past.ground.names):,} files are as they were")


def _from_before(past: Past | None, found: Found, memory: Memory) -> str:
    if past is None:
        return "nothing: no run on these files is kept" + ("" if memory.used else ", nor is this one")
    anew = [name for name in found.told if past.told(name) is None]
    changed = f"{len(past.changed)} of {len(past.ground.names):,} files changed ({', '.join(map(clean, sorted(past.changed)[:3]))})" if past.changed else "no file changed"
    return f"what {len(found.told) - len(anew)} of {len(found.told)} probes of files said: {changed}" + (f"; asked again: {', '.join(anew[:10])}" if anew else "")


def _with_own_cure(diagnosed: Diagnosed, keeper: Keeper, places: Sequence[Path]) -> Diagnosed:
    """With the cure of the very use that shows the cause, where it is one that a library is known to let down."""
    from callcheck.model.facts.traps import LibraryTrap

    shown = next((item.fact for item in diagnosed.grounds if isinstance(item.fact, LibraryTrap)), None)
    if shown is None:
        return diagnosed
    from callcheck.knowledge import cures

    known = keeper.kept("cures", lambda: cures.load(places, shown.framework), shown.framework)
    return replace(diagnosed, fixes=(cures.cure(shown, known), *diagnosed.fixes))


def _in_own_files(diagnosed: Diagnosed, eyes: Eyes) -> Diagnosed:
    """With what its cures change in the user's own files, as far as they say so."""
    if not any(fix.edits for fix in diagnosed.fixes):
        return diagnosed
    from callcheck.engine.edits import in_own_files

    return in_own_files(diagnosed, eyes.lines)


def _join(link: ListedLink, ledger: Ledger, options: Options) -> None:
    evidence: Iterable[Evidence] = ()
    try:
        evidence = list(link.join(ledger))
        settled = all(ledger.settled(kind) for kind in link.reads)
        outcome, why = (Outcome.DONE, "") if settled else (Outcome.PART, "what it joins was not seen in full")
    except Exception as error:  # noqa: BLE001  (as above)
        outcome, why = Outcome.BLOCKED, bug(error)
        if options.on_bug:
            options.on_bug(link.name, error)
    ledger.add(evidence, Looked(link.name, link.answers, outcome, why, joins=True))


def _spoken(ledger: Ledger) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages and frameworks that the target uses, most used first."""
    counts: dict[str, dict[str, int]] = {"language": {}, "framework": {}}
    for item in ledger.evidence:
        for name, value in item.fact.attributes().items():
            if name == "code.language" and value:
                counts["language"][str(value)] = counts["language"].get(str(value), 0) + 1
            elif name == "callcheck.framework" and value:
                counts["framework"][str(value)] = counts["framework"].get(str(value), 0) + 1
    languages, frameworks = (tuple(sorted(table, key=lambda k: -table[k])) for table in counts.values())
    return languages, frameworks


def _learn(places: Sequence[Path], extra: Sequence[Path]) -> tuple[Knowledge, Rulebook]:
    """What is known of libraries, and the rules without their examples."""
    from callcheck.model.rulebook import Rulebook
    from callcheck.model.shelf import Shelf
    from callcheck.rulebooks import load_rules

    known = knowledge.load(places)
    return replace(known, frameworks=Shelf(known.frameworks)), Rulebook(replace(rule, examples=()) for rule in load_rules(extra))


def _log_knowledge(known: Knowledge, keeper: Keeper, stages: Sequence[tuple[str, str]]) -> LogKnowledge:
    logs: LogKnowledge = keeper.kept("logs", known.logs)
    if not stages:
        return logs
    from callcheck.knowledge.logs import own_boundaries

    return replace(logs, boundaries=(*own_boundaries(stages, Path("stages")), *logs.boundaries))
