"""Which files of the project are in the image that a Dockerfile builds, and where?

    FROM node:20 AS build
    COPY templates ./templates
    FROM node:20
    COPY --from=build /app/dist ./dist        # the templates stay behind

Every COPY and ADD is followed with the project's own files, through the stages. What a command makes, and what is copied from where one ran, may hold anything; what cannot be
followed at all makes no image. Sources: docs.docker.com/reference/dockerfile (COPY, ADD, WORKDIR), docs.docker.com/build/concepts/context (.dockerignore).
"""

from __future__ import annotations

import fnmatch
import json
import posixpath
import re
from collections.abc import Callable, Collection, Sequence

from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern
from callcheck.sources.launch.image import env_of, instructions
from callcheck.sources.launch.words import expanded

_FILE = pattern(r"\.\w+$|lock$|file$")
"""A name of a file rather than of a folder, for what is not in the project."""
_FETCHES = pattern(r"\bgit clone\b|\bcurl\b|\bwget\b|\btar\b|\bunzip\b|\baws s3\b|\bgsutil\b|\brsync\b|<<")
_PUBLIC = pattern(r"^(?:docker\.io/|library/|gcr\.io/distroless/|public\.ecr\.aws/(?:lambda|docker)/|mcr\.microsoft\.com/|cgr\.dev/chainguard/|ghcr\.io/astral-sh/|oven/|denoland/|bitnami/|lukechannings/)*[\w.-]+(?:[:@]\S+)?$")
"""Images that hold no file of an app."""


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """The last stage, or one on the way to it."""

    folder: str = "/"
    """Where relative paths begin: the last WORKDIR."""
    files: dict[str, str] = field(default_factory=dict)
    """Place in the image -> file of the project."""
    anything: frozenset[str] = frozenset()
    """Folders of the image that may hold whatever a command made."""
    built_from: frozenset[str] = frozenset()
    """All files of the project that were copied into its stages, and into those it copies from."""
    line: int = 0
    """Of the last COPY."""

    def lacks(self, place: str) -> bool:
        """Whether nothing is, or may be, at a place of the image."""
        return place not in self.files and not any(place == held or place.startswith(held.rstrip("/") + "/") for held in self.anything)


def image_files(text: str, files: Collection[str], ignored: Callable[[str], bool]) -> ImageFiles | None:
    """What the last stage holds, for the files of its build context by their names there; None if that cannot be followed."""
    stages: dict[str, ImageFiles] = {}
    given = [name for name in files if not ignored(name)]
    known: dict[str, str] = {}
    now, name = ImageFiles(), ""
    for line, instruction, rest in instructions(text):
        words = [word for word in rest.replace("\\\n", " ").split() if not word.startswith("--")]
        if instruction == "FROM":
            base = words[0] if words else ""
            name = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else str(len(stages))
            if base.lower() not in stages and not _PUBLIC.match(base):
                return None
            now = stages.get(base.lower(), ImageFiles())
        elif instruction in ("ENV", "ARG"):
            known |= env_of(rest)
        elif instruction == "WORKDIR" and words:
            now = replace(now, folder=posixpath.join(now.folder, expanded(words[0], known)))
        elif instruction == "RUN" and _FETCHES.search(rest):
            now = replace(now, anything=now.anything | {now.folder})
        elif instruction in ("COPY", "ADD"):
            stage = re.search(r"--from=(\S+)", rest)
            parts = [expanded(each, known) for each in _listed(words)]
            if len(parts) < 2 or any("$" in each or "<<" in each for each in parts):
                return None
            now = _copied(now, stages.get(stage[1].lower()) if stage else None, bool(stage), parts, given)
            now = replace(now, line=line)
        stages[name] = now
    return now if stages else None


def _listed(words: Sequence[str]) -> list[str]:
    """The sources and the destination, of either form."""
    if words and words[0].startswith("["):
        try:
            return [str(each) for each in json.loads(" ".join(words))]
        except ValueError:
            return []
    return list(words)


def _copied(now: ImageFiles, stage: ImageFiles | None, foreign: bool, parts: Sequence[str], given: Sequence[str]) -> ImageFiles:
    """An image after one COPY: from the context, from a stage, or (`foreign` without a stage) from another image."""
    *sources, last = parts
    into = posixpath.normpath(posixpath.join(now.folder, last))
    whole = last.endswith(("/", ".")) or len(sources) > 1
    files, anything, taken = dict(now.files), set(now.anything), set(stage.built_from if stage is not None else ())
    held = {place: place for place in stage.files} if stage is not None else {} if foreign else {f"/{name}": name for name in given}
    for source in sources:
        wanted = posixpath.normpath(posixpath.join("/" if stage is None else stage.folder, source))
        for place in _named(wanted, held):
            inner = posixpath.relpath(place, wanted) if place.startswith(wanted.rstrip("/") + "/") else ""
            target = posixpath.join(into, inner) if inner else posixpath.join(into, posixpath.basename(place)) if whole or "*" in wanted else into
            name = stage.files[place] if stage is not None else held[place]
            files[posixpath.normpath(target)] = name
            taken.add(name)
        if wanted not in held and (foreign or not _named(wanted, held)):
            named_file = _FILE.search(posixpath.basename(wanted)) and "*" not in wanted
            anything.add(posixpath.join(into, posixpath.basename(wanted)) if named_file and whole else into)
    return replace(now, files=files, anything=frozenset(anything), built_from=now.built_from | taken)


def _named(wanted: str, held: Collection[str]) -> list[str]:
    """The files that a source names: itself, all below it, or those of a pattern."""
    if any(sign in wanted for sign in "*?["):
        return [place for place in held if fnmatch.fnmatchcase(place, wanted)]
    return [place for place in held if place == wanted or place.startswith(wanted.rstrip("/") + "/")]
