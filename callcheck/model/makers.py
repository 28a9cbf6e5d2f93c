"""Under which words do variables name the maker of a model or API?"""

from __future__ import annotations

_ALSO_CALLED = ({"CLAUDE", "ANTHROPIC"}, {"GPT", "CHATGPT", "OPENAI"}, {"GEMINI", "GOOGLE", "GENAI"}, {"COHERE", "CO"})


def same_maker(one: str, other: str) -> bool:
    """Whether two names of variables speak of one maker: `CLAUDE_API_KEY` and `ANTHROPIC_API_KEY`."""
    ours, theirs = set(one.split("_")), set(other.split("_"))
    return any(ours & makers and theirs & makers for makers in _ALSO_CALLED)
