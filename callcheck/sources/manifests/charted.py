"""What does a Helm chart come to, rendered by `helm template` in a copy, and which line of which template or values file says what?

    # Source: web/templates/deployment.yaml
    kind: Deployment
    spec:
      replicas: 3 #cc@0:8

In a second copy each plain line of a template ends in a comment with its number. Where both copies say the same, the comments tell the lines.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources import documents
from callcheck.sources.documents import Rows, Table, line_at, tables
from callcheck.sources.files import File
from callcheck.sources.manifests.builds import Built
from callcheck.sources.manifests.helm import Values, render
from callcheck.sources.manifests.manifest import Manifest, name_of
from callcheck.sources.manifests.relined import Places

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_KEY = pattern(r"[ ]{0,60}(?:- ){0,3}(?:[\w./-]{1,100}|\"[\w./-]{1,100}\"):(?:[ ]\S[^#]{0,400})?$")
_ITEM = pattern(r"[ ]{0,60}- [^#{}:]{1,300}$")
_BLOCK = pattern(r"[:-][ ]{1,4}[|>][+-]?\d?[ ]{0,4}$")
_MARK = pattern(r" #cc@(\d{1,5}):(\d{1,6})$")
_SOURCE = pattern(r"^# Source: (\S{1,500})$")
_MOST_FILES = 300
Run = Callable[..., str]


@dataclass(slots=True)
class _Chart:
    """A chart's folder in the target, its name, its templates in the order of the marks, and what stands where in its values."""

    folder: str
    name: str
    values: Values
    templates: list[File]
    texts: dict[str, str]
    said: dict[str, tuple[Table | Rows, File]] = field(default_factory=dict)
    sources: dict[str, dict[int, tuple[File, int]]] = field(default_factory=dict)

    def place(self, number: int, line: int) -> tuple[File, int]:
        """Where a person would change a line of a template: in the values, if that is where it has its value from."""
        file = self.templates[number]
        if file.name not in self.sources:
            self.sources[file.name] = render(self.texts[file.name], self.values, "release").sources
        return self.sources[file.name].get(line, (file, line))


def chart(eyes: Eyes, folder: str, values: Values, run: Run) -> Built:
    """The objects of a chart. Raises NotFound if there is no helm, and SourceError if it fails."""
    below = folder + "/" if folder else ""
    description = eyes.tree.get(below + "Chart.yaml")
    files = [file for file in eyes.tree.files if file.name.startswith(below)]
    document = eyes.document(description) if description else None
    if not isinstance(document, Table) or len(files) > _MOST_FILES:
        return Built()
    templates = [file for file in files if "/templates/" in f"/{file.name}" and file.suffix in (".yaml", ".yml", ".tpl")]
    found = _Chart(folder, str(document.get("name", "")), values, templates, {file.name: eyes.text(file) for file in templates})
    made = {f"v{number}.json": json.dumps(layer, default=str).encode() for number, (layer, _) in enumerate(values.layers)}
    command = ("helm", "template", folder.rsplit("/", 1)[-1] or "release", f"t/{folder}", *(word for name in made for word in ("-f", name)))
    made |= _described(eyes, document, below)
    plain = _parts(run(files, made, command))
    numbered = {f"t/{file.name}": _marked(found.texts[file.name], number).encode() for number, file in enumerate(templates)}
    marked = _parts(_or_nothing(run, files, made | numbered, command))
    for layer, file in values.layers:
        _remember(layer, file, found.said)
    marks = marked if len(marked) == len(plain) else [("", [], "")] * len(plain)
    objects = [item for told, mark in zip(plain, marks, strict=True) for item in _objects(found, told, mark)]
    return Built(objects, {file.name for file in templates})


def _or_nothing(run: Run, *given: Any) -> str:
    try:
        return run(*given)
    except SourceError:
        return ""


