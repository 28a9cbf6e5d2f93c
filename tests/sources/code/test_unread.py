"""A stream is unread where its own scope attaches other listeners and asks it things, and read where data is listened for, or it comes into any other hand."""

from __future__ import annotations

import pytest

from callcheck.sources.code.unread import unread

HTTP = "import https from 'node:https';\nimport {once} from 'node:events';\n"


def said(code_of, body: str) -> list[bool]:
    code = code_of({"a.js": HTTP + body, "package.json": '{"type": "module"}'})
    ends = [use for use in code.idioms.of("trap") if use.idiom.where.get("unread") and use.framework.name == "node-http"]
    assert ends
    return [unread(code, use) for use in ends]


@pytest.mark.parametrize(
    "done",
    [
        "console.log(res.statusCode);",
        "console.log(res);",
        "res.on('error', fail);",
        "res.on('error', fail).once('close', fail);",
        "res.setEncoding('utf8');",
        "if (!res) return;",
        "if (res.statusCode > 299) res.destroy();",
        "const type = res.headers['content-type'];",
        "other.pipe(res);",
        "for (const each of [other, res]) each.on('error', fail);",
        "[other, res].forEach((each) => { each.on('error', fail); });",
    ],
)
def test_what_reads_nothing(code_of, done: str) -> None:
    assert said(code_of, f"https.get(u, (res) => {{ {done} res.on('end', f); }});") == [True]


@pytest.mark.parametrize(
    "done",
    [
        "res.on('data', add);",
        "res.on('error', fail).on('data', add);",
        "res.setEncoding('utf8').on('data', add);",
        "const text = res.setEncoding('utf8'); text.on('data', add);",
        "res.on('readable', () => { while (res.read() !== null); });",
        "res.resume();",
        "res.pipe(file);",
        "res.unknown();",
        "for (const name of ['data', 'close']) res.on(name, add);",
        "collect(res);",
        "collect({ res });",
        "collect([res]);",
        "for (const each of [other, res]) each.resume();",
        "[other, res].forEach((each) => collect(each));",
        "const it = res[Symbol.asyncIterator]();",
        "this.res = res;",
        "const kept = res;",
        "once(res, 'readable');",
        "setImmediate(() => res.resume());",
        "other.pipe(res).pipe(file);",
        "(async () => { for await (const part of res) add(part); })();",
    ],
)
def test_what_reads_or_may(code_of, done: str) -> None:
    assert said(code_of, f"https.get(u, (res) => {{ {done} res.on('end', f); }});") == [False]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("https.get(u, (res) => res.on('end', f));", True),
        ("https.get(u, (res) => res.on('end', f).resume());", False),
        ("https.get(u, (res) => { res.on('error', g).on('end', f); });", True),
        ("https.get(u, (res) => { res.on('data', g).on('end', f); });", False),
        ("https.get(u, (res) => { return res.on('end', f); });", True),
        ("https.get(u, async (res) => { await once(res, 'end'); });", True),
        ("https.get(u, async (res) => { res.resume(); await once(res, 'end'); });", False),
        ("https.get(u).on('response', (res) => { res.on('end', f); });", True),
        ("function take(res) { res.on('end', f); }\nhttps.get(u, take);", True),
        ("const res = 1;\nhttps.get(u, (res) => { res.on('end', f); });\nsave(res);", True),
        ("https.get(u, function (res) { const all = () => res.on('end', f); all(); res.resume(); });", False),
    ],
)
def test_where_it_is_listened_for(code_of, body: str, answer: bool) -> None:
    assert said(code_of, body) == [answer]


@pytest.mark.parametrize(("done", "answer"), [("", True), ("res.body.resume();", False), ("res.body.pipe(file);", False), ("keep(res);", False), ("console.log(res.status);", True)])
def test_a_part_of_something_else(code_of, done: str, answer: bool) -> None:
    body = f"import fetch from 'node-fetch';\nasync function f() {{ const res = await fetch(u); {done} res.body.on('end', g); }}"
    assert said(code_of, body) == [answer]
