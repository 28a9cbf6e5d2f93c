"""A stream that is left before its end is told by what waits for the end."""

from __future__ import annotations

import pytest

from callcheck.probes.left_early import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
AI = "import { streamText } from 'ai';\nasync function f() {\n  const r = streamText({ model, onFinish(x) { book(x); } });\n  let t = '';\n  for await (const d of r.textStream) { t += d; BODY }\n  AFTER\n  return t;\n}"
HEARD = "async function f(s) {\n  s.on('end', () => count());\n  for await (const c of s) { if (c.length > 9) break; }\n}"
MADE = "async function* all() {\n  TRY for (let n = 0; n < 9; n++) { yield await page(n); } END\n}\nasync function f() {\n  for await (const p of all()) { if (p.hit) return p; }\n}"


@pytest.mark.parametrize(
    "source",
    [
        AI.replace("BODY", "if (t.length > 80) break;").replace("AFTER", ""),
        AI.replace("BODY", "if (t.length > 80) return t;").replace("AFTER", ""),
        HEARD,
        MADE.replace("TRY", "").replace("END", "report();"),
    ],
)
def test_the_exit_is_told(tmp_path, source) -> None:
    assert [item.fact.form for item in look(tmp_path, {"a.js": source})] == ["rest"]


@pytest.mark.parametrize(
    "source",
    [
        AI.replace("BODY", "").replace("AFTER", ""),
        AI.replace("BODY", "if (t.length > 80) break;").replace("AFTER", "await r.consumeStream();"),
        AI.replace("BODY", "if (signal.aborted) break;").replace("AFTER", ""),
        AI.replace("BODY", "for (const w of t) { if (w) break; }").replace("AFTER", ""),
        HEARD.replace("'end'", "'close'"),
        MADE.replace("TRY", "try {").replace("END", "} finally { report(); }"),
    ],
)
def test_a_stream_that_is_read_to_its_end_or_given_up_is_left_alone(tmp_path, source) -> None:
    assert list(look(tmp_path, {"a.js": source})) == []
