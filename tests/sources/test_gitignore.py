"""What git ignores is not read, however that is found out; what tells about one machine is read all the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcheck.model.target import Target
from callcheck.sources import git
from callcheck.sources.walk import survey

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def listed(base: Path, *folders: Path) -> set[str]:
    """The names of the files below some folders, or the base, that are looked at."""
    return {file.name for file in survey(Target(base, folders=folders or (base,))).files} - {".gitignore"}


def write(base: Path, **contents: str) -> None:
    """Files by their names, in which "__" stands for "/"."""
    for name, text in contents.items():
        lay(base, name.replace("__", "/"), text)


def lay(base: Path, name: str, text: str = "x") -> None:
    (base / name).parent.mkdir(parents=True, exist_ok=True)
    (base / name).write_text(text)


def run_git(base: Path, *words: str) -> None:
    neutral = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"], "HOME": str(base)}
    who = ("-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *who, *words], cwd=base, check=True, capture_output=True, env=neutral)


@pytest.fixture(params=["git", "patterns in a work tree", "patterns alone"])
def app(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, in which one or the other finds out what is ignored."""
    base = tmp_path / "app"
    base.mkdir()
    if request.param != "patterns alone":
        if shutil.which("git") is None:
            pytest.skip("git is not installed")
        run_git(base, "init", "-q")
    if request.param == "patterns in a work tree":
        monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return base


def test_ignored_sources_and_folders_are_left_out_and_counted(app: Path) -> None:
    lay(app, ".gitignore", "/gen/\n*.gen.ts\n")
    for name in ("src/a.ts", "src/a.gen.ts", "gen/b.ts", "gen/deep/compose.yaml", "src/gen/c.ts"):
        lay(app, name)
    assert listed(app) == {"src/a.ts", "src/gen/c.ts"}
    assert survey(Target(app, folders=(app,))).left_out == (("ignored", "gen/"), ("ignored", "src/a.gen.ts"))


def test_what_tells_about_this_machine_is_read_though_it_is_ignored(app: Path) -> None:
    lay(app, ".gitignore", ".env*\n*.log\nlogs/\ncompose.override.yaml\necosystem.config.js\nlocal_settings.py\npackage-lock.json\nvar/\n*.ts\n*.tfvars\n")
    kept = {".env", ".env.local", "app.log", "compose.override.yaml", "ecosystem.config.js", "shop/local_settings.py", "package-lock.json", "prod.tfvars"}
    kept |= {"logs/today.txt", "var/x/out.log.1", "var/.env", "var/log/deep/app.json", "var/prod.env"}
    for name in (*kept, "var/x/compose.yaml", "logs/rotate.py", "var/log/rotate.js", "a.ts", "var/env.ts"):
        lay(app, name)
    assert listed(app) == kept


def test_a_nearer_file_and_a_later_pattern_overrule(app: Path) -> None:
    lay(app, ".gitignore", "*.js\n!keep.js\nlib/*\n!lib/mine\n")
    lay(app, "web/.gitignore", "!app.js\nkeep.js\n")
    for name in ("a.js", "keep.js", "web/a.js", "web/app.js", "web/keep.js", "web/x/app.js", "lib/b.py", "lib/other/c.py", "lib/mine/d.py"):
        lay(app, name)
    assert listed(app) - {"web/.gitignore"} == {"keep.js", "web/app.js", "web/x/app.js", "lib/mine/d.py"}


@pytest.mark.parametrize("named", ["gen", "gen/deep", "gen/deep/a.ts"])
def test_what_is_named_is_read_though_it_is_ignored(app: Path, named: str) -> None:
    lay(app, ".gitignore", "gen\n")
    lay(app, "gen/deep/a.ts")
    lay(app, "b.ts")
    where = {"files" if named.endswith(".ts") else "folders": (app / named,)}
    assert [file.name for file in survey(Target(app, **where)).files] == ["gen/deep/a.ts"]
    assert listed(app, app, app / "gen") == {"b.ts", "gen/deep/a.ts"}
    assert listed(app) == {"b.ts"}


