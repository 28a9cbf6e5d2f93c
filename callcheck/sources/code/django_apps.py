"""Which configuration classes of a Django project's applications does Django use?

    INSTALLED_APPS = ["plots", "members.apps.MembersConfig"]

For a plain package name it takes the one class in the package's `apps.py`, imported ones included, or of several the one that is the default;
otherwise a bare AppConfig, whose ready() does nothing. Before 3.2 the package itself has to name it (`default_app_config`). Sources:
django/apps/config.py, AppConfig.create (5.2); docs.djangoproject.com/en/3.2/releases/3.2, "Automatic AppConfig discovery".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from callcheck.sources.code.heirs import extends
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Assign,
    ClassDef,
    Imported,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Operation,
    Sequence,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_ADDS = ("append", "extend", "insert")
_DEEPEST = 4


def is_config(code: Code, cls: ClassDef) -> bool:
    """Whether a class is, in the end, an AppConfig."""
    return any(name.rsplit(".", 1)[-1] == "AppConfig" or name.endswith("Config") for name in code.origins.bases(cls))


def configs(code: Code, module: Module) -> list[ClassDef]:
    """The configuration classes of the project that a module has: its own, and those it imports."""
    own = [node for node in module.body if isinstance(node, ClassDef) and is_config(code, node)]
    brought = (code.origins.binding(name, name.local).cls for name in module.all(Imported) if name.imported != "*")
    return own + [cls for cls in brought if cls is not None and cls not in own and is_config(code, cls)]


def configs_with(code: Code, base: ClassDef) -> list[ClassDef]:
    """A configuration class and those that inherit from it."""
    named = code.project.naming("AppConfig", base.name)
    found = [cls for module in named for cls in module.all(ClassDef) if not is_test(module.path)]
    return [cls for cls in found if cls is base or extends(code.origins, cls, base)]


def used_config(code: Code, cls: ClassDef) -> bool:
    """Whether Django makes use of an AppConfig: named in INSTALLED_APPS, the only one of its apps.py, or its default."""
    module = module_of(cls)
    listed = installed(code)
    if not listed:
        return True
    package = module.path.rsplit("/", 1)[0].replace("/", ".") if "/" in module.path else ""
    if any(each.endswith(f".{cls.name}") for each in listed) or any("default_app_config" in m.text for m in code.project.naming("default_app_config")):
        return True
    django = next((each for each in code.project.frameworks if each.name == "django"), None)
    if django is not None and code.idioms.releases.hold("<3.2", django, module.path):
        return False
    if not any(each == package or package.endswith(f".{each}") for each in listed) or not module.path.endswith("apps.py"):
        return False
    return _found_by_itself(code, module) is cls


def _found_by_itself(code: Code, module: Module) -> ClassDef | None:
    """The configuration that Django takes of an `apps.py` for the plain name of its package."""
    wanted = [each for each in configs(code, module) if _default(code, each) is not False]
    if len(wanted) > 1:
        wanted = [each for each in wanted if _default(code, each) is True]
    return wanted[0] if len(wanted) == 1 else None


def makes_ready(code: Code, cls: ClassDef, entries: Collection[str]) -> bool:
    """Whether one of these entries of INSTALLED_APPS has Django call what a configuration class says of ready(), be it by one that inherits that."""
    module = module_of(cls)
    package = module.path.rsplit("/", 1)[0].replace("/", ".") if "/" in module.path else ""
    heirs = configs_with(code, cls)
    if any(each.endswith(f".{heir.name}") for each in entries for heir in heirs):
        return True
    plain = any(each == package or package.endswith(f".{each}") for each in entries)
    named = any("default_app_config" in m.text for m in code.project.naming("default_app_config"))
    return plain and (named or not module.path.endswith("apps.py") or _found_by_itself(code, module) in heirs)


def _default(code: Code, cls: ClassDef, depth: int = 0) -> bool | None:
    """What a class, or one above it, says of `default`; None if none says anything."""
    for node in cls.body:
        if isinstance(node, Assign) and any(isinstance(t, Name) and t.id == "default" for t in node.targets) and isinstance(node.value, Literal):
            return bool(node.value.value)
    above = [parent for each in cls.bases if (parent := code.origins.of(each).cls) is not None and parent is not cls]
    return next((said for parent in above if (said := _default(code, parent, depth + 1)) is not None), None) if depth < 6 else None


def installed(code: Code) -> list[str]:
    """The texts in INSTALLED_APPS and in the lists of other names that end so, in the lists that these are put together of, and in what is added to them."""
    found: list[str] = []
    for module in code.project.naming("INSTALLED_APPS"):
        if "INSTALLED_APPS" in module.text and not is_test(module.path):
            for node in module.all(Assign):
                if any(isinstance(t, Name) and t.id.endswith("APPS") for t in node.targets) and node.value is not None:
                    found += _texts(code, node.value)
            for call in module.calls(*_ADDS):
                if isinstance(call.callee, Member) and last_name(call.callee.object).endswith("APPS"):
                    found += [text for arg in call.args for text in _texts(code, arg)]
    return found


def _texts(code: Code, value: Node, depth: int = 0) -> list[str]:
    """The texts in an expression, and in the lists that its names stand for: `CORE + LOCAL`."""
    found: list[str] = []
    for node in value.walk():
        if isinstance(node, Literal) and isinstance(node.value, str):
            found.append(node.value)
        elif isinstance(node, Name) and depth < _DEEPEST and isinstance(held := code.origins.of(node).node, (Sequence, Operation)):
            found += _texts(code, held, depth + 1)
    return found
