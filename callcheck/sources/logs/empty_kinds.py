"""Are the streams that carry nothing all of one model or agent, while those of others carry something?

run=a4a49d81 on_llm_start model=gemini-pro      run=4efacc18 on_llm_start model=gpt-4-1106-preview
run=a4a49d81 sse closed events=0                run=4efacc18 sse closed events=293

Where the callbacks of a model's run stand beside it, a run's kind may be the app's own word, and what was sent was pieces of its answer:

run=5778ceab on_llm_start task=tour             run=081f5b9b on_llm_start task=label
run=5778ceab on_llm_end task=tour               run=081f5b9b on_llm_new_token task=label
run=5778ceab ws closed sent=0                   run=081f5b9b ws closed sent=24
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.emits import CLOSES, STREAM
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

_KIND = pattern(r"(?<![\w.])(?:gen_ai\.request\.|ls_|llm_|request_)?(model|model_?(?:name|id)|deployment|engine|provider|agent|agent_?(?:name|id)|backend)[\"']?[=:] ?[\"']?([A-Za-z][\w./:@-]{1,80})", re.I)
_OWN_KIND = pattern(r"(?<![\w.])((?:run_?|chat_?|request_?)?(?:kind|type|mode)|task|purpose|feature|chain|graph|flow|use_?case|route|endpoint|prompt(?:_?name)?)[\"']?[=:] ?[\"']?([A-Za-z/][\w./:@-]{1,80})", re.I)
_RUN = pattern(r"\bon_(?:llm|chat_model)_(?:start|end|new_token|stream)\b|\bhandle(?:LLM|ChatModel)(?:Start|End|NewToken)\b")
"""The callbacks and events of LangChain's runs (langchain-core 0.3 and 1, callbacks/base.py; @langchain/core, callbacks/base)."""
_SENT = pattern(r"\b(?:sent|relayed|forwarded|streamed|pushed|delivered|written|yielded)[\"']?[=:] ?(\d{1,7})\b", re.I)
_LEAST = 3
_MOST_KINDS = 12
_NEARLY_ALL = 0.95
_FAILING = 0.3


@dataclass(frozen=True, slots=True)
class EmptyKind:
    """What the empty streams have in common, where each ends, where one of the others does, and how many of those there are."""

    key: str
    value: str
    empty: list[Step]
    full: list[Step]


def empty_kind(units: Iterable[Unit]) -> EmptyKind | None:
    """The one value that tells streams without anything from those of other values, which have something; None if nothing does so clearly."""
    empty: dict[tuple[str, str], list[Step]] = {}
    full: dict[tuple[str, str], list[Step]] = {}
    failing = 0
    known: set[tuple[str, int]] = set()
    for unit in units:
        ended = _end(unit)
        kinds = _kinds(unit) if ended is not None else set()
        if ended is None or (ended[0].place.path, ended[0].place.line) in known:
            continue
        step, carried = ended
        known.add((step.place.path, step.place.line))
        failing += not carried and any(each.bad for each in unit.steps.values())
        for kind in kinds if len({key for key, _ in kinds}) == len(kinds) else ():
            (full if carried else empty).setdefault(kind, []).append(step)
    best: EmptyKind | None = None
    for (key, value), steps in empty.items():
        others = [each for (name, of), some in full.items() if name == key and of != value for each in some]
        of_others = sum(len(some) for (name, of), some in empty.items() if name == key and of != value)
        of_key = {of for name, of in (*empty, *full) if name == key}
        clear = (key, value) not in full and of_others <= (1 - _NEARLY_ALL) * len(others) and len(of_key) <= _MOST_KINDS
        if clear and min(len(steps), len(others)) >= _LEAST and failing <= _FAILING * len(steps) and (best is None or len(steps) > len(best.empty)):
            best = EmptyKind(key, value, steps, others)
    return best


def _kinds(unit: Unit) -> set[tuple[str, str]]:
    """What the lines name by which streams may be told apart."""
    patterns = (_KIND, _OWN_KIND) if _of_run(unit) else (_KIND,)
    return {(found[1].lower(), found[2]) for each in patterns for step in unit.steps.values() for found in each.finditer(step.text)}


def _of_run(unit: Unit) -> bool:
    """Whether callbacks of a model's run are among the lines."""
    return any(_RUN.search(step.text) for step in unit.steps.values())


def _end(unit: Unit) -> tuple[Step, int] | None:
    """The line that counts what a stream has carried, and the count."""
    counts = (STREAM, _SENT) if _of_run(unit) else (STREAM,)
    for count in counts:
        for step in unit.steps.values():
            found = count.search(step.text, 0, 300) if CLOSES.search(step.text) else None
            if found is not None:
                return step, int(next(filter(None, found.groups())))
    return None