def test_a_folder_deep_in_a_work_tree_is_read_by_the_patterns_above_it(app: Path) -> None:
    inside = (app / ".git").exists()
    lay(app, ".gitignore", "*.gen.ts\n/apps/web/out-of-it/\n")
    if inside:
        lay(app, ".git/info/exclude", "scratch/\n")
    for name in ("apps/web/a.ts", "apps/web/a.gen.ts", "apps/web/out-of-it/b.ts", "apps/web/scratch/c.ts", "apps/web/d/out-of-it/e.ts"):
        lay(app, name)
    if not inside:
        # Outside of a work tree nothing above the target counts.
        assert listed(app / "apps/web") == {"a.ts", "a.gen.ts", "out-of-it/b.ts", "scratch/c.ts", "d/out-of-it/e.ts"}
        return
    assert listed(app / "apps/web") == {"a.ts", "d/out-of-it/e.ts"}
    (app / ".gitignore").unlink()
    assert listed(app / "apps/web") == {"a.ts", "a.gen.ts", "out-of-it/b.ts", "d/out-of-it/e.ts"}


def test_another_repository_below_goes_by_its_own_patterns(app: Path) -> None:
    lay(app, ".gitignore", "a.ts\n")
    for name in ("a.ts", "b.ts", "tool/a.ts", "tool/b.ts", "tool/c/b.ts"):
        lay(app, name)
    lay(app, "tool/.gitignore", "b.ts\n")
    if not (app / ".git").exists():
        assert listed(app) == {"b.ts", "tool/.gitignore"}
        return
    shutil.copytree(app / ".git", app / "tool/.git")
    assert listed(app) == {"b.ts", "tool/.gitignore", "tool/a.ts"}


@needs_git
def test_what_was_added_to_git_is_not_ignored(tmp_path: Path) -> None:
    lay(tmp_path, ".gitignore", "lib/\n*.gen.ts\n")
    for name in ("lib/a.ts", "lib/b.ts", "c.gen.ts", "d.gen.ts", "x/lib/e.ts"):
        lay(tmp_path, name)
    run_git(tmp_path, "init", "-q")
    run_git(tmp_path, "add", "-f", "lib/a.ts", "c.gen.ts")
    assert listed(tmp_path) == {"lib/a.ts", "c.gen.ts"}


@needs_git
def test_submodules_and_linked_work_trees_go_by_their_own_index(tmp_path: Path) -> None:
    lay(tmp_path, "tool/.gitignore", "lib/\n")
    lay(tmp_path, "tool/lib/a.ts")
    lay(tmp_path, "tool/lib/b.ts")
    run_git(tmp_path / "tool", "init", "-q")
    run_git(tmp_path / "tool", "add", "-f", ".gitignore", "lib/a.ts")
    run_git(tmp_path / "tool", "commit", "-q", "-m", "x")
    (tmp_path / "app").mkdir()
    run_git(tmp_path / "app", "init", "-q")
    run_git(tmp_path / "app", "submodule", "add", "-q", str(tmp_path / "tool"), "tool")
    run_git(tmp_path / "tool", "worktree", "add", "-q", str(tmp_path / "linked"))
    for place in (tmp_path / "app/tool", tmp_path / "linked"):
        lay(place, "lib/c.ts")
        lay(place, "lib/d/e.ts")
        assert listed(place) - {".git"} == {"lib/a.ts"}
        assert (Path(git.git_folder(str(place))) / "index").is_file()
    assert "tool/lib/a.ts" in listed(tmp_path / "app")
    assert "tool/lib/c.ts" not in listed(tmp_path / "app")


@needs_git
def test_a_repository_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app, trace = tmp_path / "app", tmp_path / "trace"
    lay(app, ".gitignore", "gen/\n")
    lay(app, "gen/a.ts")
    lay(app, "b.ts")
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\necho $0 >> {trace}\nexit 0\n")
    script.chmod(0o755)
    run_git(app, "init", "-q")
    for setting in ("core.fsmonitor", "core.pager", "pager.ls-files", "core.sshCommand", "core.gitProxy", "filter.x.clean", "core.alternateRefsCommand"):
        run_git(app, "config", setting, str(script))
    run_git(app, "config", "core.hooksPath", str(app))
    run_git(app, "config", "alias.ls-files", f"!{script}")
    run_git(app, "config", "core.excludesFile", str(tmp_path / "other"))
    (tmp_path / "other").write_text("b.ts\n")
    shutil.copy(script, app / "post-index-change")
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(script))
    before = (app / ".git").stat().st_mtime_ns, sorted(os.listdir(app / ".git"))
    assert listed(app) == {"b.ts", "post-index-change"}
    assert not trace.exists()
    assert before == ((app / ".git").stat().st_mtime_ns, sorted(os.listdir(app / ".git")))


