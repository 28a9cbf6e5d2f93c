"""Is a value of a Compose file surely empty, and which names does an env file that is not here promise?

    env_file: [keys.env]                                  # keys.env.example lists OPENAI_API_KEY
    environment:
      OPENAI_API_KEY: ${OPENAI_API_KEY:-}                 # beats the file, and nothing here fills the hole

Source: docs.docker.com/compose/how-tos/environment-variables/envvars-precedence.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.environment.setting import beside, dotenv
from callcheck.sources.files import File
from callcheck.sources.launch.find import scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_BLANK_HOLE = pattern(r"^\s*\$(?:\{(\w{1,100})(?::?-)?\}|(\w{1,100}))\s*$")
"""A hole that leaves nothing where its variable is not set: `${KEY}`, `${KEY:-}`."""
_EXAMPLES = ("{0}.example", "{0}.sample", "{0}.template", "{0}.dist", "{0}.tmpl", "example{0}", "sample{0}", "example.{0}")
_GIVEN_AS_A_WHOLE = "--env-file"
"""The option by which Compose fills holes from another file than `.env`."""


def is_empty(eyes: Eyes, value: object, known: Mapping[str, str], file: File) -> bool:
    """Whether nothing is written, or a hole alone that neither `.env` nor its example, nor a script, nor what a README exports fills."""
    if value == "":
        return True
    found = _BLANK_HOLE.match(value) if isinstance(value, str) else None
    name = (found[1] or found[2]) if found else ""
    if not name or name in known or name in promised(eyes, file, ".env"):
        return False
    if any(True for word in (name, _GIVEN_AS_A_WHOLE) for _ in scripts(eyes, word)):
        return False
    return not any(f"export {name}" in eyes.readable(guide) or _GIVEN_AS_A_WHOLE in eyes.readable(guide) for guide in eyes.tree.named("*.md"))


def promised(eyes: Eyes, file: File, path: str) -> frozenset[str]:
    """The names that the example beside an env file lists."""
    folder, base = posixpath.split(path)
    examples = (beside(eyes, file, posixpath.join(folder, each.format(base))) for each in _EXAMPLES)
    return frozenset(name for each in examples if each is not None for name, _, _ in dotenv(eyes, each))
