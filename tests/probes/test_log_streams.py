"""Streams of one model or agent that carry nothing, beside those of others that do."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.probes.log_streams import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge


def said(folder: Path, runs: list[tuple[str, int]], more: str = "") -> list[str]:
    """What is stated of a log with a run each: what it names, and how much came."""
    lines = []
    for n, (named, came) in enumerate(runs):
        lines += [f"2025-06-11T09:{n:02d}:00Z INFO chat={n:03d}fa9 asked {named}", *([more.format(n)] if more else []), f"2025-06-11T09:{n:02d}:05Z INFO chat={n:03d}fa9 answer finished chunks={came}"]
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    return [f"{each.fact.kind_of} {each.fact.count} {each.where.line}" for each in PROBE.look(target, Eyes(target, shipped_knowledge()))]


TWO = [("model=gemini-pro", 0), ("model=gpt-4o", 31)] * 4


def test_one_model_of_two(tmp_path) -> None:
    assert said(tmp_path, TWO) == ["model gemini-pro 4 2"]


def test_one_agent_of_three(tmp_path) -> None:
    assert said(tmp_path, [("agent=guide", 0), ("agent=cook", 31), ("agent=porter", 8)] * 3) == ["agent guide 3 2"]


@pytest.mark.parametrize(
    "runs",
    [
        [("model=gemini-pro", 12), ("model=gpt-4o", 31)] * 4,
        [*TWO, ("model=gemini-pro", 9)],
        [("model=gemini-pro", 0), ("model=gpt-4o", 31)] * 2,
        [("model=gemini-pro", 0), ("model=gpt-4o", 0), ("model=gpt-4o", 31)] * 3,
        [("tour=castle", 0), ("tour=harbour", 31)] * 4,
    ],
    ids=["all stream", "once it did", "too few", "the other one too", "no model"],
)
def test_silent_about(tmp_path, runs) -> None:
    assert said(tmp_path, runs) == []


def test_silent_where_the_empty_ones_fail(tmp_path) -> None:
    assert said(tmp_path, TWO, "2025-06-11T09:{0:02d}:02Z ERROR chat={0:03d}fa9 the model answered 500, failed") == []


def ran(folder: Path, came: dict[str, int], callback: str = "on_llm_end", opened: str = "ws closed sent={}") -> list[str]:
    """What is stated of runs whose kind is the app's own word, by how much came of each."""
    lines = []
    for n, (task, count) in enumerate([*came.items()] * 4):
        lines += [f"2025-06-11T09:{n:02d}:00Z INFO {callback} task={task} model=gpt-4o run={n:03d}fa9", f"2025-06-11T09:{n:02d}:05Z INFO {opened.format(count)} run={n:03d}fa9"]
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    return [f"{each.fact.kind_of} {each.fact.count}" for each in PROBE.look(target, Eyes(target, shipped_knowledge()))]


@pytest.mark.parametrize("callback", ["on_llm_end", "on_chat_model_start", "handleLLMEnd"])
def test_one_task_of_the_apps_own_among_runs_of_one_model(tmp_path, callback) -> None:
    assert ran(tmp_path, {"castle": 0, "caption": 31}, callback) == ["task castle 4"]


def test_silent_about_tasks_to_which_no_model_runs_and_that_nobody_waits_for(tmp_path) -> None:
    assert ran(tmp_path, {"castle": 0, "caption": 31}, "page shown") == []
    assert ran(tmp_path, {"castle": 0, "caption": 31}, opened="answer kept words={}") == []
    assert ran(tmp_path, {"castle": 14, "caption": 31}) == []