@needs_git
def test_git_is_not_asked_where_no_pattern_can_stand_for_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("callcheck.sources.gitignore.ignored", lambda top, within: asked.append(within))
    lay(tmp_path, ".gitignore", "# Logs\nlogs\n*.log\n\nnode_modules/\n.env*\n/dist/\n*.py[cod]\n__pycache__/\n")
    for name in ("src/a.ts", "a.log", ".env", "node_modules/b/index.js", "__pycache__/c.pyc"):
        lay(tmp_path, name)
    run_git(tmp_path, "init", "-q")
    assert listed(tmp_path) == {"src/a.ts", "a.log", ".env"}
    assert asked == []
    lay(tmp_path, "dist/index.js")
    assert listed(tmp_path) == {"src/a.ts", "a.log", ".env"}
    assert asked == ["."]


def test_a_git_that_hangs_fails_or_cannot_start_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "LONGEST_S", 0.3)
    lay(tmp_path, "app/.gitignore", "gen/\n")
    lay(tmp_path, "app/.git/HEAD")
    lay(tmp_path, "app/gen/a.ts")
    for number, text in enumerate(("#!/bin/sh\nexec sleep 60\n", "#!/bin/sh\nprintf 'b.ts\\0'; exit 128\n", "\0")):
        program = tmp_path / f"bin{number}" / "git"
        program.parent.mkdir()
        program.write_text(text)
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))
        lay(tmp_path, "app/b.ts")
        assert listed(tmp_path / "app") == {"b.ts"}


@pytest.mark.parametrize("what", ["a pipe", "a link", "a folder", "very long", "not UTF-8"])
def test_a_strange_file_of_patterns_does_no_harm(tmp_path: Path, what: str) -> None:
    lay(tmp_path, "b.ts")
    place = tmp_path / ".gitignore"
    if what == "a pipe":
        os.mkfifo(place)
    elif what == "a link":
        lay(tmp_path, "patterns", "*.ts\n")
        place.symlink_to("patterns")
    elif what == "a folder":
        place.mkdir()
    else:
        place.write_bytes(b"*.ts\n" + (b"x" * 2_000_000 if what == "very long" else b"\xff\xfe\n!b.ts\n"))
    assert "b.ts" in listed(tmp_path)


_PART = st.sampled_from(["a", "b", "src", "gen", "*", "**", "*.ts", "a.*", "?.py", "[ab].ts", "[!a].py", "A", "a b", "s*c", "\\#a", "a\\*", "[[:alpha:]].ts", "[", "b[]a", "***", "a**", "\\", "[a-c].py", "[^a].ts"])
_PATTERN = st.builds(
    lambda no, root, parts, end: f"{no}{root}{'/'.join(parts)}{end}",
    st.sampled_from(["", "", "", "!"]), st.sampled_from(["", "", "/"]), st.lists(_PART, min_size=1, max_size=3), st.sampled_from(["", "", "/", "/*", "/**", " ", "\r"]),
)  # fmt: skip
_PATTERNS = st.lists(st.one_of(_PATTERN, _PATTERN, st.sampled_from(["", "# a", "   "])), max_size=6).map(lambda lines: "\n".join(lines) + "\n")
_FOLDER = st.lists(st.sampled_from(["a", "b", "src", "gen", "a b"]), max_size=3).map("/".join)
_FILE = st.builds("{}/{}".format, _FOLDER, st.sampled_from(["a.ts", "b.ts", "a.py", "c.py", "#a.ts", "a*.ts", "deploy.yaml"])).map(lambda name: name.lstrip("/"))


@needs_git
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.sets(_FILE, min_size=1, max_size=12), patterns=st.dictionaries(_FOLDER, _PATTERNS, min_size=1, max_size=3), data=st.data())
def test_the_patterns_say_what_git_says(files: set[str], patterns: dict[str, str], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
        base = Path(place)
        for name in files:
            lay(base, name)
        for folder, lines in patterns.items():
            lay(base, f"{folder}/.gitignore".lstrip("/"), lines)
        start = base / data.draw(st.sampled_from(sorted({os.path.dirname(name) for name in files})))
        alone = listed(base)
        run_git(base, "init", "-q")
        by_git = listed(base), listed(start)
        patched.setenv("PATH", "")
        assert (listed(base), listed(start)) == by_git
        assert alone == by_git[0]
