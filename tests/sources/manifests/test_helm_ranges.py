"""Blocks of a Helm template are repeated over what the values, or the template itself, write out; each line keeps its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.sources import documents
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.manifests.helm import Values, render

VALUES = """units:
  web: {replicas: 2, port: 8000}
  jobs: {replicas: 1}
workers:
  - name: mail
    count: 3
  - name: scan
    count: 1
names: [a, b]
worker:
  replicas: 5
empty: {}
"""


def _file(name: str) -> File:
    return File(Path(name), name, 0)


def _values() -> Values:
    document = documents.load_all(VALUES, "values.yaml")[0]
    assert isinstance(document, Table)
    return Values([(document, _file("values.yaml"))])


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{{- range list "web" "jobs" }}\n- {{ . }}\n{{- end }}', "- web\n- jobs"),
        ('{{- range $n := list "web" "jobs" }}\n- app-{{ $n }}\n{{- end }}', "- app-web\n- app-jobs"),
        ("{{- range $n, $u := .Values.units }}\n- {{ $n }}={{ $u.replicas }}\n{{- end }}", "- web=2\n- jobs=1"),
        ("{{- range .Values.workers }}\n- {{ .name }}={{ .count | default 1 }}\n{{- end }}", "- mail=3\n- scan=1"),
        ("{{- range $w := .Values.workers }}\n- {{ $w.name }}\n{{- end }}", "- mail\n- scan"),
        ("{{- range .Values.names }}\n- {{ . | quote }}\n{{- end }}", "- a\n- b"),
        ('{{- range $n := list "web" "mail" }}\n{{- if eq $n "mail" }}\n- only\n{{- end }}\n- {{ $n }}\n{{- end }}', "- web\n- only\n- mail"),
        ("{{- range $n, $u := .Values.units }}\n{{- range $i := $.Values.names }}\n- {{ $n }}{{ $i }}\n{{- end }}\n{{- end }}", "- weba\n- webb\n- jobsa\n- jobsb"),
        ("{{- with .Values.worker }}\nreplicas: {{ .replicas }}\n{{- end }}", "replicas: 5"),
        ("{{- with .Values.none }}\nreplicas: {{ .replicas }}\n{{- end }}", ""),
        ("{{- $w := .Values.worker }}\nreplicas: {{ $w.replicas }}", "replicas: 5"),
        ("{{- range .Values.empty }}\n- {{ . }}\n{{- end }}\nkind: x", "kind: x"),
        ("{{- range until 3 }}\n- {{ . }}\n{{- end }}\nkind: x", "kind: x"),
    ],
)
def test_a_block_is_repeated_over_what_is_written_out(template: str, expected: str) -> None:
    made = render(template, _values(), "release", _file("t.yaml"))
    assert "\n".join(line for line in made.text.splitlines() if line.strip()) == expected


def test_a_repeated_line_is_shown_where_its_number_or_else_the_line_itself_is_written() -> None:
    template = "{{- range $n, $u := .Values.units }}\n---\nname: {{ $n }}\nreplicas: {{ $u.replicas }}\n{{- end }}"
    made = render(template, _values(), "release", _file("t.yaml"))
    lines = made.text.splitlines()
    places = {line: (file.name, at) for line, (file, at) in made.sources.items()}
    assert [places.get(number + 1, ("t.yaml", number + 1)) for number, line in enumerate(lines) if line.startswith("name")] == [("t.yaml", 3), ("t.yaml", 3)]
    assert [places[number + 1] for number, line in enumerate(lines) if line.startswith("replicas")] == [("values.yaml", 2), ("values.yaml", 3)]


def test_a_text_that_would_be_read_as_a_table_keeps_its_quotes() -> None:
    document = documents.load_all('prefix: "{jobs}"\n', "values.yaml")[0]
    assert isinstance(document, Table)
    made = render("value: {{ .Values.prefix | quote }}", Values([(document, _file("values.yaml"))]), "release", _file("t.yaml"))
    assert made.text == 'value: "{jobs}"'