def _described(eyes: Eyes, document: Table, below: str) -> dict[str, bytes]:
    """The chart's description without those of its dependencies that are not there, and the charts that lie beside it."""
    made: dict[str, bytes] = {}
    kept = []
    for each in tables(document.get("dependencies")):
        name, repository = str(each.get("name", "")), str(each.get("repository", ""))
        held = any(file.name.startswith((f"{below}charts/{name}/", f"{below}charts/{name}-")) for file in eyes.tree.files)
        if not held and repository.startswith("file://"):
            there = posixpath.normpath(posixpath.join(below, repository.removeprefix("file://"))) + "/"
            beside = [file for file in eyes.tree.files if file.name.startswith(there)][:_MOST_FILES]
            made |= {f"t/{below}charts/{name}/{file.name[len(there) :]}": eyes.text(file).encode() for file in beside}
            held = bool(beside)
        kept += [each] if held else []
    told = dict(document) | ({"dependencies": kept} if "dependencies" in document else {})
    return made | {f"t/{below}Chart.yaml": json.dumps(told, default=str).encode()}


def _marked(text: str, number: int) -> str:
    """The template with a comment at the end of each line that is plainly a key or an item, outside of blocks of text."""
    lines = []
    block = -1
    for count, line in enumerate(text.split("\n"), 1):
        indent = len(line) - len(line.lstrip(" "))
        if block >= 0 and line.strip() and indent <= block:
            block = -1
        if block < 0 and _BLOCK.search(line):
            block = indent
        elif block < 0 and (_KEY.match(line) or _ITEM.match(line)) and not line.rstrip().endswith("-}}"):
            line = f"{line.rstrip()} #cc@{number}:{count}"
        lines.append(line)
    return "\n".join(lines)


_Part = tuple[str, list[Any], str]
"""The template that a document is made from, the document in a list, and its text."""


def _parts(text: str) -> list[_Part]:
    """Raises Malformed."""
    parts: list[_Part] = []
    for chunk in f"\n{text}".split("\n---\n"):
        source = next((found[1] for line in chunk.split("\n", 3)[:3] if (found := _SOURCE.match(line))), "")
        if source:
            parts.append((source, documents.load_all(chunk, "rendered.yaml"), chunk))
    return parts


def _objects(chart: _Chart, told: _Part, marked: _Part) -> Iterator[Manifest]:
    source, bodies, _ = told
    name = posixpath.join(chart.folder, source.partition("/")[2])
    file = next((file for file in chart.templates if file.name == name), None)
    if file is None:
        return
    lines = marked[2].split("\n") if marked[1] == bodies else []
    for number, body in enumerate(bodies):
        if not isinstance(body, Table) or not isinstance(body.get("kind"), str):
            continue
        places = Places(file)
        lined = _lined(chart, marked[1][number] if lines else body, lines, places, 1)
        yield Manifest(body["kind"], name_of(body), lined, file, places.others, chart.folder or ".")


def _lined(chart: _Chart, value: Any, lines: list[str], places: Places, above: int) -> Any:
    """The value with the lines that its marks tell; what has none stands where the same is said in the values, else where its key stands."""
    if not isinstance(value, (Table, Rows)):
        return value
    said = chart.said.get(_frozen(value)) if value and not all(_mark(lines, line) for line in _lines_of(value)) else None

    def own(at: str | int) -> int:
        if said:
            return places.at(said[1], line_at(said[0], at))
        mark = _mark(lines, line_at(value, at))
        return places.at(*chart.place(*mark)) if mark else above

    if isinstance(value, Table):
        table = Table(own(next(iter(value))) if value else above)
        for key, inner in value.items():
            table.put(key, _lined(chart, inner, lines, places, own(key)), own(key))
        return table
    rows = Rows(own(0) if value else above)
    for index, inner in enumerate(value):
        rows.put(_lined(chart, inner, lines, places, own(index)), own(index))
    return rows


def _lines_of(value: Table | Rows) -> list[int]:
    return list(value.lines.values()) if isinstance(value, Table) else value.lines


def _mark(lines: list[str], line: int) -> tuple[int, int] | None:
    found = _MARK.search(lines[line - 1]) if 0 < line <= len(lines) else None
    return (int(found[1]), int(found[2])) if found else None


def _frozen(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _remember(value: Any, file: File, said: dict[str, tuple[Table | Rows, File]]) -> None:
    """Every table and list of the values, by what it says; the last layer wins."""
    if isinstance(value, (Table, Rows)) and value:
        said[_frozen(value)] = value, file
        for inner in value.values() if isinstance(value, Table) else value:
            _remember(inner, file, said)
