"""Names that a library's object never emits are stated, with where they do exist; others are not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from callcheck.knowledge import events, shipped
from callcheck.model.errors import RuleError
from callcheck.model.events import HOOKS, Emitter
from callcheck.model.evidence import Evidence
from callcheck.model.facts.delivery import EventForeign
from callcheck.model.target import Target
from callcheck.probes.library_events import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

KNOWN = events.load([shipped()])
IDS = [f"{Path(each.origin).stem}-{number}" for number, each in enumerate(KNOWN)]
KNOWLEDGE = shipped_knowledge()


def _seen(folder: Path, files: dict[str, str]) -> list[tuple[EventForeign, Evidence]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    target = Target(folder, folders=(folder,))
    found = [item for item in PROBE.look(target, Eyes(target, KNOWLEDGE)) if isinstance(item, Evidence)]
    return [(item.fact, item) for item in found if isinstance(item.fact, EventForeign)]


def _files(emitter: Emitter, sample: str) -> dict[str, str]:
    """The sample, and the version that its first line names: `// redis 4.7.1`."""
    named = re.match(r"(?://|#) (\S+) (\d\S*)\n", sample)
    if emitter.language == "python":
        return {"sample.py": sample} | ({"requirements.txt": f"{named[1]}=={named[2]}"} if named else {})
    needs = {"package.json": json.dumps({"dependencies": {named[1]: named[2]} if named else {emitter.package: "*"}})} if named or emitter.form == HOOKS else {}
    parts = re.split(r"(?m)^// file: (\S+)\n", sample)
    return (dict(zip(parts[1::2], parts[2::2], strict=True)) or {"sample.ts": sample}) | needs


@pytest.mark.parametrize("emitter", KNOWN, ids=IDS)
def test_the_sample_of_every_table_is_found(tmp_path: Path, emitter: Emitter) -> None:
    found = [fact for fact, _ in _seen(tmp_path, _files(emitter, emitter.sample))]
    assert found, "every table carries a sample that listens to a name which is never emitted"
    assert {fact.object for fact in found} <= set(emitter.of)


@pytest.mark.parametrize("emitter", KNOWN, ids=IDS)
def test_the_counter_sample_of_every_table_is_left_alone(tmp_path: Path, emitter: Emitter) -> None:
    assert emitter.not_sample, "every table carries a sample in order"
    assert _seen(tmp_path, _files(emitter, emitter.not_sample)) == []


def test_no_name_stands_twice_for_one_version() -> None:
    for emitter in KNOWN:
        names = [name for each in emitter.emits if not each.versions for name in each.names]
        assert len(names) == len(set(names)), emitter.origin


def _hint(folder: Path, files: dict[str, str]) -> list[str]:
    return [fact.hint for fact, _ in _seen(folder, files)]


BULLMQ = "import { Queue } from 'bullmq';\nconst q = new Queue('mail');\n"


def test_another_object_that_emits_it_is_named(tmp_path: Path) -> None:
    assert _hint(tmp_path, {"a.ts": BULLMQ + "q.on('completed', f);"}) == ["bullmq.Worker and bullmq.QueueEvents emits it"]


def test_a_slip_is_named(tmp_path: Path) -> None:
    assert _hint(tmp_path, {"a.ts": BULLMQ + "q.on('wating', f);"}) == ["its name is waiting"]


def test_the_version_stands_beside_it_as_evidence(tmp_path: Path) -> None:
    files = {"a.ts": "import { createClient } from 'redis';\nconst c = createClient();\nc.on('message', f);\n", "package.json": '{\n "dependencies": {\n  "redis": "^4.6.0"\n }\n}'}
    [(fact, item)] = _seen(tmp_path, files)
    assert (fact.version, fact.hint.split(";")[0]) == ("4.6.0", "redis has it in <4 only")
    assert [str(each.where) for each in item.flat()] == ["a.ts:3", "package.json:3"]


@pytest.mark.parametrize("spec", ["", ">=3.0.0", "*"])
def test_a_name_that_some_version_has_is_no_matter_while_the_version_is_unknown(tmp_path: Path, spec: str) -> None:
    files = {"a.ts": "import { createClient } from 'redis';\nconst c = createClient();\nc.on('message', f);\nc.on('mesage', g);\n"}
    if spec:
        files["package.json"] = json.dumps({"dependencies": {"redis": spec}})
    assert [fact.event for fact, _ in _seen(tmp_path, files)] == ["mesage"]


def test_what_the_program_emits_itself_is_no_matter(tmp_path: Path) -> None:
    assert _seen(tmp_path, {"a.ts": BULLMQ + "q.on('sent', f);", "b.ts": "export const tell = (q) => q.emit('sent');\n"}) == []


def test_what_a_server_emits_to_its_clients_is_not_heard_by_itself(tmp_path: Path) -> None:
    ((fact, _),) = _seen(tmp_path, {"a.js": "const { Server } = require('socket.io');\nconst io = new Server(3000);\nio.on('say', (text) => io.emit('say', text));"})
    assert fact.event == "say"


def test_a_class_of_the_programs_own_may_emit_anything(tmp_path: Path) -> None:
    files = {"a.ts": "import { Queue } from 'bullmq';\nclass Mail extends Queue {}\nconst q = new Mail('m');\nq.on('sent', f);\n"}
    assert _seen(tmp_path, files) == []


def test_a_name_held_in_a_constant_of_the_project_is_read(tmp_path: Path) -> None:
    files = {"a.ts": BULLMQ + "import { DONE } from './names';\nq.on(DONE, f);", "names.ts": "export const DONE = 'completed';\n"}
    assert [fact.event for fact, _ in _seen(tmp_path, files)] == ["completed"]


@pytest.mark.parametrize(("old", "new"), [("emits:", "emit:"), ('versions: "<4"', 'versions: "^4"'), ("form: listener", "form: other"), ("judge: all", "judge: some")])
def test_a_table_that_is_none_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = 'package: x\nlanguage: javascript\nobjects:\n  - of: [x.X]\n    form: listener\n    judge: all\n    emits:\n      - {names: [a], versions: "<4"}\n'
    path = tmp_path / "x.yaml"
    path.write_text(text)
    assert events.read(path)[0].has("a", "3.1")
    path.write_text(text.replace(old, new))
    with pytest.raises(RuleError, match="no table of events"):
        events.read(path)
