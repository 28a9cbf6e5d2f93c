"""What does an INI text say (uwsgi.ini, supervisord.conf, systemd units)?

    [program:web]
    command = gunicorn app:app
    numprocs = 4        ; a comment

Values stay strings. A line that is indented, or that follows a `\\`, continues the value before it; a key without `=` has the value "".
"""

from __future__ import annotations

from callcheck.sources.documents.shapes import Table


def read_ini(text: str) -> Table:
    """Section -> key -> value. Keys before any section stand in the section ""; a repeated section goes on, the last key wins."""
    document = Table(1)
    section = document
    key = ""
    joined = False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        continues = key and (joined or raw[0] in " \t")
        joined = line.endswith("\\")
        line = line.removesuffix("\\").rstrip()
        if continues:
            section[key] = f"{section[key]} {_uncommented(line)}".strip()
        elif line.startswith("[") and "]" in line:
            key = ""
            section = _section(document, line[1 : line.index("]")].strip(), number)
        else:
            if section is document:
                section = _section(document, "", number)
            name, mark, value = line.partition("=")
            if not mark and ": " in line:
                name, _, value = line.partition(":")
            key = name.strip()
            section.put(key, _uncommented(value.strip()), number)
    return document


def _section(document: Table, name: str, line: int) -> Table:
    if name not in document:
        document.put(name, Table(line), line)
    found = document[name]
    assert isinstance(found, Table)
    return found


def _uncommented(value: str) -> str:
    """Without a comment after a blank."""
    for mark in (" ;", "\t;", " #", "\t#"):
        value = value.split(mark, 1)[0]
    return value.rstrip()
