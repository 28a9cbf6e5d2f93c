"""Remarks are no code: what a file is searched for is looked for beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcheck.sources.code import languages
from callcheck.sources.documents.remarks import without_remarks


@pytest.mark.parametrize(
    ("name", "written", "left"),
    [
        ("a.py", "x = 1  # close() it\n", "x = 1              \n"),
        ("a.py", "x = '# no remark'\ny = f\"\"\"a # {x}\"\"\"\n", "x = '# no remark'\ny = f\"\"\"a # {x}\"\"\"\n"),
        ("a.py", 'def f():\n    """Calls\n    close()."""\n    return """kept"""\n', 'def f():\n    """     \n            """\n    return """kept"""\n'),
        ("a.js", "const u = 'http://x'; // é close()\n", "const u = 'http://x';             \n"),
        ("a.js", "a(/* one */ b /*\n two */);\n", "a(          b   \n       );\n"),
        ("a.ts", "const r = /\\/\\/x/; const t = `//${ /* c */ r }`;\n", "const r = /\\/\\/x/; const t = `//${         r }`;\n"),
        ("a.tsx", "const a = <p>{/* gone */}// text</p>;\n", "const a = <p>{          }// text</p>;\n"),
    ],
)
def test_what_is_left_stands_where_it_stood(name: str, written: str, left: str) -> None:
    assert languages.read(written, name).text == left


@given(st.text(alphabet="#/*'\"`\\{}$ab\n \r", max_size=80), st.sampled_from(["a.py", "a.js", "a.ts"]))
def test_no_line_and_no_place_moves(text: str, name: str) -> None:
    left = languages.read(text, name).text
    assert len(left) == len(text)
    assert all(after in (before, " ") for before, after in zip(text, left, strict=True))


@pytest.mark.parametrize(
    ("name", "written", "left"),
    [
        ("compose.yml", "  # redis: later\n  web: 1 # and redis\n  say: 'a # b'\n", "\n  web: 1\n  say: 'a # b'\n"),
        ("start.sh", "#!/bin/sh\n# redis\nrun #1\n", "#!/bin/sh\n\nrun #1\n"),
        ("app.tf", "// redis\nurl = \"http://x\"\n", "\nurl = \"http://x\"\n"),
        ("uwsgi.ini", "; redis\nworkers = 4\n", "\nworkers = 4\n"),
        ("ecosystem.config.js", "// redis\nclass A { #b = 1 }\n", "\nclass A { #b = 1 }\n"),
        ("index.html", "# heading\n", "# heading\n"),
    ],
)
def test_a_deployment_is_read_without_its_remarks(name: str, written: str, left: str) -> None:
    assert without_remarks(written, name) == left
