"""Requests that come in and go out: what belongs to which request, and what the other side answered."""

from __future__ import annotations

from pathlib import Path

from tests.observers.node.observed import Run, needs_node, observe

pytestmark = needs_node

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SERVER = """
const http = require('http');
const bus = new (require('events'))();
const serve = (handler, then) => { const s = http.createServer(handler).listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${s.address().port}`;
  await then(url, s); s.closeAllConnections(); s.close(); }); };
const traced = { headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' } };
"""


def _of_request(run: Run, path: str) -> list[str]:
    ids = {fact["req"] for fact in run.of("request.started", url__path=path)}
    return [str(fact["fact"]) for fact in run.facts if fact.get("req") in ids and "trace_id" in fact]


def test_what_follows_from_a_request_carries_its_id_and_trace(tmp_path: Path) -> None:
    code = """
serve(async (q, r) => { bus.once('done', () => {}); await new Promise((f) => setTimeout(f, 5)); bus.emit('done'); r.statusCode = 202; r.end(); },
  async (url) => { await fetch(url + '/start?token=1', traced); bus.emit('outside'); });
"""
    run = observe(tmp_path, SERVER + code)
    expected = ["request.started", "listener.added", "event.emitted", "handler.entered", "listener.removed", "handler.returned", "event.delivered", "request.ended"]
    assert [name for name in _of_request(run, "/start") if name != "emitter.seen"] == expected
    (started,) = run.of("request.started")
    assert (started["trace_id"], started["http.request.method"], started["url.path"]) == (TRACE, "GET", "/start")
    assert run.of("request.ended")[0]["http.response.status_code"] == 202
    assert "req" not in run.of("event.emitted", messaging__destination__name="outside")[0]
    assert "token" not in "".join(str(fact) for fact in run.facts if fact["fact"] != "process.started")


def test_a_client_that_goes_away_ends_the_request_without_a_status(tmp_path: Path) -> None:
    code = """
serve((q, r) => { q.resume(); }, async (url) => { await fetch(url + '/slow', { signal: AbortSignal.timeout(400) }).catch(() => {}); await new Promise((f) => setTimeout(f, 100)); });
"""
    run = observe(tmp_path, SERVER + code)
    (ended,) = run.of("request.ended")
    assert (ended["aborted"], "http.response.status_code" in ended) == (True, False)
    (upstream,) = run.of("upstream.ended")
    assert upstream["error.type"] == "TimeoutError"


def test_upstream_answers_are_told_for_fetch_and_http_in_their_request(tmp_path: Path) -> None:
    code = """
serve(async (q, r) => {
  if (q.url === '/job') {
    await fetch(`http://${q.headers.host}/model?key=1`, { method: 'POST', body: 'x' });
    await new Promise((f) => http.get(`http://${q.headers.host}/quota`, (a) => { a.resume(); a.on('end', f); }));
    const shut = await new Promise((f) => { const s = http.createServer().listen(0, () => { const { port } = s.address(); s.close(() => f(port)); }); });
    await new Promise((f) => http.get(`http://127.0.0.1:${shut}/`).on('error', f));
    await fetch(`http://127.0.0.1:${shut}/`).catch(() => {});
  }
  r.statusCode = { '/job': 200, '/model?key=1': 401, '/quota': 429 }[q.url]; r.end();
}, async (url) => { await fetch(url + '/job', traced).then((a) => a.text()); });
"""
    run = observe(tmp_path, SERVER + code)
    (job,) = run.of("request.started", url__path="/job")
    mine = [fact for fact in run.of("upstream.started") if fact.get("req") == job["req"]]
    assert [(fact["http.request.method"], fact["url.path"], fact["client"]) for fact in mine] == [
        ("POST", "/model", "fetch"), ("GET", "/quota", "http"), ("GET", "/", "http"), ("GET", "/", "fetch"),
    ]  # fmt: skip
    assert {fact["server.address"] for fact in mine} == {"127.0.0.1"}
    lines = [int(str(fact["code.line.number"])) for fact in mine]
    assert [line - lines[0] for line in lines] == [0, 1, 3, 4]
    ended = {fact["upstream.id"]: fact.get("http.response.status_code", fact.get("error.type")) for fact in run.of("upstream.ended")}
    assert [ended.get(fact["upstream.id"]) for fact in mine] == [401, 429, "ECONNREFUSED", "ECONNREFUSED"]
    assert all(fact["trace_id"] == TRACE for fact in run.of("upstream.ended") if fact.get("req") == job["req"])


def test_a_call_without_an_answer_is_open_at_the_end(tmp_path: Path) -> None:
    code = "serve(() => {}, async (url) => { http.get(url + '/hang').on('error', () => {}); await new Promise((f) => setTimeout(f, 150)); process.exit(0); });\n"
    run = observe(tmp_path, SERVER + code)
    assert len(run.of("upstream.open")) == 1
    assert run.of("upstream.ended") == []


def test_requests_get_ids_up_to_a_limit_and_the_rest_is_counted(tmp_path: Path) -> None:
    code = """
serve((q, r) => r.end(), async (url) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const get = () => new Promise((f) => http.get(url, { agent }, (a) => { a.resume(); a.on('end', f); }));
  for (let i = 0; i < 60; i += 1) await Promise.all(Array.from({ length: 10 }, get));
  await new Promise((f) => setTimeout(f, 1200)); await get();
});
"""
    run = observe(tmp_path, SERVER + code)
    skipped = run.of("agent.skipped", what="requests")
    told = run.of("request.started")
    assert len(told) + sum(int(str(fact["count"])) for fact in skipped) == 601
    assert skipped and len({fact["req"] for fact in told}) == len(told) == len(run.of("request.ended"))


def test_a_connection_that_is_upgraded_is_answered(tmp_path: Path) -> None:
    code = """
const server = http.createServer();
server.on('upgrade', (request, socket) => { socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n'); socket.on('data', () => socket.end()); });
server.listen(0, () => http.get({ port: server.address().port, headers: { Connection: 'Upgrade', Upgrade: 'websocket' } }).on('upgrade', (answer, socket) => {
  socket.end('bye'); socket.on('close', () => server.close());
}));
"""
    run = observe(tmp_path, "const http = require('http');" + code)
    assert [fact.get("http.response.status_code", fact.get("error.type")) for fact in run.of("upstream.ended")] == [101]
    assert run.of("upstream.open") == []
