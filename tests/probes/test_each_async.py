"""An async callback whose promises an array's method drops is told where something below needs its work, or a request ends with it."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.probes.each_async import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, knowledge.load([knowledge.shipped()]))
EXPRESS = "import express from 'express';\nconst app = express();\n"


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("async function all(rows) {\n  const out = [];\n  rows.forEach(async (r) => { out.push(await ask(r)); });\n  return out;\n}", "promises"),
        ("async function all(rows) {\n  let n = 0;\n  rows.map(async (r) => { await ask(r); n += 1; });\n  return n;\n}", "promises"),
        ("async function main(rows) {\n  rows.forEach(async (r) => { await ask(r); });\n  process.exit(0);\n}", "promises"),
        ("async function some(rows) {\n  return rows.filter(async (r) => await ask(r));\n}", "judgement"),
        (EXPRESS + "app.post('/a', (req, res) => {\n  req.body.forEach(async (r) => { await ask(r); });\n  res.end();\n});", "promise"),
    ],
)
def test_a_dropped_promise_is_told_by_what_needs_it(tmp_path, source, form) -> None:
    assert [item.fact.form for item in look(tmp_path, {"a.js": source})] == [form]


@pytest.mark.parametrize(
    "source",
    [
        "async function all(rows) {\n  const out = [];\n  rows.forEach(async (r) => { out.push(ask(r)); });\n  return out;\n}",
        "async function all(rows) {\n  const jobs = rows.map(async (r) => { await ask(r); });\n  await Promise.all(jobs);\n}",
        "async function all(rows) {\n  rows.forEach(async (r) => { await ask(r); });\n}",
        "async function all(rows) {\n  const out = [];\n  rows.forEach((r) => { out.push(r); });\n  return out;\n}",
    ],
)
def test_what_is_awaited_or_needed_by_nobody_is_left_alone(tmp_path, source) -> None:
    assert list(look(tmp_path, {"a.js": source})) == []
