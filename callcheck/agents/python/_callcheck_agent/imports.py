"""How are we told that a library was imported? By a finder that lets the others find it, and a loader that calls back when it has run."""

import sys


def start(hooks):
    """`hooks`: name of a module -> what to call with it, right after its code has run. Those that are there already are called at once."""
    for name in list(hooks):
        module = sys.modules.get(name)
        if module is not None:
            _call(hooks.pop(name), module)
    if hooks:
        sys.meta_path.insert(0, _Finder(hooks))


def _call(hook, module):
    try:
        hook(module)
    except Exception:  # noqa: BLE001  (a library of a version that we do not know: it is left as it is)
        pass


class _Finder:
    def __init__(self, hooks):
        self._hooks = hooks

    def find_spec(self, name, path=None, target=None):
        if name not in self._hooks:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec = find(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, self._hooks.pop(name))
                return spec
        return None


class _Loader:
    """Stands in for a loader until the module's code runs."""

    def __init__(self, loader, hook):
        self._loader = loader
        self._hook = hook

    def create_module(self, spec):
        return self._loader.create_module(spec) if hasattr(self._loader, "create_module") else None

    def exec_module(self, module):
        module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        _call(self._hook, module)

    def __getattr__(self, name):
        return getattr(self._loader, name)
