"""How sure are we of each cause, and which comes first?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callcheck.engine.cures import fitting
from callcheck.engine.match import Answered, Subject, Trial, ask, evidence_of, grounds
from callcheck.model.diagnosis import Diagnosed, Weighed
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.ignore import Ignore, Suppressed
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.rule import Clause, Condition, Rule, Way
from callcheck.model.words import Answer, Basis, Strength

PRIOR_BITS = {Strength.WEAK: -1.5, Strength.FAIR: 0.4, Strength.STRONG: 2.2, Strength.DECISIVE: 4.0}
"""Log-odds, in bits, that a cause is the reason once its grounds hold."""
CLAUSE_BITS = {Strength.WEAK: 0.5, Strength.FAIR: 1.0, Strength.STRONG: 2.0, Strength.DECISIVE: 5.0}
"""Bits that a supporting clause adds or a contradicting one takes."""
BASIS_WEIGHT = {Basis.OBSERVED: 1.0, Basis.DECLARED: 0.95, Basis.INFERRED: 0.85}
"""How much a clause counts by the way its fact is known."""
YIELD_BITS = 3.0
"""What a cause loses to a narrower one that explains it away."""
LIMIT_BITS = 6.0
"""No reading of code or logs makes anything surer than 98.5 %."""
_RAISED = "error.raised"
"""The kind of `facts.logs.RaisedAt`, which is not imported for runs without logs."""
MOST_OTHERS = 12
"""Further places of the same cause that are kept."""


def confidence(bits: float) -> float:
    """Log-odds in bits to a probability."""
    return 1 / (1 + 2 ** -max(-LIMIT_BITS, min(LIMIT_BITS, bits)))


def rank(
    rules: Sequence[Rule],
    ledger: Ledger,
    languages: Sequence[str] = (),
    frameworks: Sequence[str] = (),
    ignores: Sequence[Ignore] = (),
    suppressed: list[Suppressed] | None = None,
) -> list[Diagnosed]:
    """Every cause that has grounds, likeliest first; one entry a cause, led by its surest subject.

    Places that `ignores` speak of are left out; what they would have said is added to `suppressed`.
    """
    told = {}
    for rule in rules:
        kept = _without_ignored(rule, ledger, ignores)
        trials = [trial for way in rule.ways for trial in _trials(rule, way, kept)]
        if kept is not ledger and suppressed is not None:
            suppressed += _suppressed(rule, ledger, ignores)
        if trials:
            told[rule.cause] = rule, trials
    found = {}
    for cause, (rule, trials) in told.items():
        reasons = [trial for other in rule.explained_by if other in told for trial in told[other][1]]
        trials = _explained(trials, reasons) if reasons else trials
        found[cause] = _merged(rule, sorted(trials, key=lambda trial: (-trial[0], _place(trial[1]))))
    for cause, (bits, diagnosed) in list(found.items()):
        stronger = [found[other][0] for other in diagnosed.rule.yields_to if other in found]
        if any(other >= 0 for other in stronger):
            bits -= YIELD_BITS
            found[cause] = (bits, diagnosed)
    ordered = sorted(found.values(), key=lambda item: (-item[0], item[1].rule.cause))
    return [
        replace(d, confidence=round(confidence(bits), 4), fixes=fitting(d, languages, frameworks)) for bits, d in ordered
    ]


def _without_ignored(rule: Rule, ledger: Ledger, ignores: Sequence[Ignore]) -> Ledger:
    """The ledger without the evidence that a comment keeps from this rule; the ledger itself if there is none."""
    speaking = [ignore for ignore in ignores if rule.cause in ignore.causes]
    if not speaking:
        return ledger
    left = [item for item in ledger.evidence if not any(ignore.answers(rule.cause, (item,)) for ignore in speaking)]
    return ledger if len(left) == len(ledger.evidence) else replace(ledger, evidence=left)


def _suppressed(rule: Rule, ledger: Ledger, ignores: Sequence[Ignore]) -> list[Suppressed]:
    """What the rule would have said with the ignored evidence: one for each comment, the surest."""
    trials = sorted((trial for way in rule.ways for trial in _trials(rule, way, ledger)), key=lambda trial: -trial[0])
    found = []
    for ignore in ignores:
        first = next((trial for trial in trials if ignore.answers(rule.cause, trial[1].grounds)), None)
        if first is not None:
            found.append(Suppressed(replace(first[1], confidence=round(confidence(first[0]), 4)), ignore))
    return found


def _trials(rule: Rule, way: Way, ledger: Ledger) -> Iterable[tuple[float, Diagnosed]]:
    for trial in grounds(way, ledger):
        ground = evidence_of(trial.answers)
        bits = PRIOR_BITS[way.prior] * _weight(trial.answers)
        supports, more, open_pro = _weigh(way.supports, ledger, trial, 1)
        against, less, open_con = _weigh(way.contradicts, ledger, trial, -1)
        title = fill(way.title or rule.title, ground, trial.subject)
        yield (
            bits + more + less,
            Diagnosed(rule, 0.0, title, ground, tuple(supports), tuple(against), (*trial.open, *open_pro, *open_con)),
        )


def _weight(answers: Sequence[Answered]) -> float:
    """A prior counts in full when its grounds are of the best basis; the weakest ground decides."""
    return min((max(BASIS_WEIGHT[e.basis] for e in a.evidence) for a in answers if a.evidence), default=1.0)


def _weigh(
    clauses: Iterable[Clause], ledger: Ledger, trial: Trial, sign: int
) -> tuple[list[Weighed], float, list[Condition]]:
    weighed, total, unanswered = [], 0.0, []
    for clause in clauses:
        answered = ask(clause.condition, ledger, trial.subject, trial.unit)
        if answered.answer is Answer.UNKNOWN:
            unanswered.append(clause.condition)
        elif answered.answer is Answer.YES:
            bits = sign * CLAUSE_BITS[clause.strength] * max(BASIS_WEIGHT[e.basis] for e in answered.evidence)
            total += bits
            weighed.append(Weighed(clause, fill(clause.because, answered.evidence, trial.subject), answered.evidence, bits))
    return weighed, total, unanswered


def _explained(trials: list[tuple[float, Diagnosed]], reasons: list[tuple[float, Diagnosed]]) -> list[tuple[float, Diagnosed]]:
    """The trials, less likely where a likely reason rests on the same line: one failure, of which the reason says why it comes."""
    known = {place for bits, diagnosed in reasons if bits >= 0 for place in _failing(diagnosed)}
    return [(bits - YIELD_BITS if known.intersection(_failing(diagnosed)) else bits, diagnosed) for bits, diagnosed in trials]


def _failing(diagnosed: Diagnosed) -> set[Location]:
    """Where something fails, by the grounds: where they stand, and the lines of the source that raised an error of a log."""
    shown = (e for ground in diagnosed.grounds for e in (ground, *(each for each in ground.because if each.fact.kind == _RAISED)))
    return {Location(e.where.path, e.where.line) for e in shown if e.where is not None}


def _merged(rule: Rule, trials: list[tuple[float, Diagnosed]]) -> tuple[float, Diagnosed]:
    bits, first = trials[0]
    known = set(first.grounds)
    others = dict.fromkeys(e for _, trial in trials[1:] for e in trial.grounds if e not in known)
    return bits, replace(first, others=tuple(others)[:MOST_OTHERS])


def _place(diagnosed: Diagnosed) -> tuple[str, int]:
    where = next((e.where for e in diagnosed.grounds if e.where), None)
    return (where.path, where.line or 0) if where else ("~", 0)


_HOLE = pattern(r"\{([a-z_][a-z0-9_.]*)\}")


def fill(text: str, evidence: Sequence[Evidence], subject: Subject = ()) -> str:
    """Put attribute values into the `{holes}` of a sentence; a hole nobody can fill becomes "…"."""
    values: dict[str, str] = {}
    for item in evidence:
        for each in item.flat():
            for name, value in each.fact.attributes().items():
                if value != "":
                    values.setdefault(name, str(value))
    values |= {name: str(value) for name, value in subject if value != ""}
    return _HOLE.sub(lambda hole: values.get(hole[1], "…"), text)
