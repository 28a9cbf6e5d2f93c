"""How are evidence and looks written into a capture, with nothing in them that tells whose system it is?"""

from __future__ import annotations

import re
from typing import Any

from callcheck.model.captured import MOST_TEXT
from callcheck.model.evidence import Evidence, Looked
from callcheck.model.fact import Value
from callcheck.model.ignore import Ignore
from callcheck.model.left_out import LeftOut
from callcheck.model.printable import clean
from callcheck.model.pseudonyms import Pseudonyms
from callcheck.model.words import Basis

_HOSTS = ("server.address", "callcheck.address.instead", "callcheck.peer.address")


def uncut(text: str) -> str:
    """Without the word in which the text was cut off: half a name is not known as one."""
    return re.sub(r"\S{1,200}…$", "…", text) if text.endswith("…") else text


class Rows:
    """Turns the nouns of a report into plain values; texts are cleaned first, and then given their pseudonyms."""

    def __init__(self, names: Pseudonyms) -> None:
        self.names = names
        self._texts: dict[tuple[str, bool], str] = {}

    def text(self, text: str, log: bool = False) -> str:
        """As it may be shown to strangers; `log` is whether it comes from a run and not from files that were written."""
        held = self._texts.get((text, log))
        if held is None:
            held = self._texts[text, log] = (self.names.log if log else self.names.code)(uncut(clean(text, MOST_TEXT)))
        return held

    def forget(self) -> None:
        """What was written so far is written anew, now that all names are known."""
        self._texts.clear()

    def evidence(self, item: Evidence, because: list[int], column: int | None) -> dict[str, Any]:
        """One line of `evidence.jsonl`; what is empty is left out."""
        log = item.basis is Basis.OBSERVED
        where, printed = item.where, item.printed
        row = {
            "kind": item.fact.kind,
            "basis": str(item.basis),
            "probe": item.probe,
            "file": self.text(where.path) if where else "",
            "line": where.line if where else None,
            "column": column,
            "end_line": where.end_line if where else None,
            "service": self.text(item.service),
            "label": self.text(item.label, log),
            "excerpt": self.text(item.excerpt, log),
            "attributes": {name: self._value(name, held, log) for name, held in item.fact.attributes().items()},
            "printed_by": {"file": self.text(printed.path), "line": printed.line} if printed else None,
            "because": because,
        }
        return {name: held for name, held in row.items() if held not in ("", None, [])}

    def _value(self, name: str, held: Value, log: bool) -> Value:
        if isinstance(held, str):
            return self.names.host(clean(str(held), MOST_TEXT)) if name in _HOSTS else self.text(str(held), log)
        if isinstance(held, float) and (held != held or held in (float("inf"), float("-inf"))):
            return str(held)
        return held

    def look(self, look: Looked) -> dict[str, Any]:
        """One of `looks.json`."""
        return {
            "name": look.probe,
            "kinds": sorted(look.kinds),
            "outcome": str(look.outcome),
            "why": self.text(look.why),
            "lost": [{"what": self.text(lost.what), "why": self.text(lost.why)} for lost in look.lost],
            "joins": look.joins,
        }

    def ignore(self, ignore: Ignore) -> dict[str, Any]:
        """One comment of `context.json`."""
        return {
            "file": self.text(ignore.path),
            "line": ignore.line,
            "covers": list(ignore.covers),
            "causes": [clean(cause) for cause in ignore.causes],
            "reason": self.text(ignore.reason),
        }

    def left_out(self, left_out: LeftOut) -> dict[str, Any]:
        """What no probe was shown, as in `context.json`."""
        return {
            "reason": left_out.reason,
            "why": left_out.why,
            "files": left_out.files,
            "folders": left_out.folders,
            "functions": left_out.functions,
            "names": [self.text(name) for name in left_out.names],
            "expected": left_out.expected,
        }
