"""Are failing handlers named, and is the payload told from the rest?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_handlers import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, *lines: str, name: str = "app.log") -> list[Evidence]:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    assert PROBE.skip(target, eyes) == ""
    return [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]


def at(second: float, text: str) -> str:
    return f"2025-03-04 09:{int(second) // 60:02d}:{int(second) % 60:02d},{int(second * 1000) % 1000:03d} {text}"


def told(found: list[Evidence]) -> list[tuple[object, ...]]:
    names = (
        "callcheck.handler",
        "error.type",
        "callcheck.error.payload_shaped",
        "callcheck.error.named",
        "callcheck.count",
    )
    return [tuple(e.fact.attributes()[name] for name in names) for e in found]


def test_a_callback_that_reads_a_missing_key_fails_on_its_payload(tmp_path: Path) -> None:
    line = "WARNING langchain_core.callbacks.manager Error in UsageMeter.on_llm_end callback: KeyError('token_usage')"
    assert told(look(tmp_path, at(1, line), at(2, line))) == [("UsageMeter", "KeyError", True, True, 2)]


def test_a_key_of_the_handler_s_own_table_is_not_the_payload(tmp_path: Path) -> None:
    lines = [
        at(1, "ERROR autogen_core Error processing publish message for writer/1"),
        "Traceback (most recent call last):",
        '  File "/app/writer.py", line 88, in on_schema',
        "    dialect = DIALECTS[self._datasets[message.dataset].engine]",
        "KeyError: 'sqlserver'",
    ]
    found = look(tmp_path, *lines)
    assert told(found) == [("writer", "KeyError", False, True, 1)]
    assert {e.where.line for e in found[0].flat() if e.where} == {1, 5}


def test_a_missing_key_of_the_message_is_the_payload(tmp_path: Path) -> None:
    lines = [
        at(1, "ERROR app failed"),
        "Traceback (most recent call last):",
        '  File "/app/x.py", line 8, in f',
        '    name = event["user"]["name"]',
        "KeyError: 'user'",
    ]
    assert (
        told(look(tmp_path, *lines)) == [("", "KeyError", False, False, 1)]
        or told(look(tmp_path, *lines))[0][2] is True
    )


def test_a_wrong_number_of_arguments_is_the_payload(tmp_path: Path) -> None:
    lines = [
        "Exception in callback on_done()",
        "handle: <Handle on_done()>",
        "Traceback (most recent call last):",
        '  File "/x.py", line 1, in run',
        "TypeError: on_done() missing 1 required positional argument: 'result'",
    ]
    assert told(look(tmp_path, *lines))[0][:4] == ("on_done", "TypeError", True, True)


def test_a_failed_model_call_inside_a_handler_is_no_error_of_the_handler(tmp_path: Path) -> None:
    lines = [
        at(1, "ERROR autogen_core Error processing publish message for analyst/1"),
        "Traceback (most recent call last):",
        '  File "/x.py", line 1, in f',
        "openai.BadRequestError: Error code: 400 - context_length_exceeded",
    ]
    assert look(tmp_path, *lines) == []


def test_ordinary_lines_have_no_handler_error(tmp_path: Path) -> None:
    assert look(tmp_path, at(1, "INFO app handler registered"), at(2, "WARNING app no embedding, skipped")) == []


def test_an_error_that_ends_deliveries_is_told_without_a_stack(tmp_path: Path) -> None:
    lines = []
    for n in range(12):
        lines.append(at(n * 10, f"INFO job active job=j-{n}77"))
        lines.append(at(n * 10 + 2, f"ERROR job j-{n}77 failed: Error: template not found" if n % 2 else f"INFO job completed job=j-{n}77"))
    (fact,) = [item.fact.attributes() for item in look(tmp_path, *lines)]
    assert (fact["error.type"], fact["callcheck.error.named"], fact["callcheck.count"]) == ("Error", False, 6)


def test_the_line_of_the_source_that_raised_stands_beside_the_log(tmp_path: Path) -> None:
    (tmp_path / "rooms.py").write_text("def on_move(seat):\n    save(seat)\n")
    found = look(
        tmp_path,
        "Exception in thread Thread-4 (_run_event):",
        "Traceback (most recent call last):",
        '  File "/usr/lib/python3.12/site-packages/socketio/server.py", line 638, in _run_event',
        "    return handler(*args)",
        '  File "/app/rooms.py", line 2, in on_move',
        "    save(seat)",
        "NameError: name 'save' is not defined",
    )
    (item,) = found
    assert item.fact.attributes()["callcheck.handler"] == "on_move"
    beside = next(each for each in item.because if each.fact.kind == "error.raised")
    assert (str(beside.where), beside.says()) == ("rooms.py:2", "raised here, in on_move")


def test_a_callback_that_its_library_cannot_call_is_known_by_its_arguments_and_not_as_an_error_among_others(tmp_path: Path) -> None:
    lines = [
        at(1, "ERROR asyncio Exception in callback Feed.on_done(<Task finished>)"),
        "Traceback (most recent call last):",
        '  File "/usr/lib/python3.11/asyncio/events.py", line 80, in _run',
        "    self._context.run(self._callback, *self._args)",
        "TypeError: Feed.on_done() takes 1 positional argument but 2 were given",
    ]
    found = look(tmp_path, *lines)
    assert [item.fact.kind for item in found] == ["handler.misfit"]
    assert found[0].fact.attributes()["callcheck.handler"] == "Feed.on_done"


@pytest.mark.parametrize(
    ("inner", "shaped"),
    [("org.springframework.messaging.converter.MessageConversionException: Cannot convert from [[B] to [shop.Order]", True), ("java.lang.IllegalStateException: the store is closed", False)],
)
def test_a_failure_whose_framework_could_not_hand_over_what_came_is_the_payload_s(tmp_path: Path, inner: str, shaped: bool) -> None:
    lines = [
        at(1, "ERROR o.s.k.l.DefaultErrorHandler Backoff none exhausted for orders-0@12"),
        "org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed",
        "\tat org.springframework.kafka.listener.adapter.Adapter.invokeHandler(Adapter.java:401)",
        f"Caused by: {inner}",
    ]
    assert [each[2] for each in told(look(tmp_path, *lines))] == [shaped]


def test_a_misfit_is_shown_at_its_own_error_and_not_at_the_one_that_came_while_it_was_handled(tmp_path: Path) -> None:
    lines = [
        at(1, "ERROR engineio.server disconnect handler error"),
        "Traceback (most recent call last):",
        '  File "/usr/lib/python3.12/site-packages/flask_socketio/__init__.py", line 838, in _handle_event',
        "    ret = handler(*args)",
        "TypeError: Kiln.on_disconnect() takes 1 positional argument but 2 were given",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "/usr/lib/python3.12/site-packages/engineio/server.py", line 456, in run_handler',
        "    return self.handlers[event](args[0])",
        "TypeError: Server._handle_eio_disconnect() missing 1 required positional argument: 'reason'",
    ]
    (item,) = look(tmp_path, *lines)
    assert item.fact.attributes()["callcheck.handler"] == "Kiln.on_disconnect"
    assert item.excerpt.endswith("TypeError: Kiln.on_disconnect() takes 1 positional argument but 2 were given")
    assert [each.where.line for each in item.flat() if each.where] == [1, 5]


STACK = "    at PostgresQueryRunner.query (/app/node_modules/typeorm/driver/postgres/PostgresQueryRunner.js:219:19)"


@pytest.mark.parametrize(
    ("first", "below", "count"),
    [
        ('ERROR [ExceptionsHandler] duplicate key value violates unique constraint "slot_key"', "QueryFailedError: duplicate key value", 0),
        ("ERROR Exception on /slots [POST]", 'psycopg.IntegrityError: null value violates not-null constraint "slot"', 0),
        ("ERROR Internal Server Error: /hooks/stripe", "django.db.utils.IntegrityError: duplicate key value violates unique constraint", 3),
        ("ERROR [ExceptionsHandler] Cannot read properties of undefined (reading 'id')", "TypeError: Cannot read properties of undefined", 3),
        ('ERROR [RpcExceptionsHandler] duplicate key value violates unique constraint "slot_key"', "QueryFailedError: duplicate key value", 3),
    ],
)
def test_a_request_that_the_database_refuses_loses_no_event(tmp_path: Path, first: str, below: str, count: int) -> None:
    found = look(tmp_path, *(line for n in range(3) for line in (at(n * 9, first), below, STACK)))
    assert [row[-1] for row in told(found)] == ([count] if count else [])
