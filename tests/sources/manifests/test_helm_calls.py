"""The words of a command that a chart makes by calling functions, and the values of several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.sources import documents
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.manifests.helm import Values, render

PLAIN = """worker:
  queues: [default, mail, scan]
  env: {LOG: info, OLD: "1"}
  count: 1
image: {name: press, tag: 3}
lazy: true
"""
PROD = """worker:
  queues: [mail, scan]
  env: {LOG: warn, OLD: null, REGION: eu}
"""


def _layer(text: str, name: str) -> tuple[Table, File]:
    document = documents.load_all(text, name)[0]
    assert isinstance(document, Table)
    return document, File(Path(name), name, 0)


def _values() -> Values:
    return Values([_layer(PLAIN, "values.yaml"), _layer(PROD, "values-prod.yaml")])


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('- {{ join "," .Values.worker.queues | quote }}', '- "mail,scan"'),
        ('- --queues={{ .Values.worker.queues | join "," }}', "- --queues=mail,scan"),
        ('image: {{ printf "%s:%v" .Values.image.name .Values.image.tag | quote }}', "image: press:3"),
        ('image: {{ printf "%s-%s" .Release.Name "web" }}', "image: release-web"),
        ('host: {{ required "say where" .Values.image.name }}', "host: press"),
        ('host: {{ required "say where" .Values.nowhere }}', ""),
        ('mode: {{ ternary "slow" "fast" .Values.lazy }}', "mode: slow"),
        ('- rq {{ .Values.worker.queues | join " " }}', "- rq mail scan"),
        ('first: {{ .Values.worker.queues | first | upper }}', "first: MAIL"),
        ('name: {{ replace "p" "d" .Values.image.name }}', "name: dress"),
        ("count: {{ .Values.worker.count }}", "count: 1"),
        ("env: {{ toYaml .Values.worker.env }}", 'env:  {"LOG": "warn", "REGION": "eu"}'),
        ('{{ join "," .Values.worker.env }}', ""),
        ('image: {{ printf "%s:%s" .Values.image.name }}', ""),
        ('x: {{ index .Values.worker.queues 0 }}', ""),
    ],
)
def test_a_call_is_filled_in_and_later_files_replace_lists_and_lie_over_tables(template: str, expected: str) -> None:
    assert render(template, _values(), "release").text == expected


def test_the_place_of_a_joined_list_is_in_the_file_that_has_the_last_word() -> None:
    made = render('- {{ join "," .Values.worker.queues }}', _values(), "release")
    assert [(file.name, line) for file, line in made.sources.values()] == [("values-prod.yaml", 2)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('command:\n- -Q\n- {{ include "press.queues" . }}', "command:\n- -Q\n- $(helm)"),
        ('args: [worker, "-Q", "{{ tpl .Values.x . }}"]', 'args: [worker, "-Q", "$(helm)"]'),
        ("args:\n- |\n  celery worker -Q {{ index .Values.x 0 }}", "args:\n- |\n  celery worker -Q $(helm)"),
        ('command:\n- sleep\nimagePullSecrets:\n- {{ include "press.secret" . }}', "command:\n- sleep\nimagePullSecrets:\n"),
        ("args: {{ toYaml .Values.nothing }}", ""),
        ('command:\n{{ include "press.command" . | nindent 2 }}', "command:\n"),
        ('- {{ if .Values.none }}a{{ else }}b{{ end }}\nkind: x', "\nkind: x"),
    ],
)
def test_a_word_of_a_command_that_is_not_known_stays_one(template: str, expected: str) -> None:
    made = render(template, _values(), "release")
    assert made.text == expected
    assert made.left_out == 1
