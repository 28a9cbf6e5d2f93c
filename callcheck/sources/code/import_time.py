"""Does code run as soon as the application is loaded, so that a server which loads it before it forks runs it once, in its first process?

    scheduler.start()                          # at the top of app.py
    def create_app(): scheduler.start()        # a factory, which the server itself calls when it loads the app
    class Shop(AppConfig):
        def ready(self): scheduler.start()     # Django calls it while it is set up

A lifespan, an event of start-up and a request come later, in each process of its own. Sources: gunicorn 23, arbiter.py setup() (with `preload_app` the app is loaded
before the first fork) and util.py import_app() (a factory is called there); docs.djangoproject.com, applications, AppConfig.ready().
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.begun import main_only
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import ClassDef, Function, Node, last_name

_DEEPEST = 5
_FACTORY = pattern(r"^(?:create|make|get|build)_(?:\w{1,30}_)?(?:app|application|wsgi|asgi)$|^(?:app|application)_factory$")


def at_import(code: Code, node: Node, depth: int = 0) -> bool:
    """Whether all that leads here does so while the application is loaded; False where it is not known who calls a function."""
    function = function_of(node)
    if function is None:
        return not main_only(node)
    if depth > _DEEPEST or function.decorators or function.is_async:
        return False
    if _of_django(function):
        return True
    calls = code.origins.calls_of(function)
    return all(at_import(code, call, depth + 1) for call in calls) if calls else _FACTORY.match(function.name) is not None


def _of_django(function: Function) -> bool:
    """Whether it is `ready()` of an AppConfig."""
    cls = function.parent
    return function.name == "ready" and isinstance(cls, ClassDef) and any(last_name(base) == "AppConfig" for base in cls.bases)
