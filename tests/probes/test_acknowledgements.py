"""A handler that answers through its last argument is handed one by whoever sends the event."""

from __future__ import annotations

import pytest

from callcheck.probes.acknowledgements import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


def _app(handler: str, sent: str) -> dict[str, str]:
    server = f"const {{ Server }} = require('socket.io');\nconst io = new Server(3000);\nio.on('connection', (socket) => {{ socket.on('save', {handler}); }});\n"
    return {"server.js": server, "client.js": f"import {{ io }} from 'socket.io-client';\nconst s = io('/');\nexport const save = (doc) => s.{sent};\n"}


def test_nobody_hands_the_function_that_is_called(tmp_path) -> None:
    (found,) = look(tmp_path, _app("(doc, done) => { store(doc); done('ok'); }", "emit('save', doc)"))
    assert (found.fact.event, found.fact.takes, found.fact.given) == ("save", "doc, done", "doc")
    assert found.where is not None and found.where.path == "server.js"
    assert [each.where.path for each in found.because] == ["client.js"]


@pytest.mark.parametrize(
    ("handler", "sent"),
    [
        ("(doc, done) => { store(doc); done('ok'); }", "emit('save', doc, (r) => f(r))"),
        ("(doc, done) => { store(doc); done('ok'); }", "emitWithAck('save', doc)"),
        ("(doc, done) => { store(doc); done('ok'); }", "emit('save', ...doc)"),
        ("(doc, done) => { store(doc); done('ok'); }", "emit(name, doc)"),
        ("(doc, done) => { store(doc); done?.('ok'); }", "emit('save', doc)"),
        ("(doc, done) => { store(doc); if (done) done('ok'); }", "emit('save', doc)"),
        ("(doc, done) => { store(doc); typeof done === 'function' && done('ok'); }", "emit('save', doc)"),
        ("(doc, ...rest) => { store(doc, rest); }", "emit('save', doc)"),
        ("(doc) => { each(doc, (done) => done()); }", "emit('save', doc)"),
    ],
)
def test_silent_where_it_may_be_there(tmp_path, handler, sent) -> None:
    assert not look(tmp_path, _app(handler, sent))


@pytest.mark.parametrize("handler", ["() => { store(1); }", "({ id }) => { store(id); }"])
def test_an_answer_is_waited_for_however_the_handler_takes_the_rest(tmp_path, handler) -> None:
    assert look(tmp_path, _app(handler, "emit('save', doc, (answer) => show(answer))"))


def test_the_sender_waits_for_an_answer_that_the_handler_never_gives(tmp_path) -> None:
    (found,) = look(tmp_path, _app("(doc) => { store(doc); }", "emit('save', doc, (answer) => show(answer))"))
    assert (found.fact.takes, found.fact.given) == ("doc", "doc, callback")
    assert found.where is not None and found.where.path == "server.js"
    assert [each.where.path for each in found.because] == ["client.js"]


@pytest.mark.parametrize("handler", ["(...all) => { store(all); }", "function () { store(arguments); }", "(doc, done) => { later(doc, done); }", "({ id }, done) => done(id)"])
def test_silent_where_the_answer_may_be_given(tmp_path, handler) -> None:
    assert not look(tmp_path, _app(handler, "emit('save', doc, (answer) => show(answer))"))
