"""A way through a handler on which its stream is not read is told, where it tells nobody that something is wrong."""

from __future__ import annotations

import pytest

from callcheck.probes.left_streams import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEADS = {
    "busboy": "import busboy from 'busboy';\nexport function take(req, res) {\n  const form = busboy({ headers: req.headers });\n  form.on('file', (field, stream, info) => {\n    {body}\n  });\n  req.pipe(form);\n}\n",
    "multiparty": "import multiparty from 'multiparty';\nexport function take(req, res) {\n  const form = new multiparty.Form();\n  form.on('part', (stream) => {\n    {body}\n  });\n  form.parse(req);\n}\n",
    "unzipper": "import unzipper from 'unzipper';\nexport function take(req) {\n  req.pipe(unzipper.Parse()).on('entry', (stream) => {\n    {body}\n  });\n}\n",
    "tar-stream": "import tar from 'tar-stream';\nexport function take(req) {\n  const pack = tar.extract();\n  pack.on('entry', (header, stream, next) => {\n    stream.on('end', next);\n    {body}\n  });\n  req.pipe(pack);\n}\n",
    "@fastify/multipart": "import multipart from '@fastify/multipart';\nexport async function take(req) {\n  for await (const stream of req.files()) {\n    {body}\n  }\n}\n",
}
LEAVES = [
    "if (!wanted.has(kind)) { skipped.push(kind); {leave}; }\n    keep(stream);",
    "if (kind === 'photo') stream.pipe(store());",
    "switch (kind) { case 'photo': stream.pipe(store()); break; case 'note': log.info('skipped'); break; default: stream.resume(); }",
    "try { if (kind) stream.pipe(store()); } catch (error) { log.error(error); }",
    "stream.on('error', (error) => log.error(error));",
]
READS = [
    "if (!wanted.has(kind)) { stream.resume(); {leave}; }\n    keep(stream);",
    "kind === 'photo' ? stream.pipe(store()) : stream.resume();",
    "if (kind === 'photo') { stream.pipe(store()); } else { stream.resume(); }",
    "if (!wanted.has(kind)) { res.status(415).end(); {leave}; }\n    keep(stream);",
    "if (!wanted.has(kind)) throw new Error('unwanted');\n    keep(stream);",
    "if (failed) {leave};\n    keep(stream);",
    "stream.on('data', (piece) => pieces.push(piece));",
    "switch (kind) { case 'photo': stream.pipe(store()); break; default: stream.resume(); }",
]


def _found(folder, library: str, body: str) -> bool:
    body = body.replace("{leave}", "continue" if library.startswith("@") else "return")
    return bool(look(folder, {"package.json": f'{{"type": "module", "dependencies": {{"{library}": "*"}}}}', "a.js": HEADS[library].replace("{body}", body)}))


@pytest.mark.parametrize("library", HEADS)
@pytest.mark.parametrize("body", LEAVES)
def test_a_way_that_leaves_the_stream(tmp_path, library: str, body: str) -> None:
    if library.startswith("@") and "switch" in body:
        pytest.skip("`break` may be the loop's own")
    assert _found(tmp_path, library, body)


@pytest.mark.parametrize("library", HEADS)
@pytest.mark.parametrize("body", READS)
def test_every_way_reads_it_or_tells_somebody(tmp_path, library: str, body: str) -> None:
    assert not _found(tmp_path, library, body)


def test_fields_of_a_form_are_no_streams(tmp_path) -> None:
    app = "import multipart from '@fastify/multipart';\nexport async function take(req) {\n  for await (const part of req.parts()) {\n    if (part.type === 'field') { fields.push(part.value); continue; }\n    await keep(part.file);\n  }\n}\n"
    files = {"package.json": '{"type": "module", "dependencies": {"@fastify/multipart": "8.3.0"}}', "a.js": app}
    assert look(tmp_path, files) == []


def test_what_is_read_is_not_enough_where_the_next_one_is_asked_for_by_a_call(tmp_path) -> None:
    app = "import tar from 'tar-stream';\nconst pack = tar.extract();\npack.on('entry', (header, stream, next) => {\n  stream.resume();\n  if (header.type === 'directory') { names.push(header.name); return; }\n  stream.on('end', next);\n});\n"
    (found,) = look(tmp_path, {"package.json": '{"type": "module", "dependencies": {"tar-stream": "3.1.7"}}', "a.js": app})
    assert "next()" in found.fact.why
