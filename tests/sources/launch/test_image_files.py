"""What is copied into an image is followed through its stages, and what a command may have made is left open."""

from __future__ import annotations

import pytest

from callcheck.sources.launch.image_files import image_files

FILES = ("package.json", "src/app.ts", "src/jobs/mail.ts", "templates/a.hbs", "templates/b/c.hbs", "notes.md")
BUILD = "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM node:20-alpine\nWORKDIR /srv\nCOPY --from=build /app/dist ./dist\nCOPY --from=build /app/package.json .\n"


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        ("FROM node:20\nWORKDIR /app\nCOPY . .\n", ["/app/templates/b/c.hbs", "/app/src/app.ts"], ["/templates/a.hbs"]),
        ("FROM node:20\nWORKDIR /app\nCOPY src ./src\nCOPY package.json *.md ./\n", ["/app/src/jobs/mail.ts", "/app/notes.md", "/app/package.json"], ["/app/templates/a.hbs"]),
        ("FROM node:20\nCOPY [\"templates/\", \"/opt/t/\"]\n", ["/opt/t/a.hbs", "/opt/t/b/c.hbs"], ["/opt/t/templates/a.hbs"]),
        ("FROM node:20\nCOPY templates/a.hbs /opt/one.hbs\n", ["/opt/one.hbs"], ["/opt/a.hbs"]),
        (BUILD, ["/srv/package.json", "/srv/dist/anything.js"], ["/srv/templates/a.hbs"]),
        (BUILD + "COPY --from=build /app/templates ./templates\n", ["/srv/templates/a.hbs"], ["/srv/src/app.ts"]),
        ("FROM node:20 AS base\nWORKDIR /app\nCOPY templates templates\nFROM base\nCOPY src src\n", ["/app/templates/a.hbs", "/app/src/app.ts"], ["/app/notes.md"]),
        ("FROM node:20\nENV HOME_OF_APP=/home/app\nWORKDIR $HOME_OF_APP\nCOPY src ${HOME_OF_APP}/src\n", ["/home/app/src/app.ts"], ["/home/app/notes.md"]),
        ("FROM node:20\nARG ROOT=/srv\nWORKDIR ${ROOT:-/app}\nCOPY src src\n", ["/srv/src/app.ts"], ["/srv/notes.md"]),
        ("FROM node:20\nENV ROOT='/srv'\nWORKDIR $ROOT\nCOPY src src\n", ["/srv/src/app.ts"], ["/srv/notes.md"]),
        ("FROM node:20\nWORKDIR /app\nRUN git clone https://example.com/a .\n", ["/app/templates/a.hbs"], ["/opt/a.hbs"]),
        ("FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\n", ["/app/package-lock.json"], ["/app/templates/a.hbs"]),
    ],
)  # fmt: skip
def test_where_the_files_are(text: str, there: list[str], absent: list[str]) -> None:
    image = image_files(text, FILES, lambda name: False)
    assert image is not None
    assert [place for place in (*there, *absent) if image.lacks(place)] == absent


@pytest.mark.parametrize("text", ["FROM registry.example.com/own/base:1\nCOPY src src\n", "FROM node:20\nCOPY $WHAT ./\n", ""])
def test_what_cannot_be_followed_is_no_image(text: str) -> None:
    assert image_files(text, FILES, lambda name: False) is None


def test_a_stage_is_built_from_what_it_is_given_and_from_what_that_one_was() -> None:
    image = image_files(BUILD, FILES, lambda name: name == "notes.md")
    assert image is not None and image.built_from == set(FILES) - {"notes.md"} and image.line == 8
    only = image_files("FROM node:20\nCOPY src src\n", FILES, lambda name: False)
    assert only is not None and only.built_from == {"src/app.ts", "src/jobs/mail.ts"}
