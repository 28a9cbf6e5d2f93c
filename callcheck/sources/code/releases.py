"""Does what is known of some versions of a library hold for the one that a source file runs with?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Framework
from callcheck.model.pattern import pattern

if TYPE_CHECKING:
    from callcheck.model.versions import Key
    from callcheck.sources.packages.entries import Resolved
    from callcheck.sources.packages.resolve import Packages

NEWEST = "999999"
_CHECKED = pattern(r"(?:(@?[A-Za-z][\w./@-]*)\s+)?\bv?(\d[\w.]*)")
_BETWEEN = ("and", "or", "to")
_NONE: Key = (0, (), 0, ())


class Releases:
    """Answers for one project.

    Where no version is known, or where a range has no upper end, the newest version that was checked counts (`checked:` of the framework), and
    the newest there is for what was not checked. So a pattern for old versions alone needs the version to be known.
    """

    def __init__(self, packages: Callable[[], Packages] | None = None) -> None:
        self._packages = packages
        self._answers: dict[tuple[str, str, str, str], bool] = {}

    def hold(self, versions: str, framework: Framework, path: str, origin: str = "") -> bool:
        """Whether `versions` (as in `Idiom.versions`) holds for the file at `path`; `origin` is the qualified name that led there."""
        if not versions:
            return True
        asked = (versions, framework.name, path, package_of(framework, origin))
        if asked not in self._answers:
            from callcheck.model.versions import contains, requirements

            self._answers[asked] = all(
                contains(wanted, self._running(name or asked[3], framework, path)) for name, wanted in requirements(versions)
            )
        return self._answers[asked]

    def resolved(self, framework: Framework, path: str, origin: str = "") -> Resolved | None:
        """The version of a framework's package for a file, if anything says it."""
        if self._packages is None:
            return None
        own = package_of(framework, origin)
        names = [own] if own else [name for name in framework.packages if name]
        found = (self._packages().version(framework.distributions.get(name, name), path) for name in names)
        return next((each for each in found if each), None)

    def _running(self, name: str, framework: Framework, path: str) -> str:
        from callcheck.model.versions import key

        if name in framework.packages or not name:
            found = self.resolved(framework, path, name)
        else:
            found = self._packages().version(name, path) if self._packages else None
        if found is not None and not found.open_ended:
            return found.version
        newest = checked(framework).get(_plain(framework.distributions.get(name, name)), NEWEST)
        return max(newest, found.version, key=lambda each: key(each) or _NONE) if found else newest


def checked(framework: Framework) -> dict[str, str]:
    """The newest version of each package in `checked:`; "bullmq 5.41, bull 4.16", "redis 3.1.2 and 4.7.1"."""
    from callcheck.model.versions import key

    found: dict[str, str] = {}
    name = ""
    for named in _CHECKED.finditer(framework.checked):
        if named[1] and named[1] not in _BETWEEN:
            name = _plain(named[1])
        if name and (name not in found or (key(named[2]) or _NONE) > (key(found[name]) or _NONE)):
            found[name] = named[2]
    return found


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def package_of(framework: Framework, origin: str) -> str:
    """The package of a framework that a qualified name begins with (`bullmq` for `bullmq.Queue().client`); "" for none."""
    fitting = [name for name in framework.packages if name and origin.startswith(name) and origin[len(name) : len(name) + 1] in ("", ".", "(")]
    return max(fitting, key=len, default="")
