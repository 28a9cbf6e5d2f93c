"""Does the README name everything that exists, and nothing that does not? `pytest --refresh` writes its tables anew."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callcheck import knowledge, registry, rulebooks
from callcheck.cli.exit_status import ExitStatus
from callcheck.knowledge import platforms
from callcheck.model.rule import STAGES
from callcheck.report.explained import readable


@pytest.fixture
def readme(root: Path) -> str:
    """The README's text."""
    return (root / "README.md").read_text(encoding="utf-8")


def causes() -> str:
    """A row a cause: its id, its stage and its title."""
    rules = sorted(rulebooks.load_rules(), key=lambda rule: (STAGES.index(rule.stage), rule.cause))
    rows = [f"| `{rule.cause}` | {rule.stage} | {_cell(readable(rule.title))} |" for rule in rules]
    return "\n".join(["| cause | stage | what is wrong |", "| --- | --- | --- |", *rows])


def probes() -> str:
    """A row a probe: its name and the question that its module opens with."""
    import importlib

    modules = [(probe.name, importlib.import_module(probe.module)) for probe in registry.probes()]
    rows = [f"| `{name}` | {_cell((module.__doc__ or '').splitlines()[0])} |" for name, module in modules]
    return "\n".join(["| probe | the question it asks |", "| --- | --- |", *rows])


def deployment() -> str:
    """A row a format of deployment files, as `callcheck rules list --platforms` knows them."""
    rows = [
        f"| {_cell(each.title)} | {', '.join(f'`{file}`' for file in each.files)} | {_cell(each.reads)} | {_cell(each.absent)} |"
        for each in platforms.load([knowledge.shipped()])
    ]
    return "\n".join(["| format | files | what is read | where nothing is said |", "| --- | --- | --- | --- |", *rows])


def _cell(text: str) -> str:
    return re.sub(r"[<>|]", lambda found: "\\" + found[0], " ".join(text.split()))


def commands(command: Any, name: str = "callcheck") -> Iterator[str]:
    """Every command that is not hidden, as it is typed."""
    for part, below in getattr(command, "commands", {}).items():
        if not below.hidden:
            yield from commands(below, f"{name} {part}")
    if not hasattr(command, "commands"):
        yield name


@pytest.mark.parametrize(("marker", "table"), [("causes", causes), ("probes", probes), ("deployment", deployment)])
def test_each_table_is_what_the_tree_says(marker: str, table: Any, readme: str, root: Path, refresh: bool) -> None:
    before, _, rest = readme.partition(f"<!-- {marker} -->\n")
    held, _, after = rest.partition(f"<!-- /{marker} -->")
    if refresh:
        text = f"{before}<!-- {marker} -->\n{table()}\n<!-- /{marker} -->{after}"
        (root / "README.md").write_text(text, encoding="utf-8")
        return
    assert held.strip() == table()


def test_every_command_is_named_and_no_other(readme: str) -> None:
    import typer

    from callcheck.cli.app import build, names

    known = set(commands(typer.main.get_command(build(names()))))
    snippets = [block or span for block, span in re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", readme, re.S)]
    typed = [words for snippet in snippets for words in re.findall(r"callcheck ((?:[a-z]+ ?)+)", snippet)]
    named = {name for name in known if any(f"callcheck {words.strip()} ".startswith(f"{name} ") for words in typed)}
    assert named == known
    first = {name.split()[1] for name in known}
    assert {words.split()[0] for words in typed} <= first


def test_every_exit_status_is_in_the_table_and_no_other(readme: str) -> None:
    table = readme.partition("### Exit status")[2].partition("\n\n|")[2].partition("\n\n")[0]
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", table, re.M)] == [int(status) for status in ExitStatus]


def test_every_option_of_diagnose_is_named_and_no_other(readme: str) -> None:
    import typer

    from callcheck.cli.app import build, names

    command: Any = typer.main.get_command(build(names()))
    known = {name for option in command.commands["diagnose"].params for name in option.opts if name.startswith("--")}
    table = readme.partition("| option of `diagnose`")[2].partition("\n\n")[0]
    assert set(re.findall(r"--[a-z][a-z-]*", table.split("\n", 2)[2])) - {"--fail-on"} == known - {"--fail-on", "--help"}


def test_the_two_set_up_commands_are_whole(readme: str, root: Path) -> None:
    setting_up = readme.partition("## Set up")[2].partition("\n## ")[0]
    trial, testing = re.findall(r"```sh\n(.*?)\n```", setting_up, re.S)
    sample = shlex.split(trial)[-1]
    assert sample.startswith("fixtures/")
    assert (root / sample).is_dir()
    assert testing in (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_rule_in_the_readme_is_in_order(readme: str, tmp_path: Path) -> None:
    from callcheck.engine.examples import problems
    from callcheck.engine.load import read

    path = tmp_path / "transport" / "too-many-instances.yaml"
    path.parent.mkdir()
    path.write_text(re.findall(r"```yaml\n(.*?)```", readme, re.S)[0], encoding="utf-8")
    assert list(problems(read(path))) == []
