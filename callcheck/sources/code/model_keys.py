"""From which variable does a call take its key, by the name of the model that it asks for?

    litellm.acompletion(model="openai/gpt-4o-mini", messages=...)            OPENAI_API_KEY
    Agent(os.environ["MODEL"])                                               and the deployment sets MODEL to anthropic:claude-sonnet-4-5
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.every_text import ways
from callcheck.sources.code.given import given
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import Call, Node

DOES = "model-credential"
_KEPT = pattern(r"\blitellm\.(?:api_key|\w+_key|api_base)\s*=|\blitellm\.credential_list\b")
"""What LiteLLM is told for all calls, in the code."""


def keyed_by_model(code: Code, sets: Callable[[str], Iterable[str]]) -> Iterator[Use]:
    """The uses of which every model that may be asked for has its key under the same name; silent where one of them is not known, or options are handed on as a whole."""
    known: dict[int, frozenset[str]] = {}
    found: list[Use] = []
    for use in code.idioms.of(DOES):
        if is_test(use.module.path) or any(not keyword.name for keyword in use.call.keywords):
            continue
        if id(use.call) not in known:
            known[id(use.call)] = frozenset(_models(code, use.call, use.idiom.event, sets))
        models = known[id(use.call)]
        if models and all(pattern(use.idiom.says).search(model) for model in models):
            found.append(use)
    if found and not _told_in_code(code):
        yield from found


def _models(code: Code, call: Call, place: str, sets: Callable[[str], Iterable[str]]) -> Iterator[str]:
    nodes: list[Node | None] = [way for each in code.idioms.placed(call, place)[:1] for way in ways(code, each)]
    for node in nodes:
        texts = list(given(code, [node], sets=sets)) if node is not None else []
        yield from texts or [""]


def _told_in_code(code: Code) -> bool:
    return any(_KEPT.search(code.project.text(path)) for path in code.project.sources if path.endswith(".py") and not is_test(path))
