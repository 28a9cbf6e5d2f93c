"""Which environment variables does a deployment give to which of its units?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.environment.setting import OPEN, Setting

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["OPEN", "Setting", "given", "settings"]


def settings(eyes: Eyes) -> tuple[Setting, ...]:
    """Every variable that a file of the target sets, unit by unit; read once for all who ask. Files that cannot be read say nothing."""
    return eyes.once(("settings",), lambda: tuple(_read(eyes)))


def given(eyes: Eyes, system: str, unit: str) -> dict[str, str]:
    """The plain values that a platform gives to one of its units, by the files of the target."""
    return {each.name: each.value for each in settings(eyes) if each.system == system and each.unit in ("", unit) and each.value and each.name != OPEN}


def _read(eyes: Eyes) -> Iterator[Setting]:
    from callcheck.sources.environment import azure, compose, kamal, kube, platforms, railway, started

    yield from compose.read(eyes)
    yield from kube.read(eyes)
    if eyes.tree.named("*.nomad", "*.hcl"):
        from callcheck.sources.environment import nomad

        yield from nomad.read(eyes)
    yield from platforms.read(eyes)
    yield from started.read(eyes)
    yield from kamal.read(eyes)
    yield from railway.read(eyes)
    yield from azure.read(eyes)
    if eyes.tree.named("*.tf"):
        from callcheck.sources.environment import terraform

        yield from terraform.read(eyes)
