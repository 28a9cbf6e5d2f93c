"""A function that a serverless configuration names is called once for each request."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Function


def role(found) -> str:
    module = next(module for module in found.project.chosen.values() if "tag" in module.text and module.path.endswith((".ts", ".py")))
    return found.lifetimes.role(next(iter(module.all(Function))))


@pytest.mark.parametrize(
    "files",
    [
        {"serverless.yml": "functions:\n  a:\n    handler: src/work.tag\n", "src/work.ts": "export const tag = async (input) => input;\n"},
        {"serverless.yml": "functions:\n  a: {handler: dist/work.tag}\n", "src/work.ts": "export async function tag(input) {}\n"},
        {"template.yaml": "Properties:\n  CodeUri: hooks/\n  Handler: work.tag\n", "hooks/work.py": "def tag(input, _):\n    return input\n"},
        {"main.tf": '  handler = "work.tag"\n', "work.py": "async def tag(input, _):\n    return input\n"},
    ],
)
def test_it_is_called_for_a_request(code_of, files: dict[str, str]) -> None:
    assert role(code_of(files)) == "request"


@pytest.mark.parametrize(
    "files",
    [
        {"src/work.ts": "export const tag = async (input) => input;\n"},
        {"serverless.yml": "functions:\n  a:\n    handler: src/other.tag\n", "src/work.ts": "export const tag = async (input) => input;\n"},
        {"serverless.yml": "functions:\n  a:\n    handler: src/work.run\n", "src/work.ts": "export const tag = async (input) => input;\n"},
    ],
)
def test_others_are_not(code_of, files: dict[str, str]) -> None:
    assert role(code_of(files)) != "request"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export async function GET(req: Request) {\n  return new Response(new ReadableStream({ start(tag) {} }));\n}\n", "request"),
        ("const set = { start(tag) {} };\nexport async function GET(req: Request) {\n  return set;\n}\n", "helper"),
        ("new Server({ fetch(tag) {} });\n", "helper"),
    ],
)
def test_what_a_request_hands_over_in_place_runs_for_it(code_of, text: str, expected: str) -> None:
    found = code_of({"app/api/x/route.ts": text})
    named = [each for module in found.project.chosen.values() for each in module.all(Function) if each.name in ("start", "fetch")]
    assert [found.lifetimes.role(each) for each in named] == [expected]
