from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest

from callcheck.model.recorded import Place
from callcheck.model.target import Target
from callcheck.sources.recording.recorded import Recorded
from callcheck.sources.recording.source_maps import map_of
from callcheck.sources.walk import survey
from tests.tools import node

SOURCE = """\
interface Outcome { id: string }

const bus: import("node:events").EventEmitter = make();
export function start(id: string): void {
  bus.once(`done:${id}`, (outcome: Outcome) => {
    console.log(outcome.id);
  });
}
export const finish = (id: string): boolean => bus.emit(`done:${id}`, { id } satisfies Outcome);
declare function make(): import("node:events").EventEmitter;
"""


@pytest.fixture(scope="module")
def esbuild() -> str:
    if why := node.missing():
        pytest.skip(why)
    return node.program("esbuild")


def position(text: str, wanted: str) -> tuple[int, int]:
    at = text.index(wanted)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@pytest.mark.parametrize("options", [("--sourcemap",), ("--sourcemap=inline",), ("--sourcemap", "--minify"), ("--sourcemap", "--bundle", "--platform=node", "--format=esm")])
def test_built_lines_lead_to_the_written_ones(esbuild: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    source = tmp_path / "src" / "server.ts"
    source.parent.mkdir()
    source.write_text(SOURCE)
    built = tmp_path / "dist" / "server.js"
    subprocess.run([esbuild, str(source), f"--outfile={built}", *options], check=True, capture_output=True)
    line, column = position(built.read_text(), ".emit(")
    recorded = Recorded(Target(tmp_path, folders=(tmp_path,)), survey(Target(tmp_path, folders=(tmp_path,))))
    where = recorded.location(Place(str(built), line, "finish", column + 1))
    assert (where.path, where.line) == ("src/server.ts", 9)
    assert "bus.emit" in recorded.excerpt(Place(str(built), line, "finish", column + 1))


def test_an_index_map_is_read_section_by_section(tmp_path: Path) -> None:
    one = {"version": 3, "sources": ["a.ts"], "mappings": "AAAA;AACA"}
    two = {"version": 3, "sources": ["b.ts"], "mappings": "AAEA"}
    index = {"version": 3, "sections": [{"offset": {"line": 0, "column": 0}, "map": one}, {"offset": {"line": 7, "column": 0}, "map": two}]}
    (tmp_path / "x.js").write_text("//# sourceMappingURL=x.js.map\n")
    (tmp_path / "x.js.map").write_text(json.dumps(index))
    known = map_of(str(tmp_path / "x.js"))
    assert known is not None
    found = [known.original(line, 1) for line in (1, 2, 8)]
    assert [(Path(each.path).name, each.line) for each in found if each] == [("a.ts", 1), ("a.ts", 2), ("b.ts", 3)]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"mappings": 7, "sources": 3}', '{"version":3,"sources":["a"],"mappings":"!!"}', '{"sections":[7]}', '{"sections":[{"offset":{"line":"x"},"map":{}}]}'])
def test_a_broken_map_is_no_map(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.js").write_text("x()\n//# sourceMappingURL=x.js.map\n")
    (tmp_path / "x.js.map").write_text(text)
    known = map_of(str(tmp_path / "x.js"))
    assert known is None or known.original(1, 1) is None


def test_no_map_outside_of_the_built_folder_is_opened(tmp_path: Path) -> None:
    secret = {"version": 3, "sources": ["a.ts"], "mappings": "AAAA"}
    (tmp_path / "other.map").write_text(json.dumps(secret))
    built = tmp_path / "dist" / "x.js"
    built.parent.mkdir()
    built.write_text("x()\n//# sourceMappingURL=../other.map\n")
    assert map_of(str(built)) is None
    built.write_text("x()\n//# sourceMappingURL=data:application/json;base64," + base64.b64encode(json.dumps(secret).encode()).decode() + "\n")
    map_of.cache_clear()
    assert map_of(str(built)) is not None
