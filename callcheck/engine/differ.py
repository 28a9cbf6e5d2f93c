"""Which facts, counts and causes are not the same in two runs, when lines, names of pods and lengths of logs are no difference?

A fact is known again by its kind, its file and its words; numbers in it are compared, and places on lines, ids, hosts and times mean nothing.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Sequence

from callcheck.model.confidence import LIKELY
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.difference import Difference, Lone, Move, Turn
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Value, kinds
from callcheck.model.noun import fields
from callcheck.model.pseudonyms import alike
from callcheck.model.words import Basis, Outcome

Key = tuple[object, ...]
_LEAST = 1.2
"""A count that grows by less is the same: logs are not equally long."""
_LEAST_SHARE = 5
_LEAST_TURN = 0.05
_WORDS = frozenset({"http.response.status_code", "server.port"})
"""Numbers that are names."""
_NOTHING = frozenset({"process.pid", "process.parent_pid", "callcheck.timeline.begin", "callcheck.timeline.end", "callcheck.sample.one_in", "callcheck.process.age.oldest", "callcheck.process.age.youngest"})
_ASIDE = frozenset({"log.sample", "instance.timeline"})
_ABOUT = ("callcheck.event.name", "callcheck.subject", "service.name", "callcheck.queue.name", "callcheck.handler", "callcheck.failure.class", "callcheck.signal", "code.function.name")


def compare(before: Report, after: Report) -> Difference:
    """What came, went and moved from one run to the other."""
    turns = _turns(before, after)
    came = {turn.cause for turn in turns if turn.before < LIKELY <= turn.after}
    weight = {id(item): 2.0 + 2.0 * (each.rule.cause in came) * each.confidence for each in reversed(after.diagnoses) if each.confidence >= 0.1 for item in _shown(each)}
    weight |= {id(item): 2.0 for each in before.diagnoses if each.confidence >= LIKELY for item in _shown(each)}
    roots = _root(before.ledger), _root(after.ledger)
    old, new = (_grouped(report.ledger, root if roots[0] != roots[1] else "") for report, root in zip((before, after), roots, strict=True))
    moves = [(move, weigh) for key in old.keys() & new.keys() for move, weigh in _moves(old[key], new[key], weight)]
    lone = [_lone(items, key in new, before.ledger if key in new else after.ledger) for key, items in (old | new).items() if (key in old) != (key in new)]
    told = {id(each): weight.get(id(each.item), 0.0) + each.looked * 1.5 + 0.5 * each.after + 0.5 * (each.item.basis is Basis.OBSERVED) for each in lone}
    return Difference(
        tuple(turns),
        tuple(move for move, _ in sorted(moves, key=lambda pair: (-pair[1], pair[0].about, pair[0].attribute))),
        tuple(sorted(lone, key=lambda each: (-told[id(each)], each.item.fact.kind, each.item.says(), str(each.item.where)))),
    )


def _turns(before: Report, after: Report) -> list[Turn]:
    old, new = ({each.rule.cause: each for each in report.diagnoses if not each.lead} for report in (before, after))
    found = []
    for cause in sorted(old.keys() | new.keys()):
        then, now = old.get(cause), new.get(cause)
        turn = Turn(cause, (now or then).title, then.confidence if then else 0.0, now.confidence if now else 0.0)  # type: ignore[union-attr]
        if abs(turn.after - turn.before) >= _LEAST_TURN:
            found.append(turn)
    return sorted(found, key=lambda turn: ((turn.before < LIKELY) == (turn.after < LIKELY), -abs(turn.after - turn.before), turn.cause))


def _shown(diagnosed: Diagnosed) -> Iterable[Evidence]:
    roots = (*diagnosed.grounds, *(item for each in diagnosed.supports for item in each.evidence), *diagnosed.others)
    return (item for root in roots for item in root.flat())


def _root(ledger: Ledger) -> str:
    """The folder in which all that has a place in source or configuration stands, with its "/"; "" for none."""
    paths = {item.where.path for item in ledger.evidence if item.where and item.basis is not Basis.OBSERVED}
    root = os.path.commonprefix(sorted(paths))
    return root[: root.rfind("/") + 1]


def _grouped(ledger: Ledger, root: str) -> dict[Key, list[Evidence]]:
    groups: dict[Key, list[Evidence]] = {}
    for item in ledger.evidence:
        if item.fact.kind not in _ASIDE:
            groups.setdefault(_key(item, root), []).append(item)
    return groups


def _key(item: Evidence, root: str) -> Key:
    """What the fact says, without its numbers and without what tells one system, or one edit of a file, from another."""
    path = item.where.path if item.where and item.basis is not Basis.OBSERVED else ""
    held = ((name, value if isinstance(value, bool) else _plain(_inside(str(value), root))) for name, value in item.fact.attributes().items() if not _counted(name, value) and name not in _NOTHING)
    return (item.fact.kind, alike(_inside(path, root)), item.service, *held)


def _inside(text: str, root: str) -> str:
    """A text as it would be in that folder."""
    return "" if root and text == root[:-1] else text.replace(root, "") if root else text


def _plain(text: str) -> str:
    return re.sub(r"(?<![\w.])\d[\d.,:/-]*(?![\w])", "#", re.sub(r":\d+(?::\d+)?\b", "", alike(text)))


def _counted(name: str, value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and name not in _WORDS


def _moves(old: Sequence[Evidence], new: Sequence[Evidence], weight: dict[int, float]) -> Iterable[tuple[Move, float]]:
    lead = max(new, key=lambda item: weight.get(id(item), 0.0))
    grounded = weight.get(id(lead), 0.0) + 0.5 * (lead.basis is Basis.OBSERVED)
    if len(old) != len(new) and max(len(old), len(new)) >= _LEAST * min(len(old), len(new)):
        yield Move(lead, f"{lead.says()}: places", "", "", len(old), len(new)), grounded + _far(len(old), len(new))
    for name, value in lead.fact.attributes().items():
        if not _counted(name, value) or name in _NOTHING:
            continue
        then, now = (_total(items, name) for items in (old, new))
        unit = _unit(lead, name)
        if (abs(then - now) >= _LEAST_SHARE) if unit == "%" else then != now and max(then, now) >= _LEAST * min(then, now):
            far = abs(then - now) / 33 if unit == "%" else _far(then, now)
            yield Move(lead, _about(lead, name), name, unit, then, now), grounded + far + 0.5 * (unit == "%" or "instance" in name)


def _total(items: Sequence[Evidence], name: str) -> float:
    """Of one fact its number, of several the sum; shares and the like have no sum, and the worst is told."""
    values = [float(value) for item in items if isinstance(value := item.fact.attributes()[name], (int, float))]
    return min(values) if "share" in name else max(values) if "instance" in name else sum(values)


def _far(then: float, now: float) -> float:
    return min(3.0, abs(math.log2((now + 0.5) / (then + 0.5)))) if min(then, now) >= 0 else 1.0


def _about(item: Evidence, name: str) -> str:
    attributes = item.fact.attributes()
    what = next((str(attributes[each]) for each in _ABOUT if attributes.get(each)), "")
    word = name.removeprefix("callcheck.").replace(".", " ").replace("_", " ")
    return f"{item.fact.kind.replace('.', ' ')}{f' {what}' if what else ''}: {word}"


def _unit(item: Evidence, name: str) -> str:
    kind = kinds()[item.fact.kind]
    found = (re.search(rf"Attr\(['\"]{re.escape(name)}['\"], ['\"]([^'\"]*)['\"]\)", str(field.type)) for field in fields(kind))
    return next((unit[1] for unit in found if unit), "")


def _lone(items: Sequence[Evidence], after: bool, other: Ledger) -> Lone:
    kind = items[0].fact.kind
    looked = other.settled(kind) or any(kind in look.kinds and look.outcome is Outcome.DONE for look in other.looks)
    return Lone(items[0], after, len(items), looked)
