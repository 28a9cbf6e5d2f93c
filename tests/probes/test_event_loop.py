"""A loop that waits for the clock stops the event loop, one that awaits does not."""

from __future__ import annotations

import pytest

from callcheck.probes.event_loop import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

ROUTE = "import express from 'express';\nconst app = express();\napp.post('/x', async (req, res) => { BODY res.end(); });\n"
WAIT = "function sleep(ms) { const end = Date.now() + ms; while (Date.now() < end) {} }\n"


@pytest.mark.parametrize("source", [WAIT + ROUTE.replace("BODY", "sleep(1000);"), ROUTE.replace("BODY", "const t = Date.now(); while (Date.now() - t < 500);")])
def test_a_loop_that_waits_for_the_clock(tmp_path, source) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"a.js": source})] == ["loop.blocked"]


@pytest.mark.parametrize(
    "source",
    [
        ROUTE.replace("BODY", "while (Date.now() < end) { await tick(); }"),
        WAIT + "sleep(10);\n" + ROUTE.replace("BODY", ""),
        ROUTE.replace("BODY", "const t = Date.now(); while (queue.length) queue.pop();"),
    ],
    ids=["it awaits", "at start", "of another end"],
)
def test_silent_where(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})


PACK = "import shutil\nasync def pack(rows):\n    shutil.make_archive(rows, 'zip', 'd')\n"
SERVED = "import tornado.websocket\nclass Feed(tornado.websocket.WebSocketHandler):\n    def on_message(self, text): ...\n"


@pytest.mark.parametrize(
    ("around", "roles"),
    [
        ("async def pump():\n    async for row in rows():\n        await pack(row)\n", ["message"]),
        (SERVED + "async def pump():\n    while True:\n        await pack(b'x')\n", ["message"]),
        ("async def pump():\n    while True:\n        await pack(b'x')\n", ["helper"]),
        (SERVED + "async def pump():\n    for name in NAMES:\n        await pack(name)\n", ["helper"]),
    ],
    ids=["for each message", "a poller beside a server", "nobody else is served", "once"],
)
def test_what_an_awaited_function_holds_up(tmp_path, around, roles) -> None:
    assert [item.fact.role for item in look(tmp_path, {"a.py": PACK + around})] == roles


MANY = "for (let i = 0; i < 50_000_000; i += 1) total += i * i;"


@pytest.mark.parametrize(
    ("body", "told"),
    [(MANY, True), (MANY.replace("50_000_000", "500"), False), ("let n; do { n = random(); } while (n >= 4200000000);", False)],
    ids=["millions", "few", "until a number is small enough"],
)
def test_a_loop_that_counts_to_millions(tmp_path, body, told) -> None:
    assert bool(list(look(tmp_path, {"a.js": ROUTE.replace("BODY", "let total = 0; " + body)}))) is told


NESTED = "app.get('/', (req, res) => res.json(run(legs, GIVEN)));\nconst FAR = 300_000;\nfunction run(legs, draws) {\n  let sum = 0;\n  for (let n = 0; n < draws; n++) for (const leg of legs) sum += walk(leg);\n  return sum;\n}\n"


@pytest.mark.parametrize(
    ("given", "told"),
    [("300_000", [5]), ("FAR", [5]), ("req.query.draws", []), ("300", []), ("FAR / 10", [])],
    ids=["a number", "one that is kept under a name", "what a client asks for", "few", "a tenth of one"],
)
def test_how_far_a_parameter_lets_a_loop_count(tmp_path, given, told) -> None:
    app = "const app = require('express')();\nconst walk = require('./walk');\n" + NESTED.replace("GIVEN", given)
    assert [item.where.line - 2 for item in look(tmp_path, {"a.js": app}) if item.where] == told


def test_loops_in_loops_count_together(tmp_path) -> None:
    loops = "for (let i = 0; i < 4_000; i++) for (let k = 0; k < 500; k++) total += mix(i, k);"
    assert len(list(look(tmp_path, {"a.js": ROUTE.replace("BODY", "let total = 0; " + loops)}))) == 1
    assert not list(look(tmp_path, {"a.js": ROUTE.replace("BODY", "let total = 0; " + loops.replace("4_000", "40"))}))


def test_a_method_of_what_is_just_made_is_called_by_its_own_name(tmp_path) -> None:
    source = "from fastapi import FastAPI\nfrom weasyprint import HTML\napp = FastAPI()\n@app.post('/x')\nasync def f(h: str):\n    HTML(string=h).write_pdf('/tmp/x')\n"
    assert [item.fact.call for item in look(tmp_path, {"a.py": source})] == ["write_pdf"]


SOLVE = "from fastapi import FastAPI\napp = FastAPI()\ndef solve(tours):\n    REMARK\n    return sorted(tours)\n@app.post('/plan')\nasync def plan(tours: list[int]):\n    return CALL\n"


