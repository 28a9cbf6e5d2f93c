"""Are documents read with their lines, and does no input hurt?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcheck.model.errors import Malformed
from callcheck.sources.documents import line_at, load, load_all


def test_yaml_keys_and_items_know_their_lines() -> None:
    document = load("a: 1\nb:\n  - x\n  - y: 2\n", "f.yaml")
    assert document == {"a": 1, "b": ["x", {"y": 2}]}
    assert document.lines == {"a": 1, "b": 2}
    assert document["b"].lines == [3, 4]
    assert line_at(document, "b", 1, "y") == 4


def test_a_missing_key_gives_the_line_of_the_nearest_part_above() -> None:
    assert line_at(load("a:\n  b: 1\n", "f.yaml"), "a", "nope", "deeper") == 1


def test_yaml_on_stays_a_name_and_a_string() -> None:
    assert load("on: push\nswitch: on\nyes: no\n", "f.yml") == {"on": "push", "switch": "on", "yes": "no"}


def test_custom_tags_leave_their_plain_values() -> None:
    assert load("a: !Ref Table\nb: !Sub ['x', {y: 1}]\n", "t.yaml") == {"a": "Table", "b": ["x", {"y": 1}]}


def test_merge_keys_are_merged_and_own_keys_win() -> None:
    assert load("x: &e {a: 1, b: 1}\ny:\n  <<: *e\n  b: 2\n", "c.yml")["y"] == {"a": 1, "b": 2}


def test_the_last_of_two_equal_keys_wins() -> None:
    assert load("a: 1\na: 2\n", "c.yml") == {"a": 2}
    assert load('{"a": 1, "a": 2}', "c.json") == {"a": 2}


def test_several_yaml_documents_are_all_given() -> None:
    assert load_all("a: 1\n---\nb: 2\n", "c.yml") == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[" * 100_000, "f.yaml"),
        ("- " * 100_000, "f.yaml"),
        ("? " * 100_000, "f.yaml"),
        ("{a: " * 100_000, "f.yaml"),
        ("[" * 100_000, "f.json"),
        ('{"a":' * 100_000, "f.json"),
        ("a = " + "[" * 100_000, "f.toml"),
        ("x" * 1_000_001, "f.yaml"),
        ("a: &a [*a]", "f.yaml"),
        ("replicas: {{ .Values.replicas }}", "f.yaml"),
        ("{{- if .x }}\na: 1\n{{- end }}", "f.yaml"),
        ("a: [1, 2", "f.yaml"),
        ("\0", "f.yaml"),
        ("{", "f.json"),
        ("", "f.json"),
        ("a = = 1", "f.toml"),
    ],
)
def test_bad_input_is_malformed_and_never_ends_the_process(text: str, name: str) -> None:
    with pytest.raises(Malformed):
        load(text, name)


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for before, here in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{here}: &{here} [{','.join([f'*{before}'] * 9)}]\n"
    with pytest.raises(Malformed, match="aliases"):
        load(bomb, "f.yaml")


def test_json_with_comments_and_trailing_commas_is_read() -> None:
    document = load('// top\n{"a": [1, 2,], /* b */\n "b": "x//y",}', "tsconfig.json")
    assert document == {"a": [1, 2], "b": "x//y"}
    assert document.lines == {"a": 2, "b": 3}


def test_toml_knows_the_lines_of_tables_and_arrays_of_tables() -> None:
    document = load('[a]\nx = 1\n[[b.c]]\ny = 2\n[[b.c]]\nz = """\nx = 5\n"""\nw = 3\n', "f.toml")
    assert document["b"]["c"].lines == [3, 5]
    assert document["b"]["c"][1].lines == {"z": 6, "w": 9}
    assert document["a"].lines["x"] == 2


def test_ini_sections_continue_over_indented_lines_and_lose_comments() -> None:
    document = load("[program:web]\ncommand=gunicorn \\\n  -w 4\nnumprocs=2 ; two\nflag\n", "s.conf")
    assert document == {"program:web": {"command": "gunicorn -w 4", "numprocs": "2", "flag": ""}}
    assert document["program:web"].lines == {"command": 2, "numprocs": 4, "flag": 5}


@given(st.text(max_size=200), st.sampled_from(["f.yaml", "f.json", "f.toml", "f.ini"]))
def test_any_text_is_read_or_malformed(text: str, name: str) -> None:
    try:
        load_all(text, name)
    except Malformed as error:
        assert error.message
