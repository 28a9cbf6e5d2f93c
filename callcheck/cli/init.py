"""`callcheck init`: which settings would suit this folder? A commented `.callcheck.yml`, written from what a run finds in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.cli import console, targets
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.collect import Options
from callcheck.model.diagnosis import Report
from callcheck.model.errors import UsageError
from callcheck.model.facts.deployment import Instances
from callcheck.model.printable import clean
from callcheck.pipeline import diagnose, eyes_of

if TYPE_CHECKING:
    from callcheck.model.statement import Statement

_HEAD = """\
# yaml-language-server: $schema=./.callcheck.schema.json
# What callcheck goes by in this folder; what is commented out is its default. For your editor: callcheck schema config > .callcheck.schema.json
"""
_ID = re.compile(r"(?:\b(?:id|nr|no|number|key|order|job|task|run|request|message|event|user)s?|#)[\s\"'=:#(\[]*$|\w[=#]\"?$", re.IGNORECASE)
"""What stands before the hole of a log statement that holds an id."""
_MOST_PER_STAGE = 4
_LEAST_LETTERS = 4


def run(output: str, force: bool) -> ExitStatus:
    """Write the file, or print it. Raises UsageError if it is there already."""
    here = Path.cwd()
    path = here / output
    if output != "-" and not force and path.exists():
        raise UsageError(f"{clean(output)} is there already", "--force writes over it, -o - prints what would be written")
    target = targets.read((), here)
    done = diagnose(target)
    text = told(done.report, tuple(unknown_lines(eyes_of(target, Options()).statements)))
    if output == "-":
        console.emit(text)
        return ExitStatus.NOTHING_LIKELY
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {clean(output)}: {error.strerror or error}") from error
    sys.stderr.write(f"callcheck: {clean(output)} is written; `callcheck diagnose` goes by it from now on\n")
    return ExitStatus.NOTHING_LIKELY


def told(report: Report, stages: Sequence[tuple[str, str, Statement]]) -> str:
    """The file: what was found, and each setting with its default or a proposal. `stages` are stage, expression and the statement it is from."""
    likely = [each for each in report.diagnoses if each.confidence >= Settings().fail_on]
    parts = [
        _HEAD + "".join(f"# {line}\n" for line in _found(report)),
        f"# From which confidence on `callcheck diagnose` ends with status 1, and for which causes (all of them).\nfail-on: {Settings().fail_on}\n# fail-causes: [cross-process-delivery]\n",
        "# Status 2 if something could not be read.\n# strict: false\n",
        _baseline([each.rule.cause for each in likely]),
        "# Probes that are not asked; `callcheck diagnose --verbose` names them all.\n# skip-probe: []\n",
        "# Folders with rules and frameworks of your own; `callcheck schema rule` says how they are written.\n# rules: [callcheck-rules]\n",
        _stages(stages),
    ]
    return "\n".join(parts)


def _found(report: Report) -> Iterator[str]:
    if report.languages or report.frameworks:
        yield clean(f"Found: {', '.join((*report.languages, *report.frameworks[:12]))}.", 240)
    for item in report.ledger.of(Instances.kind):
        if item.where:
            yield clean(f"{item.where.path}:{item.where.line}: {item.says()}.", 240)


def _baseline(causes: Sequence[str]) -> str:
    names = ", ".join(sorted(set(causes)))
    found = f"{len(causes)} likely now ({names}); " if causes else ""
    return f"# Findings of before, which are not told again: {found}`callcheck baseline` writes them down.\n# baseline: .callcheck-baseline.jsonl\n"


def _stages(stages: Sequence[tuple[str, str, Statement]]) -> str:
    said = "# How your own log lines say how far a delivery has come, where common English words do not: groups id, event and instance count.\n"
    if not stages:
        return said + "# stages:\n#   emitted: 'sent out (?P<event>\\S+) id=(?P<id>\\d+)'\n"
    rows = []
    for stage in dict.fromkeys(stage for stage, _, _ in stages):
        rows.append(f"#   {stage}:\n")
        own = [(expression, statement) for each, expression, statement in stages if each == stage]
        rows += [f"#     - {_quoted(expression)}  # {clean(statement.path, 120)}:{statement.line}\n" for expression, statement in own[:_MOST_PER_STAGE]]
    return said + "# These statements stand where something is registered, emitted or handled; take the comment signs from those that are right.\n# stages:\n" + "".join(rows)


def _quoted(text: str) -> str:
    return "'" + clean(text, 300).replace("'", "''") + "'"


def unknown_lines(statements: Sequence[Statement]) -> Iterator[tuple[str, str, Statement]]:
    """Stage and expression of statements whose place says how far a delivery has come, but whose words do not."""
    from callcheck import knowledge
    from callcheck.knowledge.logs import load
    from callcheck.model.log import Place, Record
    from callcheck.sources.logs.boundaries import Boundaries
    from callcheck.sources.logs.view import View

    words = Boundaries(load(knowledge.folders(())).boundaries)
    seen = set()
    for statement in statements:
        expression = _expression(statement.texts)
        if not statement.stage or statement.fails or not expression or expression in seen:
            continue
        edge = words.of(View(Record(Place(statement.path, statement.line, 1), "7f3a".join(statement.texts))))
        if edge is None or edge.stage != statement.stage:
            seen.add(expression)
            yield statement.stage, expression, statement


def _expression(texts: Sequence[str]) -> str:
    """A regular expression for the lines that a statement writes; "" if its words say too little, or if it names no id."""
    if len(texts) < 2 or sum(letter.isalpha() for text in texts for letter in text) < _LEAST_LETTERS or "\n" in "".join(texts):
        return ""
    named = next((number for number, text in enumerate(texts[:-1]) if _ID.search(text)), None)
    if named is None:
        return ""
    parts = [re.escape(texts[0]).replace(r"\ ", " ")]
    for number, text in enumerate(texts[1:]):
        hole = r"\s*(?P<id>[\w.:-]+)\s*" if number == named else r"\s*\S+\s*"
        parts += [hole, re.escape(text).replace(r"\ ", " ")]
    return "".join(parts).strip().removesuffix(r"\s*")
