"""What an expression of HCL holds, as far as it is written out."""

from __future__ import annotations

import pytest

from callcheck.sources.documents.hcl_values import hcl_value
from callcheck.sources.documents.read_hcl import read_hcl

KNOWN = {"var.a": "one", "local.more": hcl_value('[{ x = "y" }]', 1), "local.env": hcl_value('{ A = "1", B = "2" }', 1)}
VALUES = {
    '"a-${var.a}"': "a-one",
    '"${var.a}"': "one",
    '"${aws_x.y.z}:latest"': "${aws_x.y.z}:latest",
    "[1, -2, 0.5, true, null]": [1, -2, 0.5, True, None],
    'jsonencode({ "k" : "v", l = ["a", # why\n "b",\n] })': {"k": "v", "l": ["a", "b"]},
    'concat(local.more, [{ x = "z" }])': [{"x": "y"}, {"x": "z"}],
    'concat(var.unknown, ["a"])': [None, "a"],
    'merge(local.env, { B = "3" })': {"A": "1", "B": "3"},
    'merge(var.unknown, { B = "3" })': {"*": None, "B": "3"},
    "[for name, value in local.env : { name = name, value = value }]": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
    "{ for name, value in local.env : name => value }": {"A": "1", "B": "2"},
    'var.prod ? "a" : "b"': None,
    "[1 + 2, 3]": [None, 3],
    "{ a = max(1, 2), b = 3 }": {"a": None, "b": 3},
    "[for x in var.unknown : x]": None,
    '[for x in local.more : x if x != ""]': [None],
    "{": {},
    "[[[": [[[]]],
}


@pytest.mark.parametrize("text", VALUES)
def test_an_expression_is_read_as_far_as_it_is_known(text: str) -> None:
    assert hcl_value(text, 1, KNOWN.get) == VALUES[text]


def test_a_value_goes_on_to_its_last_bracket_and_its_parts_know_their_lines() -> None:
    block = read_hcl('resource "x" "y" {\n  a = jsonencode([{\n    b = "1" }, # c {\n    { b = "[" }])\n  d = 2\n}\n').blocks[0]
    assert list(block.keys) == ["a", "d"]
    assert [row.line for row in hcl_value(*block.keys["a"])] == [2, 4]


def test_a_text_that_is_json_is_one_value() -> None:
    block = read_hcl('resource "x" "y" {\n  a = <<EOF\n  [{"b": 1}]\nEOF\n  d = 2\n}\n').blocks[0]
    assert list(block.keys) == ["a", "d"]
    assert block.keys["a"][0].strip() == '[{"b": 1}]'
