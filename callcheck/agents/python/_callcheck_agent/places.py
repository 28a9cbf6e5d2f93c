"""Where in the app's own code does something happen?"""

import os
import sys
import sysconfig

_DEEPEST = 40
_PATHS = sysconfig.get_paths()
_LIBRARY = tuple({os.path.join(os.path.realpath(_PATHS[name]), "") for name in ("stdlib", "platstdlib") if _PATHS.get(name)})
_OURS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")
_kinds = {}
"""File name of a code object -> ("app", its path), ("package", its name) or ("", "")."""


def here():
    """The keys of the innermost frame of the app that is being run; {} if there is none near."""
    frame = sys._getframe(1)
    via = []
    for _ in range(_DEEPEST):
        if frame is None:
            return {}
        code = frame.f_code
        kind, name = _kind(code.co_filename)
        if kind == "app":
            keys = _keys(name, frame.f_lineno, code)
            if via:
                keys["via"] = via[:4]
            return keys
        if kind == "package" and name not in via:
            via.append(name)
        frame = frame.f_back
    return {}


def of_error(exception):
    """The keys of where an exception arose: the innermost frame of the app in its traceback."""
    try:
        trace, found = exception.__traceback__, {}
        for _ in range(200):
            if trace is None:
                break
            kind, name = _kind(trace.tb_frame.f_code.co_filename)
            if kind == "app":
                found = _keys(name, trace.tb_lineno, trace.tb_frame.f_code)
            trace = trace.tb_next
        return found
    except Exception:  # noqa: BLE001
        return {}


def function(handler):
    """`path:line` and the name of a handler; "" for what is not known."""
    try:
        plain = getattr(handler, "__func__", handler)
        plain = getattr(plain, "func", plain)  # functools.partial
        code = getattr(plain, "__code__", None)
        name = getattr(plain, "__qualname__", None) or type(handler).__name__
        at = f"{os.path.abspath(code.co_filename)}:{code.co_firstlineno}" if code is not None else ""
        return at, str(name)[:200]
    except Exception:  # noqa: BLE001
        return "", ""


def _keys(path, line, code):
    keys = {"code.file.path": path, "code.line.number": line}
    if code.co_name != "<module>":
        keys["code.function.name"] = getattr(code, "co_qualname", code.co_name)
    return keys


def _kind(name):
    found = _kinds.get(name)
    if found is None:
        found = _kinds[name] = _judge(name)
    return found


def _judge(name):
    if name.startswith("<") or not name:
        return "", ""
    path = os.path.abspath(name)
    if path.startswith(_OURS):
        return "", ""
    parts = path.replace("\\", "/").split("/")
    for folder in ("site-packages", "dist-packages"):
        if folder in parts:
            return "package", parts[parts.index(folder) + 1].removesuffix(".py")
    real = os.path.realpath(path)
    if real.startswith(_LIBRARY):
        return "", ""
    return "app", path
