"""Which folders of a repository are apps of their own?

    apps/web/package.json, apps/web/vercel.json          apps/worker/package.json: {"scripts": {"start": "node src/index.mjs"}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.launch.find import folder_of

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_PACKAGES = ("package.json", "pyproject.toml", "requirements.txt")
_DEPLOYED = (
    "Dockerfile*", "*.Dockerfile", "Procfile", "fly.toml", "vercel.json", "netlify.toml", "wrangler.toml", "wrangler.json", "wrangler.jsonc",
    "serverless.y*ml", "host.json", "railway.json", "render.yaml", "app.yaml",
)  # fmt: skip
"""What says of its own folder how it is deployed."""
_STARTS = pattern(r"\"scripts\"\s*:\s*\{[^{}]{0,8000}?\"start\"\s*:")


def homes(eyes: Eyes) -> frozenset[str]:
    """The folders below the top that hold a package, and say how it is started or deployed; a library's package says neither."""
    packages = {folder_of(file.name) for file in eyes.tree.named(*_PACKAGES)} - {""}
    found = packages & {folder_of(file.name) for file in eyes.tree.named(*_DEPLOYED)} if packages else set()
    for file in eyes.tree.named("package.json") if packages else ():
        if (folder := folder_of(file.name)) and folder not in found and _starts(eyes, file):
            found.add(folder)
    return frozenset(found)


def _starts(eyes: Eyes, file: File) -> bool:
    try:
        return _STARTS.search(eyes.text(file)) is not None
    except SourceError:
        return False
