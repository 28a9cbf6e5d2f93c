"""Is each word on the command line recognised by what it is?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from callcheck.cli.targets import read
from callcheck.model.errors import UsageError


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name in (
        "src/a.ts",
        "src/b.py",
        "app.log",
        "app.log.1",
        "old.log.gz",
        "Dockerfile",
        "Procfile",
        "nginx.conf",
        "notes",
        ".env.local",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x\n")
    (tmp_path / "lines.json").write_text('{"a": 1}\n{"a": 2}\n')
    (tmp_path / "package.json").write_text('{\n  "name": "x"\n}\n')
    return tmp_path


def _names(paths: tuple[Path, ...], here: Path) -> list[str]:
    return [path.relative_to(here).as_posix() for path in paths]


def test_without_a_word_the_folder_is_meant(here: Path) -> None:
    target = read((), here)
    assert (target.folders, target.given) == ((here,), (".",))


@pytest.mark.parametrize("word", ["src/a.ts", "Dockerfile", "Procfile", "nginx.conf", "package.json", ".env.local"])
def test_source_and_configuration_are_files(here: Path, word: str) -> None:
    target = read((word,), here)
    assert (_names(target.files, here), target.logs) == ([word], ())


@pytest.mark.parametrize("word", ["app.log", "app.log.1", "old.log.gz", "notes", "lines.json"])
def test_anything_else_is_a_log(here: Path, word: str) -> None:
    target = read((word,), here)
    assert (_names(target.logs, here), target.files) == ([word], ())


def test_as_says_what_a_file_is_whatever_it_looks_like(here: Path) -> None:
    assert _names(read(("src/a.ts",), here, "logs").logs, here) == ["src/a.ts"]
    assert _names(read(("notes",), here, "source").files, here) == ["notes"]


def test_words_may_be_mixed_and_repeated(here: Path) -> None:
    target = read(("src", "./src", "app.log", "-", "pid:7", "port:3000"), here)
    assert (_names(target.folders, here), _names(target.logs, here)) == (["src"], ["app.log"])
    assert (target.stdin, target.pids, target.ports) == (True, (7,), (3000,))


def test_what_runs_may_be_named_by_text_and_by_folder(here: Path) -> None:
    target = read(("name:my app", "cwd:src"), here)
    assert (target.names, _names(target.inside, here), target.beside, target.folders) == (("my app",), ["src"], (), ())


def test_managers_may_be_asked(here: Path) -> None:
    target = read(("pm2:", "pm2:api", "compose:", "compose:src", "k8s:shop/web", "k8s:shop/statefulset/web"), here)
    assert target.managers == (
        ("pm2", ""), ("pm2", "api"), ("compose", str(here)), ("compose", str(here / "src")), ("k8s", "shop/web"), ("k8s", "shop/statefulset/web"),
    )  # fmt: skip
    assert target.live


def test_a_glob_names_what_it_matches(here: Path) -> None:
    target = read(("**/*.ts", "*.log*"), here)
    assert (_names(target.files, here), _names(target.logs, here)) == (
        ["src/a.ts"],
        ["app.log", "app.log.1", "old.log.gz"],
    )


def test_a_file_whose_name_looks_like_a_glob_is_that_file(here: Path) -> None:
    (here / "[id].ts").write_text("x")
    assert _names(read(("[id].ts",), here).files, here) == ["[id].ts"]


@pytest.mark.parametrize(
    "word",
    [
        "nothing",
        "*.rb",
        "",
        "pid:x",
        "name: ",
        "k8s:web",
        "k8s:",
        "k8s:shop/--all",
        "k8s:a/b/c/d",
        "compose:nothing",
        "cwd:nothing",
        "cwd:app.log",
        "pid:0",
        "port:70000",
        "port:-1",
        "pid:" + "9" * 5000,
        "port:٣",
        "a\0b",
        "src/a.ts/x",
    ],
)
def test_a_word_that_names_nothing_is_a_usage_error(here: Path, word: str) -> None:
    with pytest.raises(UsageError):
        read((word,), here)


def test_standard_input_cannot_be_source(here: Path) -> None:
    with pytest.raises(UsageError, match="as a log"):
        read(("-",), here, "source")


def test_a_pipe_and_a_device_are_refused(here: Path) -> None:
    os.mkfifo(here / "pipe")
    for word in ("pipe", "/dev/zero"):
        with pytest.raises(UsageError, match="neither a file nor a folder"):
            read((word,), here)


def test_a_slip_of_the_pen_is_met_with_the_nearest_name(here: Path) -> None:
    with pytest.raises(UsageError) as raised:
        read(("Dokerfile",), here)
    assert raised.value.hint == "did you mean Dockerfile?"
