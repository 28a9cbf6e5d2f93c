"""An async callback whose promises an array's method drops is told where something below needs its work, or a request ends with it."""

from __future__ import annotations

import pytest

from callcheck.probes.each_async import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
EXPRESS = "import express from 'express';\nconst app = express();\n"


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("async function all(rows) {\n  const out = [];\n  rows.forEach(async (r) => { out.push(await ask(r)); });\n  return out;\n}", "promises"),
        ("async function all(rows) {\n  let n = 0;\n  rows.map(async (r) => { await ask(r); n += 1; });\n  return n;\n}", "promises"),
        ("async function main(rows) {\n  rows.forEach(async (r) => { await ask(r); });\n  process.exit(0);\n}", "promises"),
        ("async function some(rows) {\n  return rows.filter(async (r) => await ask(r));\n}", "judgement"),
        (EXPRESS + "app.post('/a', (req, res) => {\n  req.body.forEach(async (r) => { await ask(r); });\n  res.end();\n});", "promise"),
        ("import { Worker } from 'bullmq';\nnew Worker('q', async (job) => { job.data.rows.forEach(async (r) => { await ask(r); }); }, {});", "promises"),
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


@pytest.mark.parametrize(
    "loop",
    [
        "import _ from 'lodash';\n_.forEach(rows, async (r) => { await ask(r); });",
        "import { each } from 'underscore';\neach(rows, async (r) => { await ask(r); });",
        "import * as R from 'ramda';\nR.forEach(async (r) => { await ask(r); }, rows);",
        "import forOwn from 'lodash/forOwn.js';\nforOwn(rows, async (r) => { await ask(r); });",
        "import _ from 'lodash';\n_(rows).each(async (r) => { await ask(r); });",
        "import { load } from 'cheerio';\nconst $ = load(html);\n$('tr').slice(1).each(async (i, r) => { await ask(r); });",
    ],
)
def test_the_functions_of_libraries_drop_promises_as_the_methods_do(tmp_path, loop) -> None:
    assert [item.fact.form for item in look(tmp_path, {"a.mjs": f"{loop}\nprocess.exit(0);"})] == ["promises"]


@pytest.mark.parametrize("end", ["main().then(() => process.exit(0));", "main().catch(warn).finally(() => pool.end());", "async function run() { await main(); }\nawait run();\nprocess.exit(0);"])
def test_an_end_further_up_or_in_a_chain_counts(tmp_path, end) -> None:
    source = "async function main() {\n  rows.forEach(async (r) => { await ask(r); });\n}\n"
    assert [item.fact.form for item in look(tmp_path, {"a.mjs": source + end})] == ["promises"]


@pytest.mark.parametrize(
    "loop",
    [
        "import async from 'async';\nasync.each(rows, async (r) => { await ask(r); });",
        "import Promise from 'bluebird';\nPromise.resolve(rows).each(async (r) => { await ask(r); });",
        "import _ from 'lodash';\nawait Promise.all(_.map(rows, async (r) => { await ask(r); }));",
        "async function main() { rows.forEach(async (r) => { await ask(r); }); }\nasync function start() { await main(); }\nawait start();\nawait told('SIGTERM');\nprocess.exit(0);",
        "main().then(() => beat(async () => { process.exit(1); }));\nasync function main() { rows.forEach(async (r) => { await ask(r); }); }",
    ],
)
def test_a_loop_that_waits_or_an_end_that_comes_for_another_reason_is_left_alone(tmp_path, loop) -> None:
    end = "" if "main" in loop else "\nprocess.exit(0);"
    assert list(look(tmp_path, {"a.mjs": loop + end})) == []
