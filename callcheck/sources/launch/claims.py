"""Does the only Dockerfile of a target, or its package, make another image than the one that is asked for?

    CMD ["python", "-m", "bot.main"]        # clinic-bot is what it builds, and clinic-website is another project's
    image: registry.example/clinic-bot:1.9.0
    image: registry.example/clinic-website:4.2.0

    {"name": "clinic-bot", "scripts": {"start": "node bot.js"}}      # says what clinic-bot starts
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch.find import GENERIC, image_name
from callcheck.sources.launch.roles import role_of_image

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_IMAGE = pattern(r"(?m)^[ \t]*(?:-[ \t]+)?image:[ \t]*[\"']?([\w./:@-]+)")
_STARTS = pattern(r"(?i)^\s*(?:CMD|ENTRYPOINT|COPY|WORKDIR)\b")
_NAMED = pattern(r"(?m)^[ \t]*\"name\"[ \t]*:[ \t]*\"([^\"\n]{1,120})\"")
_LARGEST = 300_000


def of_another(eyes: Eyes, file: File, name: str) -> bool:
    """Whether what a Dockerfile starts and copies, or the name of a package.json, bears a word of another image of the deployment, and none of this one's own."""
    images = eyes.once(("claimed-images",), lambda: _images(eyes)) if name else frozenset()
    if name not in images or len(images) < 2:
        return False
    common = frozenset.intersection(*map(_words, images)) | GENERIC
    text = eyes.readable(file)
    said = _NAMED.findall(text)[:1] if file.suffix == ".json" else [line for line in text.splitlines() if _STARTS.match(line)]
    starts = _words(" ".join(said)) - common
    return not starts & _words(name) and any(starts & _words(each) for each in images)


def _images(eyes: Eyes) -> frozenset[str]:
    """The names of the images that the deployment's YAML files start, but those of known products."""
    found: set[str] = set()
    for file in eyes.tree.named("*.yaml", "*.yml"):
        written = _IMAGE.findall(eyes.readable(file, _LARGEST))
        found |= {name for each in written if not role_of_image(each) and (name := image_name(each))}
    return frozenset(found)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", text.lower()))
