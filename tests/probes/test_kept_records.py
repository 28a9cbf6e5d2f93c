"""What one request begins in memory and another is turned away without is told; an app's plain data is not."""

from __future__ import annotations

import pytest

from callcheck.probes.kept_records import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
EXPRESS = "import express from 'express';\nconst app = express();\n"
FLASK = "import secrets, threading\nfrom flask import Flask, abort, redirect, request\napp = Flask(__name__)\n"

TOLD = {
    "taken once from a set": ("a.py", FLASK + "t = set()\n@app.get('/go')\ndef go():\n    s = secrets.token_hex()\n    t.add(s)\n    return redirect(s)\n@app.get('/came')\ndef came():\n    if request.args['s'] not in t:\n        abort(400)\n    t.discard(request.args['s'])\n    return 'ok'\n"),
    "taken once by del": ("a.py", FLASK + "t = {}\n@app.get('/go')\ndef go():\n    s = secrets.token_hex()\n    t[s] = 1\n    return s\n@app.get('/came')\ndef came():\n    s = request.args['s']\n    if s not in t:\n        return 'no', 404\n    del t[s]\n    return 'ok'\n"),
    "a missing key is caught": ("a.py", FLASK + "t = {}\n@app.get('/go')\ndef go():\n    s = secrets.token_hex()\n    t[s] = 1\n    return s\n@app.get('/auth/callback')\ndef came():\n    try:\n        found = t[request.args['s']]\n    except KeyError:\n        abort(400)\n    return found\n"),
    "a thread goes on": ("a.py", FLASK + "t = {}\ndef work(k):\n    t[k]['done'] = True\n@app.post('/go')\ndef go():\n    k = secrets.token_hex()\n    t[k] = {}\n    threading.Thread(target=work, args=(k,)).start()\n    return 'x'\n@app.get('/state')\ndef state():\n    job = t.get(request.args['k'])\n    if job is None:\n        return {}, 404\n    return job\n"),
    "a promise goes on": ("a.ts", EXPRESS + "const t = new Map();\nasync function work(id) { await sleep(9); t.set(id, { done: true }); }\napp.post('/go', (req, res) => { t.set(req.body.id, { done: false }); work(req.body.id); res.sendStatus(202); });\napp.get('/state/:id', (req, res) => { const job = t.get(req.params.id); if (!job) return res.sendStatus(404); res.json(job); });\n"),
    "a sender comes back, and is told nothing": ("a.ts", EXPRESS + "const t = {};\napp.post('/orders', (req, res) => { t[req.body.id] = { paid: false }; res.end(); });\napp.post('/webhooks/pay', (req, res) => { const order = t[req.body.id]; if (!order) return res.end(); order.paid = true; res.end(); });\n"),
    "by a function that gives it": ("a.ts", EXPRESS + "const t = new Map();\nconst find = (id) => t.get(id);\napp.get('/go', (req, res) => { t.set(req.query.s, 1); res.redirect('/x'); });\napp.get('/auth/callback', (req, res) => { const flow = find(req.query.state); if (!flow) { throw new Error('state'); } res.end(); });\n"),
}  # fmt: skip
SILENT = {
    "items of an app": ("a.ts", EXPRESS + "const t = new Map();\napp.post('/items', (req, res) => { t.set(req.body.id, req.body); res.end(); });\napp.get('/items/:id', (req, res) => { const item = t.get(req.params.id); if (!item) return res.sendStatus(404); res.json(item); });\napp.delete('/items/:id', (req, res) => { if (!t.has(req.params.id)) return res.sendStatus(404); t.delete(req.params.id); res.end(); });\n"),
    "a cache, which a database stands behind": ("a.ts", EXPRESS + "const t = new Map();\napp.post('/webhooks/pay', async (req, res) => { let o = t.get(req.body.id); if (!o) { o = await db.find(req.body.id); } o.paid = true; t.set(req.body.id, o); res.end(); });\n"),
    "a table that is written out": ("a.py", FLASK + "t = {'a': 1}\n@app.get('/go')\ndef go():\n    s = secrets.token_hex()\n    t[s] = 1\n    return s\n@app.get('/auth/callback')\ndef came():\n    if request.args['s'] not in t:\n        abort(400)\n    return 'ok'\n"),
    "who waits, which is told elsewhere": ("a.ts", EXPRESS + "const t = new Map();\napp.get('/live', (req, res) => { t.set(req.query.id, res); });\napp.post('/webhooks/pay', (req, res) => { const r = t.get(req.body.id); if (!r) return res.sendStatus(404); r.write('x'); res.end(); });\n"),
    "within one request": ("a.ts", EXPRESS + "const t = new Map();\napp.post('/webhooks/pay', (req, res) => { t.set(req.body.id, 1); if (!t.has(req.body.other)) return res.sendStatus(404); res.end(); });\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_a_record_is_told(tmp_path, case) -> None:
    name, text = TOLD[case]
    assert [item.fact.holds for item in look(tmp_path, {name: text})] == ["record"]


@pytest.mark.parametrize("case", SILENT)
def test_silent_about(tmp_path, case) -> None:
    name, text = SILENT[case]
    assert not look(tmp_path, {name: text})
