"""Which regular expressions are in the program and its rules, and does a search for one of them come to its end?

    NAME = pattern(r"...")           found in the modules, whatever they are kept in
    re.search(r"...", text)          found in the source
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import callcheck
from callcheck import knowledge, rulebooks
from callcheck.knowledge import logs
from callcheck.knowledge.patterns import Written, of_frameworks, of_logs
from callcheck.model.pattern import _Pattern  # type: ignore[attr-defined]
from callcheck.model.signs import Sign

_HERE = Path(callcheck.__file__).parent
_ANYWHERE = ("search", "finditer", "findall", "sub", "split")
_CALLS = (*_ANYWHERE, "match", "fullmatch", "compile")
_ALONE = """
import json, re, resource, sys
for pattern, flags, texts in json.load(sys.stdin):
    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    # A search cannot be interrupted, but its process can be ended.
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + int(sys.argv[1]) + 1, resource.RLIM_INFINITY))
    for text in texts:
        re.search(pattern, text, flags)
    print(flush=True)
"""


def of_rules() -> list[Written]:
    """Those of the rules that come with the program."""
    ours = [knowledge.shipped()]
    matched = [
        Written(rule.origin, f"{test.attribute}: matches", str(test.value))
        for rule in rulebooks.load_rules()
        for way in rule.ways
        for condition in way.when
        for test in condition.tests
        if test.operator == "matches"
    ]
    edits = [Written(rule.origin, "edit: find", edit.find) for rule in rulebooks.load_rules() for fix in rule.fix for edit in fix.edits]
    return [*of_frameworks(knowledge.load(ours).frameworks), *of_logs(logs.load(ours)), *matched, *edits]


def of_modules() -> list[Written]:
    """Those that the modules keep, those of signs, and those that are written where they are used."""
    for each in pkgutil.walk_packages(callcheck.__path__, "callcheck."):
        if "observers" not in each.name and not each.name.endswith("__main__"):
            importlib.import_module(each.name)
    names = {id(value): (module, name) for module in list(sys.modules.values()) if module.__name__.startswith("callcheck.") for name, value in vars(module).items() if isinstance(value, _Pattern)}
    found = []
    for each in gc.get_objects():
        if isinstance(each, _Pattern):
            module, name = names.get(id(each), (None, ""))
            text, flags = each.given
            text = text.decode("latin-1") if isinstance(text, bytes) else text
            found.append(Written(getattr(module, "__name__", "?"), name, text, flags, anchored=bool(module) and not _anywhere(Path(module.__file__ or ""), name)))
        elif isinstance(each, Sign):
            found += [Written("sign", key, getattr(each, key)) for key in ("pattern", "beside", "path") if getattr(each, key)]
    return [*found, *_in_place()]


def _anywhere(path: Path, name: str) -> bool:
    """Whether a pattern is searched in a text, and not only tried at its beginning."""
    uses = re.findall(rf"(?<![\w.]){name}\b(?!\s*=[^=])(?:\.(\w+))?", path.read_text(encoding="utf-8"))
    return any(use not in ("match", "fullmatch") for use in uses)


def _in_place() -> Iterator[Written]:
    for path in sorted(_HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in _CALLS and node.args:
                text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                flags = 0
                for each in ast.walk(node):
                    flags |= getattr(re, each.attr, 0) if isinstance(each, ast.Attribute) and each.attr.isupper() and each.attr != "Pattern" else 0
                if isinstance(text, (str, bytes)):
                    written = text.decode("latin-1") if isinstance(text, bytes) else text
                    yield Written(str(path.relative_to(_HERE)), f"line {node.lineno}", written, flags, anchored=node.func.attr in ("match", "fullmatch"))


def hanging(searches: Sequence[tuple[str, int, Sequence[str]]], limit_s: int = 2) -> Iterator[int]:
    """The places of those patterns whose search of their texts takes longer than a few seconds of a processor."""
    begin = 0
    while begin < len(searches):
        given = json.dumps([[pattern, int(flags) & ~int(re.DEBUG), list(texts)] for pattern, flags, texts in searches[begin:]])
        done = subprocess.run([sys.executable, "-c", _ALONE, str(limit_s)], input=given, capture_output=True, text=True, check=False)
        begin += len(done.stdout.splitlines())
        if begin < len(searches):
            if done.returncode >= 0:
                raise AssertionError(done.stderr[-2000:])
            yield begin
            begin += 1


def unique(written: Iterable[Written]) -> list[Written]:
    """Each pattern once."""
    return list({(each.text, each.flags, each.spans, each.anchored): each for each in written}.values())
