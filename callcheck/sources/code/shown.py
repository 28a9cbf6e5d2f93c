"""Which source files show a sign by their own text?"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection

from callcheck.model.pattern import pattern
from callcheck.model.signs import Sign
from callcheck.sources.code.texts import Texts

_PREFIX = "APIGatewayProxyEvent"
_SERVES = (
    Sign(words=("req", "request"), also=("res", "reply", "response", "rep"), pattern=r"\b(?:req|request)\b[^()]{0,80},\s*(?:res|reply|response|rep)\b"),
    Sign(words=("handler", "lambda_handler", *(f"{kind}Request" for kind in ("", "Next", "Http", "WSGI", "Fastify", "Vercel", "NextApi")))),
    Sign(words=("fetch",), also=("env", "_env"), pattern=r"\bfetch\b[^()]{0,20}\([^()]{0,80}\b_?env\b"),
    Sign(words=("scheduled", "queue"), pattern=r"\b(?:scheduled|queue)\b[^()\n]{0,20}\("),
    Sign(words=("Get", "Post", "Put", "Patch", "Delete", "All", "Sse"), pattern=r"@(?:Get|Post|Put|Patch|Delete|All|Sse)\("),
)
_ROUTE = pattern(r"(?:^|/)(?:route\.[a-z]+|pages/api/.+|api/.+|functions/.+)$")
"""What tells that functions of a file answer requests, besides the uses of a library."""


class Shown:
    """The signs that the files of one target show."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._tried: dict[str, tuple[set[str], set[str]]] = {}

    def by(self, sign: Sign, within: Collection[str] | None = None) -> set[str]:
        """The files, of these or of all, that show a sign by their own text: what must be `served` or `dropped` is not asked."""
        found = set(self._texts.paths) if within is None else {path for path in within if path in self._texts}
        for part in (sign.words, sign.also):
            if part:
                found &= self._texts.words.having_one(part)
        if sign.path:
            named = re.compile(sign.path)
            found = {path for path in found if named.search(path)}
        for each in (sign.pattern, sign.beside):
            if each and found:
                found &= self._matching(each, found)
        return found

    def _matching(self, pattern: str, paths: Collection[str]) -> set[str]:
        """The files, these among them, in which a regular expression matches: what several signs share is looked for once."""
        tried, matching = self._tried.setdefault(pattern, (set(), set()))
        left = [path for path in paths if path not in tried]
        if left:
            search = re.compile(pattern.encode()).search
            tried.update(left)
            matching.update(path for path in left if search(self._texts.data(path)))
        return matching

    @functools.cached_property
    def serving(self) -> set[str]:
        """The files that say by their text or name that they answer requests."""
        found = {path for path in self._texts.paths if _ROUTE.search(path)} | self._texts.words.beginning(_PREFIX)
        for sign in _SERVES:
            found |= self.by(sign, set(self._texts.paths) - found)
        return found
