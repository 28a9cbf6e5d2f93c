"""Which of several files is believed."""

from __future__ import annotations

import pytest


def _told(found) -> tuple[str, str, str, int] | None:
    return (found.version, found.how, found.path, found.line) if found else None


def test_the_nearest_manifest_above_a_file_wins(packages_of) -> None:
    packages = packages_of(
        {
            "package.json": '{"dependencies": {"bullmq": "^4.2.0"}}',
            "apps/web/package.json": '{\n  "dependencies": {\n    "bullmq": "5.41.2"\n  }\n}',
        }
    )
    assert _told(packages.version("bullmq", "apps/web/src/a.ts")) == ("5.41.2", "pinned", "apps/web/package.json", 3)
    assert _told(packages.version("bullmq", "apps/api/a.ts")) == ("4.2.0", "declared", "package.json", 1)


def test_a_nearer_range_wins_over_a_lock_above_that_does_not_satisfy_it(packages_of) -> None:
    lock = '{\n  "lockfileVersion": 3,\n  "packages": {\n    "node_modules/ws": {\n      "version": "8.18.0"\n    }\n  }\n}'
    packages = packages_of(
        {
            "package-lock.json": lock,
            "old/package.json": '{"dependencies": {"ws": "^7.0.0"}}',
            "new/package.json": '{"dependencies": {"ws": "^8.0.0"}}',
        }
    )
    assert _told(packages.version("ws", "old/a.js")) == ("7.0.0", "declared", "old/package.json", 1)
    assert _told(packages.version("ws", "new/a.js")) == ("8.18.0", "locked", "package-lock.json", 5)


def test_what_is_installed_is_believed_first(packages_of) -> None:
    packages = packages_of(
        {
            "package.json": '{"dependencies": {"ws": "^8.0.0"}}',
            "node_modules/ws/package.json": '{\n  "name": "ws",\n  "version": "8.11.0"\n}',
            "requirements.txt": "redis>=5\n",
            ".venv/pyvenv.cfg": "version = 3.12.1\n",
            ".venv/lib/python3.12/site-packages/redis-6.2.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: redis\nVersion: 6.2.0\n",
        }
    )
    assert _told(packages.version("ws", "src/a.ts")) == ("8.11.0", "installed", "node_modules/ws/package.json", 3)
    path = ".venv/lib/python3.12/site-packages/redis-6.2.0.dist-info/METADATA"
    assert _told(packages.version("redis", "app.py")) == ("6.2.0", "installed", path, 3)


def test_python_names_and_files(packages_of) -> None:
    packages = packages_of(
        {
            "requirements/base.txt": "# pinned\n-r other.txt\nFlask_SocketIO[x]==5.3.6 ; python_version > '3.8'  # why\ncelery>=5.3,<6 \\\n    --hash=sha256:aa\n",
            "svc/pyproject.toml": '[project]\nname = "svc"\ndependencies = [\n  "discord.py~=2.3",\n  "redis @ https://host/redis.whl",\n]\n[tool.poetry.dependencies]\npython = "^3.10"\nlanggraph = {version = "0.2.5", extras = ["x"]}\n[dependency-groups]\ndev = ["pytest>=8"]\n',
        }
    )
    assert _told(packages.version("flask-socketio", "app/web.py")) == ("5.3.6", "pinned", "requirements/base.txt", 3)
    assert _told(packages.version("celery", "app/web.py")) == ("5.3", "declared", "requirements/base.txt", 4)
    assert _told(packages.version("discord.py", "svc/a.py")) == ("2.3", "declared", "svc/pyproject.toml", 4)
    assert _told(packages.version("langgraph", "svc/a.py")) == ("0.2.5", "pinned", "svc/pyproject.toml", 9)
    assert packages.version("pytest", "svc/a.py").open_ended
    assert packages.version("redis", "svc/a.py") is None
    assert _told(packages.runtime("python", "svc/a.py")) == ("3.10", "declared", "svc/pyproject.toml", 8)


@pytest.mark.parametrize(
    ("name", "text", "python", "node"),
    [
        ("Dockerfile", "FROM python:3.10-slim\nCMD x", "3.10", ""),
        ("Dockerfile", "ARG PYTHON_VERSION=3.10.4\nFROM --platform=linux/amd64 python:${PYTHON_VERSION}-slim AS base\nFROM base AS run", "3.10.4", ""),
        ("Dockerfile", "FROM node:20 AS ui\nFROM docker.io/library/python:3.12-alpine", "3.12", ""),
        ("Dockerfile", "FROM node:20 AS build\nRUN x\nFROM nginx:1.27", "", ""),
        ("Dockerfile", "FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "3.12", ""),
        ("Dockerfile", "FROM public.ecr.aws/lambda/nodejs:16", "", "16"),
        ("Dockerfile", "FROM node:16-alpine as app", "", "16"),
        ("Dockerfile", "FROM python:latest", "", ""),
        (".python-version", "3.10.4\n", "3.10.4", ""),
        ("runtime.txt", "python-3.10.12\n", "3.10.12", ""),
        (".nvmrc", "v16.20.2\n", "", "16.20.2"),
        (".nvmrc", "lts/iron\n", "", ""),
        (".tool-versions", "nodejs 18.2.0\npython 3.11.1\n", "3.11.1", "18.2.0"),
        ("package.json", '{"engines": {"node": "^20.1.0"}}', "", "20.1.0"),
        ("package.json", '{"volta": {"node": "18.17.0"}, "engines": {"node": ">=16"}}', "", "18.17.0"),
        ("pyproject.toml", '[project]\nrequires-python = ">=3.9,<3.11"\n', "3.9", ""),
        ("Pipfile", '[requires]\npython_version = "3.10"\n', "3.10", ""),
    ],
)  # fmt: skip
def test_a_runtime_is_read(packages_of, name: str, text: str, python: str, node: str) -> None:
    packages = packages_of({name: text})
    found = [packages.runtime(each, "src/a.py") for each in ("python", "node")]
    assert [each.version if each else "" for each in found] == [python, node]


def test_what_an_image_runs_outranks_what_a_manifest_allows_wherever_it_lies(packages_of) -> None:
    packages = packages_of(
        {"svc/pyproject.toml": '[project]\nrequires-python = ">=3.10"\n', "deploy/Dockerfile": "FROM python:3.12-slim\n"}
    )
    assert _told(packages.runtime("python", "svc/a.py")) == ("3.12", "pinned", "deploy/Dockerfile", 1)


def test_two_images_that_disagree_say_nothing(packages_of) -> None:
    packages = packages_of({"a/Dockerfile": "FROM python:3.12\n", "b/Dockerfile": "FROM python:3.10\n"})
    assert packages.runtime("python", "app/x.py") is None
    assert _told(packages.runtime("python", "b/x.py")) == ("3.10", "pinned", "b/Dockerfile", 1)


def test_a_package_name_cannot_lead_out_of_node_modules(packages_of) -> None:
    packages = packages_of({"package.json": "{}", "secret/package.json": '{"version": "1.0.0"}', "node_modules/a/package.json": "{}"})
    assert packages.version("../secret", "a.ts") is None
    assert packages.version("..", "a.ts") is None


def test_a_broken_manifest_is_reported_and_the_rest_is_read(packages_of) -> None:
    packages = packages_of({"package.json": "{,", "requirements.txt": "redis==5.0.1\n"})
    assert packages.version("ws", "a.ts") is None
    assert [lost.what for lost in packages.lost] == ["package.json"]
    assert packages.version("redis", "a.py").version == "5.0.1"