@pytest.mark.parametrize(
    ("remark", "call", "found"),
    [
        ('"""Takes 20 to 40 seconds for a full day."""', "solve(tours)", 1),
        ('"""Takes 20 to 40 seconds for a full day."""', "await asyncio.to_thread(solve, tours)", 0),
        ('"""Those of the last 40 seconds."""', "solve(tours)", 0),
        ('"""Takes 20 ms."""', "solve(tours)", 0),
    ],
)
def test_a_plain_function_that_is_said_to_take_long(tmp_path, remark: str, call: str, found: int) -> None:
    assert len(list(look(tmp_path, {"a.py": SOLVE.replace("REMARK", remark).replace("CALL", call)}))) == found


RABBIT = "import pika, subprocess, time\ndef on_field(ch, method, props, body):\n    WORK\n    ch.basic_ack(method.delivery_tag)\nch = pika.BlockingConnection().channel()\nch.basic_consume('fields', on_field)\n"


@pytest.mark.parametrize(("work", "found"), [("subprocess.run(['make'])", 1), ("time.sleep(body.count(b'.'))", 0), ("time.sleep(1)", 0), ("subprocess.run(['make'], timeout=10)", 0), ("subprocess.run(['/usr/bin/lp', '-d', 'lab'], input=body)", 0), ("subprocess.run('logger field', shell=True)", 0), ("subprocess.run([TOOL, body])", 1)])
def test_what_is_over_in_seconds_does_not_matter_to_a_broker(tmp_path, work: str, found: int) -> None:
    assert len(list(look(tmp_path, {"a.py": RABBIT.replace("WORK", work)}))) == found


GRID = """
function nearest(wells, x, y) { let best = Infinity; for (const w of wells) best = Math.min(best, Math.hypot(w.x - x, w.y - y)); return best; }
function raster(wells, box, step) {
  const across = Math.ceil((box.right - box.left) / step);
  const down = Math.ceil((box.bottom - box.top) / step);
  let sum = 0;
  for (let i = 0; i < down; i++) {
    for (let j = 0; j < across; j++) { CELL }
  }
  return sum;
}
"""
NEAREST = "sum += nearest(wells, j * step, i * step);"
TIMETABLE = """
function plan(from, to, open, close, booked) {
  const days = Math.ceil((to - from) / DAY_MS);
  const slots = Math.floor((close - open) / slotLength);
  const free = [];
  for (let d = 0; d < days; d++) for (let s = 0; s < slots; s++) if (!booked.some((b) => b.at === d * s)) free.push([d, s]);
  return free;
}
"""
PIXELS = "function blur(data, width, height) { for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let k = -R; k <= R; k++) data[(y * width + x) * 4] += data[(y * width + x + k) * 4] / R; }\n"
FIB = "function ways(n) { return n < 2 ? 1 : ways(n - 1) + ways(n - 2); }\n"


@pytest.mark.parametrize(
    ("helper", "body", "told"),
    [
        (GRID.replace("CELL", NEAREST), "raster(req.body.wells, req.body.box, 0.5);", True),
        (GRID.replace("CELL", "sum += i * j;"), "raster(req.body.wells, req.body.box, 0.5);", False),
        (GRID.replace("CELL", NEAREST), "", False),
        (GRID.replace("CELL", NEAREST).replace("for (let j", "await tick(); for (let j").replace("function raster", "async function raster"), "await raster(req.body.wells, req.body.box, 0.5);", False),
        (TIMETABLE, "plan(a, b, c, d, e);", False),
        (PIXELS, "blur(req.body.data, req.body.width, req.body.height);", True),
        (FIB, "ways(req.body.n);", True),
        (FIB.replace("{ return", "{ if (memo.has(n)) return memo.get(n); return"), "ways(req.body.n);", False),
        (FIB.replace("ways(n - 1) + ways(n - 2)", "ways(n - 1) + 2"), "ways(req.body.n);", False),
    ],
    ids=["each cell goes over data", "each cell is one sum", "nobody calls it", "it lets others in", "days and slots", "pixels", "doubling", "remembered", "one call"],
)
def test_a_grid_and_a_doubling_recursion(tmp_path, helper: str, body: str, told: bool) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"a.js": helper + ROUTE.replace("BODY", body)})] == ["loop.blocked"] * told


TICKS = "import asyncio, time\nasync def tick():\n    while True:\n        await asyncio.sleep(1)\nasync def poll():\n    while True:\n        time.sleep(9)\n"


@pytest.mark.parametrize(
    ("start", "role"),
    [
        ("async def main():\n    await asyncio.gather(tick(), poll())\n", "message"),
        ("async def main():\n    t = asyncio.create_task(tick())\n    u = asyncio.create_task(poll())\n    await asyncio.wait([t, u])\n", "message"),
        ("asyncio.run(poll())\n", "startup"),
        ("async def main():\n    await asyncio.gather(poll())\n", "startup"),
    ],
)
def test_what_is_started_beside_another_one_keeps_it_waiting(tmp_path, start: str, role: str) -> None:
    told = {item.fact.role for item in look(tmp_path, {"a.py": TICKS + start})}
    assert ("message" in told) is (role == "message")
