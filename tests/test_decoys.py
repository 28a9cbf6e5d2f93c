"""The decoys have the texts of a trap's exclusions, as code that can be read, on other objects."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.spans import span
from tests.tools.decoys import decoys, text_for
from tests.tools.rewriting.source import Source
from tests.tools.shipped import shipped_knowledge

FRAMEWORK = Framework("ws", "ws", ("javascript",), ("ws",), {}, {}, ())
FILES = {"sample.ts": "import { WebSocket } from 'ws';\nconst socket = new WebSocket(url);\n"}


@pytest.mark.parametrize("wanted", [r"\.on\(\s*['\"]error['\"]", r"x-death|x-retr", r"(?:get|post)\([^)]*\)", r"return\s+true\b", r"(?=[\s\S]*close)a", r"(['\"])ready\1", r"^\s+\w+;$"])
def test_a_text_is_made_that_the_pattern_finds(wanted: str) -> None:
    text = text_for(wanted)
    assert text is not None
    assert span(wanted).found(text)


def test_each_exclusion_gets_its_neighbours() -> None:
    trap = Idiom("trap", calls=("ws.WebSocket",), without=("~close|terminate", r"/\.on\(\s*'error'", "=retry", "=heartbeat|other"), where={"file-lacks": "ping", "around-lacks": "once"})
    made = [(each.exclusion, each.kind) for each in decoys(FRAMEWORK, trap, FILES, line=2)]
    assert ("~close|terminate", "called in another file") in made
    assert ("~close|terminate", "called in the same file") in made
    assert (r"/\.on\(\s*'error'", "said in another file") in made
    assert (r"/\.on\(\s*'error'", "called in another file") in made
    assert ("=retry", "said in another file") in made
    assert ("file-lacks: ping", "said in the same file") in made
    assert ("around-lacks: once", "said in the same function") in made


def test_what_names_the_call_itself_has_no_decoy() -> None:
    trap = Idiom("trap", calls=("ws.WebSocket",), without=("/{made}\\.close", "&replicas: 1"))
    assert not list(decoys(FRAMEWORK, trap, FILES))


def test_what_is_made_can_be_read() -> None:
    traps = [(f, i) for f in shipped_knowledge().frameworks if f.name in ("ws", "nats-js", "paho") for i in f.idioms if i.does == "trap"]
    for framework, trap in traps:
        for made in decoys(framework, trap, {"sample.py" if "python" in framework.languages else "sample.ts": ""}):
            assert not any(Source(path, text.encode()).root.has_error for path, text in made.files.items()), made
