"""Patterns and lists by which handlers are loaded, and what they find."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.loaders import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
MAIN = "import { globSync } from 'glob';\nfor (const file of globSync('%s')) await import(file);\n"


@pytest.mark.parametrize("found", ["dist/hooks/*.js", "hooks/**/*.{ts,js}", "src/hooks/*"])
def test_a_pattern_that_finds_the_files_is_no_matter(tmp_path: Path, found: str) -> None:
    assert look(tmp_path, {"src/main.ts": MAIN % found, "src/hooks/paid.ts": "export default () => {};\n"}) == []


def test_a_pattern_that_finds_no_file_is_told(tmp_path: Path) -> None:
    (item,) = look(tmp_path, {"src/main.ts": MAIN % "src/listeners/*.ts", "src/hooks/paid.ts": "export default () => {};\n"})
    assert (item.fact.attributes()["callcheck.receiver.name"], item.where.line) == ("src/listeners/*.ts", 2)


@pytest.mark.parametrize("data", ["starter/**/package.json", "docs/*.mdx", "schema/**/*.graphql"])
def test_a_pattern_of_data_brings_in_no_handlers(tmp_path: Path, data: str) -> None:
    assert look(tmp_path, {"src/main.ts": MAIN % data}) == []


@pytest.mark.parametrize(("use", "told"), [("require(file)", 1), ("check(readFileSync(file, 'utf8'))", 0)])
def test_files_that_are_only_read_hold_no_handlers(tmp_path: Path, use: str, told: int) -> None:
    text = f"import {{ readFileSync }} from 'fs';\nimport {{ globSync }} from 'glob';\nfor (const file of globSync('src/listeners/*.ts')) {use};\n"
    assert len(look(tmp_path, {"src/main.ts": text, "src/hooks/paid.ts": "export default () => {};\n"})) == told


ENV = "export const env = { hooks: process.env.HOOKS ?? 'dist/hooks/*.js' };\n"
BY_ENV = {
    "src/env.ts": ENV,
    "src/load.ts": "import fg from 'fast-glob';\nexport function load(found: string) {\n  for (const file of fg.sync(found)) require(file);\n}\n",
    "src/main.ts": "import { env } from './env';\nimport { load } from './load';\nload(env.hooks);\n",
    "src/hooks/paid.ts": "export default () => {};\n",
    "Dockerfile": "FROM node:22\nCOPY dist dist\nCMD [\"node\", \"dist/main.js\"]\n",
}
COMPOSE = "services:\n  web:\n    build: .\n    environment:\n      HOOKS: %s\n"
SOURCE = {
    "src/data.ts": "import { DataSource } from 'typeorm';\nexport const data = new DataSource({ subscribers: [process.env.HOOKS] });\n",
    "src/hooks/paid.ts": "import { EventSubscriber } from 'typeorm';\n@EventSubscriber()\nexport class Paid {}\n",
    "Dockerfile": BY_ENV["Dockerfile"],
}
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          env:\n            - name: HOOKS\n              value: '%s'\n"


@pytest.mark.parametrize(
    ("files", "at"),
    [
        (BY_ENV | {"compose.yml": COMPOSE % "src/hooks/*.ts"}, "compose.yml:5"),
        (BY_ENV | {"compose.yml": COMPOSE % "dist/listeners/*.js"}, "compose.yml:5"),
        (SOURCE | {"k8s.yaml": POD % "src/hooks/**/*.ts"}, "k8s.yaml:11"),
        ({**BY_ENV, "src/main.ts": "import fg from 'fast-glob';\nfor (const f of fg.sync((process.env.HOOKS ?? '').split(','))) require(f);\n", "compose.yml": COMPOSE % "src/a/*.ts,src/hooks/*.ts"}, "compose.yml:5"),
    ],
)
def test_a_pattern_that_the_deployment_hands_over_is_told_where_it_is_set(tmp_path: Path, files: dict[str, str], at: str) -> None:
    assert [str(item.where) for item in look(tmp_path, files) if item.fact.how == "pattern"] == [at]


@pytest.mark.parametrize(
    "files",
    [
        BY_ENV | {"compose.yml": COMPOSE % "dist/hooks/*.js"},
        BY_ENV | {"compose.dev.yml": COMPOSE % "src/hooks/*.ts"},
        BY_ENV | {"compose.yml": COMPOSE % "src/hooks/*.ts" + "    command: npm run dev\n"},
        BY_ENV | {"compose.yml": COMPOSE % "src/hooks/*.ts", "Dockerfile": "FROM node:22\nCOPY . .\nCMD [\"npx\", \"ts-node\", \"src/main.ts\"]\n"},
        SOURCE | {"k8s.yaml": POD % "dist/hooks/*.js"},
    ],
)
def test_a_pattern_that_is_handed_over_and_fits_is_no_matter(tmp_path: Path, files: dict[str, str]) -> None:
    assert [item.fact for item in look(tmp_path, files) if item.fact.how == "pattern"] == []
