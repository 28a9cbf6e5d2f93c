"""Runs at the start of each Python process of an observed app: the sitecustomize that it hides, and then our agent."""

import os
import sys


def _hidden():
    """Run the sitecustomize that Python would have found without us."""
    here = os.path.dirname(os.path.abspath(__file__))
    own = sys.modules.pop("sitecustomize", None)
    before = sys.path[:]
    sys.path[:] = [path for path in before if os.path.abspath(path or os.curdir) != here]
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        added = [path for path in sys.path if path not in before]
        sys.path[:] = before + added
        if "sitecustomize" not in sys.modules and own is not None:
            sys.modules["sitecustomize"] = own


def _agent():
    folder = os.environ.get("CALLCHECK_RECORDING")
    if folder:
        try:
            from _callcheck_agent import start

            start(folder)
        except Exception:  # noqa: BLE001  (an app must start as it would without us)
            pass


def _leave():
    """Take our folder out of the search path, so that the app sees the path that it would have without us."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if not path or os.path.abspath(path) != here]


try:
    _hidden()
finally:
    _agent()
    _leave()
