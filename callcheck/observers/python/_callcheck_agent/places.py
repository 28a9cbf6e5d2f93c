"""Where in the app's own code does something happen?"""

import os
import sys
import time

MOST_A_SECOND = 500
MOST_AT_FIRST = 2_000
"""In the first second."""
_DEEPEST = 60
_STDLIB = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
_LOOP = os.path.join("asyncio", "events.py"), os.path.join("asyncio", "runners.py")
"""Where a loop calls what was handed to it: whoever runs the loop has not called that."""
_OURS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")
_kinds = {}
"""File name of a code object -> ("app", its path), ("package", its name), ("loop", "") or ("", "")."""
_rate = [0, 0, MOST_AT_FIRST, None]
"""Second, places taken in it, the most of them, whom to tell of those left out."""


OVER = {}
"""What `here` gives when it was asked too often: nothing is known then, while a {} of another kind says that there is no frame of the app."""


def limit(tell):
    """Whom to tell of places that are left out: called without arguments."""
    _rate[3] = tell


def here():
    """The keys of the innermost frame of the app that is being run; {} if there is none near, or too many were asked for."""
    now = int(time.monotonic())
    if now != _rate[0]:
        _rate[2] = MOST_A_SECOND if _rate[0] else MOST_AT_FIRST
        _rate[0], _rate[1] = now, 0
    _rate[1] += 1
    if _rate[1] > _rate[2]:
        if _rate[3] is not None:
            _rate[3]()
        return OVER
    return of_frame(sys._getframe(1))


def of_frame(frame):
    """The keys of a frame, or of the innermost one around it that is the app's."""
    via = []
    for _ in range(_DEEPEST):
        if frame is None:
            return {}
        code = frame.f_code
        kind, name = _kinds.get(code.co_filename) or _kind(code.co_filename)
        if kind == "app":
            keys = _keys(name, frame.f_lineno, code)
            if via:
                keys["via"] = via[:4]
            return keys
        if kind == "loop":
            return {}
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


def of_coroutine(coroutine):
    """The keys of where a coroutine of the app stands, or is defined if it has ended or never ran."""
    try:
        code = coroutine.cr_code
        kind, name = _kind(code.co_filename)
        if kind != "app":
            return {}
        frame = coroutine.cr_frame
        return _keys(name, frame.f_lineno or code.co_firstlineno if frame is not None else code.co_firstlineno, code)
    except Exception:  # noqa: BLE001
        return {}


def function(handler):
    """`path:line` and the name of a handler, and whether it is asynchronous; "" for what is not known."""
    try:
        plain = getattr(handler, "__func__", handler)
        if type(plain).__name__ == "partial":
            plain = plain.func
            plain = getattr(plain, "__func__", plain)
        code = getattr(plain, "__code__", None)
        name = getattr(plain, "__qualname__", None) or type(handler).__name__
        at = f"{os.path.abspath(code.co_filename)}:{code.co_firstlineno}" if code is not None else ""
        return at, str(name)[:200], code is not None and bool(code.co_flags & 0x80)
    except Exception:  # noqa: BLE001
        return "", "", False


def is_app(at):
    """Whether a `path:line` lies in the app's own code."""
    return bool(at) and _kind(at.rpartition(":")[0])[0] == "app"


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


_owns = {}


def _own(folder):
    """Names of the packages of a site-packages that were installed from a folder, as `pip install .` does with the app itself."""
    found = _owns.get(folder)
    if found is None:
        found = _owns[folder] = set()
        try:
            for entry in os.listdir(folder):
                if entry.endswith(".dist-info") and os.path.exists(f"{folder}/{entry}/direct_url.json"):
                    with open(f"{folder}/{entry}/direct_url.json", encoding="utf-8") as text:
                        if '"dir_info"' in text.read(4000):
                            found.add(entry.partition("-")[0].replace(".", "_"))
        except OSError:
            pass
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
            at = parts.index(folder)
            found = parts[at + 1][:-3] if parts[at + 1].endswith(".py") else parts[at + 1]
            return ("app", path) if found in _own("/".join(parts[: at + 1])) else ("package", found)
    if os.path.realpath(path).startswith(_STDLIB):
        return "loop" if path.endswith(_LOOP) else "", ""
    # Scripts that pip writes, as bin/gunicorn: they start the app, but are not its code.
    if parts[-2:-1] in (["bin"], ["Scripts"]) and os.path.exists(os.path.join(path, "..", "..", "pyvenv.cfg")):
        return "", ""
    if path.startswith(os.path.join(os.path.dirname(os.path.abspath(sys.executable)), "")):
        return "", ""
    return "app", path
