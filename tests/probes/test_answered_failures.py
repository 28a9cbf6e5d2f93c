"""A webhook that fails in silence and is answered with success is told; one that says so to anybody, or whose work stands elsewhere too, is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.answered_failures import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

EXPRESS = "import express from 'express';\nimport { keep } from './keep.js';\nconst app = express();\napp.post('/webhooks/github', async (req, res) => {\n  try {\n    await keep(req.body);\n  } catch (err) {\n    %s\n  }\n  %s\n});\n"
KEEP = "export async function keep(event) { await db.insert(event); }\n"
NEXT = "import { keep } from '../../../../keep.js';\nexport async function POST(request) {\n  const event = await request.json();\n  try {\n    await keep(event);\n    return Response.json({ ok: true });\n  } catch {\n    %s\n  }\n}\n"
FASTAPI = "from fastapi import FastAPI, Request, Response\nfrom keep import keep\napp = FastAPI()\n@app.post('/hooks/mollie')\nasync def paid(request: Request):\n    form = await request.form()\n    try:\n        await keep(form['id'])\n    except Exception as error:\n        %s\n    return {'ok': True}\n"
FLASK = "import stripe\nfrom flask import Flask, request\nfrom keep import keep\napp = Flask(__name__)\n@app.route('/paid', methods=['POST'])\ndef paid():\n    event = stripe.Webhook.construct_event(request.data, request.headers['Stripe-Signature'], SECRET)\n    try:\n        keep(event)\n    except Exception:\n        return %s\n    return '', 204\n"
PY = "%sdef keep(event):\n    db.insert(event)\n"


def told(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{each.where} {each.fact.around}" for each in look(tmp_path, files) if not isinstance(each, Lost)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"app.js": EXPRESS % ("return res.status(200).send('ok');", "res.sendStatus(204);"), "keep.js": KEEP}, "app.js:7 keep"),
        ({"app.js": EXPRESS % ("", "res.json({ received: true });"), "keep.js": KEEP}, "app.js:7 keep"),
        ({"app/api/webhooks/clerk/route.js": NEXT % "return new Response('ok');", "keep.js": KEEP}, "app/api/webhooks/clerk/route.js:7 keep"),
        ({"app.py": FASTAPI % "pass", "keep.py": PY % "async "}, "app.py:9 keep"),
        ({"app.py": FLASK % "'', 200", "keep.py": PY % ""}, "app.py:10 keep"),
    ],
)
def test_a_failure_is_answered_with_success(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert told(tmp_path, files) == [place]


@pytest.mark.parametrize(
    "files",
    [
        {"app.js": EXPRESS % ("return res.sendStatus(500);", "res.sendStatus(204);"), "keep.js": KEEP},
        {"app.js": EXPRESS % ("console.error(err); return res.sendStatus(200);", "res.sendStatus(204);"), "keep.js": KEEP},
        {"app.js": EXPRESS % ("return res.json({ failed: String(err) });", "res.sendStatus(204);"), "keep.js": KEEP},
        {"app.js": EXPRESS % ("failed += 1;", "res.sendStatus(204);"), "keep.js": KEEP},
        {"app.js": EXPRESS % ("", "await count(req.body); res.sendStatus(204);"), "keep.js": KEEP},
        {"app.js": EXPRESS.replace("/webhooks/github", "/notes") % ("return res.sendStatus(200);", "res.sendStatus(204);"), "keep.js": KEEP},
        {"app.js": EXPRESS % ("return res.sendStatus(200);", "res.sendStatus(204);"), "keep.js": "export async function keep(event) { try { await db.insert(event); } catch (e) { log.error(e); throw e; } }\n"},
        {"app/api/webhooks/clerk/route.js": NEXT % "return Response.json({ ok: false }, { status: 500 });", "keep.js": KEEP},
        {"app.py": FASTAPI % "return Response(status_code=status.HTTP_503_SERVICE_UNAVAILABLE)", "keep.py": PY % "async "},
        {"app.py": FASTAPI % "log.exception('lost')", "keep.py": PY % "async "},
        {"app.py": (FLASK % "'', 200").replace("except Exception", "except KeyError"), "keep.py": PY % ""},
    ],
)
def test_a_failure_that_somebody_hears_of_is_none(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files) == []
