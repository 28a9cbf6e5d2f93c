"""The events of genuinely published packages, read from their own type declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.delivery import EventForeign
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.target import Target
from callcheck.probes import library_events, payloads
from callcheck.sources import Eyes
from callcheck.sources.packages.installed_events import split
from callcheck.sources.packages.typings import emits_literally, read_package
from tests.tools.packed import unpack
from tests.tools.shipped import shipped_knowledge

MAPPED = """\
import { EventEmitter } from 'events';
/** on(event: 'not-this') */
interface Base { 'conn:closed': () => void }
export interface JobEvents<T = any> extends Base {
  done: (args: { id: string; result?: { deep: string } }, at: number) => void;
  failed(error: Error): void;
}
export declare class Jobs<T = any> extends EventEmitter {
  on<U extends keyof JobEvents<T>>(event: U, listener: JobEvents<T>[U]): this;
}
export declare class Later extends Jobs { stop(): void; }
type State = 'open' | 'closed';
export declare class Door {
  on(event: State, f: () => void): this;
  on(event: "knock", f: (who: string) => void): this;
  on(event: string | symbol, f: (...args: any[]) => void): this;
}
export declare class Wire extends TypedEventEmitter<{ a: () => void }> {}
export declare class Bell extends TypedEventEmitter<Base> {}
export interface Far extends Elsewhere { x: () => void }
export declare class Star { on<E extends keyof Far>(event: E, f: Far[E]): this; }
"""


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))


def test_maps_overloads_aliases_and_bases_are_followed(tmp_path: Path) -> None:
    (tmp_path / "index.d.ts").write_text(MAPPED)
    found = read_package(tmp_path)
    told = {name: (sorted(each.names), each.closed) for name, each in found.items()}
    assert told == {
        "Jobs": (["conn:closed", "done", "failed"], True),
        "Later": (["conn:closed", "done", "failed"], True),
        "Door": (["closed", "knock", "open"], False),
        "Bell": (["conn:closed"], True),
    }
    assert found["Jobs"].fields == {"done": ("id", "result")}


@pytest.mark.parametrize("text", ["", "class X {", "interface A extends A { on(event: keyof A): this }", "type T = T; class C { on(event: T): void }", "class X { on<" * 200])
def test_damaged_or_circular_declarations_break_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.d.ts").write_text(text)
    read_package(tmp_path)


@pytest.mark.parametrize(
    ("package", "cls", "has", "lacks"),
    [
        ("bullmq@5.81.5", "Queue", {"waiting", "ioredis:close"}, {"completed"}),
        ("bullmq@5.81.5", "Worker", {"completed", "failed", "stalled"}, {"waiting"}),
        ("mqtt@5.10.1", "MqttClient", {"message", "packetsend"}, {"connected"}),
        ("discord.js@14.16.3", "Client", {"messageCreate", "ready"}, {"message", "clientReady"}),
        ("ioredis@5.6.1", "Redis", {"pmessage", "ready", "end"}, {"subscribe"}),
    ],
)
def test_a_published_package_tells_its_events(tmp_path: Path, package: str, cls: str, has: set[str], lacks: set[str]) -> None:
    found = read_package(unpack(package, tmp_path))[cls]
    assert has <= found.names
    assert not lacks & found.names


def test_what_a_program_of_a_package_emits_is_found(tmp_path: Path) -> None:
    folder = unpack("ws@8.18.0", tmp_path)
    assert emits_literally(folder, "unexpected-response")
    assert not emits_literally(folder, "unexpected")


def _foreign(folder: Path, probe=library_events.PROBE) -> list[EventForeign | PayloadMisread]:
    target = Target(folder, folders=(folder,))
    found = probe.look(target, Eyes(target, shipped_knowledge()))
    return [item.fact for item in found if isinstance(item, Evidence) and isinstance(item.fact, (EventForeign, PayloadMisread))]


@pytest.mark.usefixtures("fresh")
def test_an_installed_version_is_believed_and_stands_as_evidence(tmp_path: Path) -> None:
    unpack("bullmq@5.81.5", tmp_path)
    (tmp_path / "a.ts").write_text("import { Queue, Worker } from 'bullmq';\nnew Queue('m').on('completed', f);\nnew Worker('m', run).on('completed', f);\n")
    assert [(fact.event, fact.version) for fact in _foreign(tmp_path)] == [("completed", "5.81.5")]
    assert list((tmp_path / ".cache" / "callcheck").glob("events-*.pickle"))


@pytest.mark.usefixtures("fresh")
def test_a_package_without_a_table_of_ours_is_judged_on_slips_alone(tmp_path: Path) -> None:
    folder = tmp_path / "node_modules" / "jobs"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "jobs", "version": "2.0.0"}')
    (folder / "index.d.ts").write_text(MAPPED)
    (tmp_path / "a.ts").write_text("import { Jobs } from 'jobs';\nconst j = new Jobs();\nj.on('done', f);\nj.on('dones', f);\nj.on('painted', g);\n")
    assert [(fact.event, fact.hint) for fact in _foreign(tmp_path)] == [("dones", "its name is done")]


@pytest.mark.usefixtures("fresh")
def test_a_name_that_the_installed_package_emits_undeclared_is_no_matter(tmp_path: Path) -> None:
    folder = tmp_path / "node_modules" / "mqtt"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "mqtt", "version": "6.0.0"}')
    (tmp_path / "a.js").write_text("const mqtt = require('mqtt');\nconst c = mqtt.connect('mqtt://h');\nc.on('subscribed', f);\n")
    assert [fact.event for fact in _foreign(tmp_path)] == ["subscribed"]
    (folder / "index.js").write_text("client.emit('subscribed', topic)\n")
    assert _foreign(tmp_path) == []


@pytest.mark.usefixtures("fresh")
def test_a_handler_is_held_against_the_declared_payload(tmp_path: Path) -> None:
    unpack("bullmq@5.81.5", tmp_path)
    (tmp_path / "a.ts").write_text("import { Worker } from 'bullmq';\nconst w = new Worker('m', run);\nw.on('locksRenewed', ({ jobIds }) => log(jobIds));\nw.on('locksRenewed', (data) => log(data.ids));\n")
    [misread] = _foreign(tmp_path, payloads.PROBE)
    assert isinstance(misread, PayloadMisread)
    assert (misread.event, misread.field) == ("locksRenewed", "ids")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("bullmq.Queue", ("bullmq", "Queue")),
        ("@langchain/core/callbacks/base.Handler", ("@langchain/core", "Handler")),
        ("socket.io.Server", ("socket.io", "Server")),
        ("mqtt.connect", ("", "")),
        ("amqplib.connect().createChannel", ("", "")),
        ("Queue", ("", "")),
    ],
)
def test_a_qualified_name_is_split_into_package_and_class(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts
