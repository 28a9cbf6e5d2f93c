"""The key under which a queue keeps its waiting work is read, with its prefix wherever that is set."""

from __future__ import annotations

import pytest

from callcheck.model.target import Target
from callcheck.probes.queues import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

IMPORT = 'import { Queue } from "bullmq";\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('new Queue("mail")', "bull:mail:wait"),
        ('new Queue("mail", { prefix: "shop" })', "shop:mail:wait"),
        ('const shared = { prefix: process.env.P ?? "shop" };\nconst options = { ...shared, x: 1 };\nnew Queue("mail", options)', "shop:mail:wait"),
        ("new Queue(process.argv[2])", "bull:*:wait"),
    ],
    ids=["default", "literal", "spread", "computed"],
)  # fmt: skip
def test_the_key_of_a_queue(tmp_path, text, key) -> None:
    (tmp_path / "a.ts").write_text(IMPORT + text)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.key for item in PROBE.look(eyes.target, eyes)] == [key]
