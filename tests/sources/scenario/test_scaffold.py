from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.collect import Options
from callcheck.model.scenario import Body, Scenario
from callcheck.model.target import Target
from callcheck.pipeline import eyes_of
from callcheck.sources.scenario.read import parse
from callcheck.sources.scenario.scaffold import scaffold

GUIDE = Path(__file__).resolve().parents[3] / "fixtures" / "guide"


def made(folder: Path) -> tuple[Scenario, ...]:
    """The scaffold of a folder, as the reader of scenarios takes it."""
    return parse(scaffold(eyes_of(Target(folder, folders=(folder,)), Options()), "http://127.0.0.1:3000"), "scaffold.yml")


@pytest.mark.parametrize(
    ("case", "first", "second", "fields"),
    [
        ("cross-process-delivery-ts", "/start", "/execute", {"trial": "{{ run.id }}", "callbackUrl": "{{ callback.url }}"}),
        ("cross-process-delivery-py", "/bookings", "/openings", {"firing": "{{ run.id }}", "callback_url": "{{ callback.url }}"}),
    ],
)
def test_routes_that_register_and_emit_become_a_pair(case: str, first: str, second: str, fields: dict[str, str]) -> None:
    (one,) = made(GUIDE / case / "broken")
    assert one.register is not None and one.register.call.url == f"http://127.0.0.1:3000{first}"
    assert one.trigger.call.url == f"http://127.0.0.1:3000{second}"
    assert (one.register.call.kind, one.register.call.body) == (Body.JSON, fields)
    assert one.callback is not None


def test_a_field_that_is_declared_as_a_number_gets_one() -> None:
    (one,) = made(GUIDE / "cross-process-delivery-py" / "broken")
    assert one.trigger.call.body == {"firing": "{{ run.id }}", "peak_celsius": 1}


def test_parameters_of_a_path_become_the_runs_id() -> None:
    (one,) = made(GUIDE / "report-callback" / "broken")
    assert one.trigger.call.url == "http://127.0.0.1:3000/callback/{{ run.id }}"
    assert one.callback is None


def test_an_openapi_document_goes_before_the_source(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(
        "openapi: 3.1.0\npaths:\n  /jobs/{id}:\n    post:\n      requestBody: {content: {application/json: {schema: {properties: {name: {}, copies: {type: integer}, callbackUrl: {}}}}}}\n"
        "      callbacks: {done: {'{$request.body#/callbackUrl}': {post: {}}}}\n    get: {}\n"
    )
    (one,) = made(tmp_path)
    assert (one.trigger.call.method, one.trigger.call.url) == ("POST", "http://127.0.0.1:3000/jobs/{{ run.id }}")
    assert one.trigger.call.body == {"name": "{{ run.id }}", "copies": 1, "callbackUrl": "{{ callback.url }}"}


@pytest.mark.parametrize("text", ["paths: 7", "paths: {/a: 3, /b: {post: [1]}}", "[1, 2", "paths: {/a: {post: {requestBody: 1}}}"])
def test_a_broken_document_gives_the_empty_scaffold(tmp_path: Path, text: str) -> None:
    (tmp_path / "openapi.yaml").write_text(text)
    (one,) = made(tmp_path)
    assert one.name == "a request that sets a callback off"


def test_a_folder_without_routes_gives_one_to_fill_in(tmp_path: Path) -> None:
    (one,) = made(tmp_path)
    assert one.callback is not None
