"""How are we told that a library was imported? By a finder that lets the others find it; what they found calls back when its code has run."""

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
                self._watch(name, spec.loader)
                return spec
        return None

    def _watch(self, name, loader):
        """Be told when the loader has run the module's code. The loader stays the one that it is, since there are those who ask for its class."""
        hooks = self._hooks
        try:
            run = loader.exec_module

            def exec_module(module):
                loader.__dict__.pop("exec_module", None)
                run(module)
                hook = hooks.pop(name, None)
                if hook is not None:
                    _call(hook, module)

            if run.__self__ is loader:  # not so where the loader is a class, shared by all modules
                loader.exec_module = exec_module
        except Exception:  # noqa: BLE001
            pass
