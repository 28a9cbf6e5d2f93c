"""Packages that no framework names, as a project's imports give them."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Framework
from callcheck.model.shelf import root, spine
from callcheck.sources.code.strangers import filled, unknown


def framework(packages: tuple[str, ...] = (), objects: dict[str, tuple[str, ...]] | None = None) -> Framework:
    return Framework("known", "Known", ("javascript", "python"), packages, {}, objects or {}, ())


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("@acme/bus", "@acme/bus"),
        ("@acme/bus/client", "@acme/bus"),
        ("socket.io-client/dist/x", "socket.io-client"),
        ("acme.bus.core", "acme"),
        ("acme", "acme"),
        ("@/lib/bus", ""),
        ("~/lib/bus", ""),
        ("#bus", ""),
    ],
)
def test_the_package_of_an_import(module: str, package: str) -> None:
    assert root(module) == package


def test_what_a_framework_names_and_what_comes_with_the_language_is_no_stranger() -> None:
    known = spine(framework(packages=("socket.io", "redis.asyncio")))
    outside = ("socket.io/dist", "redis", "asyncio", "collections.abc", "fs/promises", "worker_threads", "@acme/bus/client", "acme.bus")
    assert unknown((known,), outside) == ("@acme/bus", "acme")


def test_a_framework_of_strangers_names_the_objects_of_each() -> None:
    made = filled(framework(objects={"emitter": ("?.*Emitter", "own.Bus")}), ("@acme/bus", "acme"))
    assert made.objects == {"emitter": ("@acme/bus.*Emitter", "acme.*Emitter", "own.Bus")}
    assert made.packages[-2:] == ("@acme/bus", "acme")


@pytest.mark.parametrize(
    ("taken", "heard", "weakly"),
    [
        ("from acme_club.signals import joined", "joined", True),
        ("from acme_club.members.signals import joined", "joined", True),
        ("from acme_club import signals", "signals.joined", True),
        ("from acme_club.events import joined", "joined", False),
        ("from .signals import joined", "joined", False),
        ("from acme_club.signals import Joined\njoined = Joined()", "joined.done", False),
    ],
    ids=["of its module of signals", "of a deeper one", "by the module", "of another module", "of the project's own", "a part of what a class there makes"],
)
def test_what_a_module_of_signals_holds_hears_by_weak_references(code_of, taken: str, heard: str, weakly: bool) -> None:
    code = code_of({"club/a.py": f"{taken}\ndef begin():\n    {heard}.connect(lambda sender, **more: None)\n"})
    assert [use.idiom.weak for use in code.idioms.of("register")] == [True] * weakly
