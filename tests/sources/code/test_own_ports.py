"""The ports of a program's servers are read with the variables that may say others."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.own_ports import own_ports
from tests.tools.shipped import shipped_knowledge


@pytest.mark.parametrize(
    ("name", "text", "ports"),
    [
        ("a.js", "app.listen(3000);\n", [(3000, "")]),
        ("a.js", "const port = Number(process.env.PORT ?? 3000);\napp.listen(port, () => ready());\n", [(3000, "PORT")]),
        ("a.js", "app.listen({ port: 4000, host: '0.0.0.0' });\n", [(4000, "")]),
        ("a.js", "app.listen(process.env.HTTP_PORT);\n", [(0, "HTTP_PORT")]),
        ("a.js", "app.listen(find());\n", None),
        ("a.py", "import uvicorn\nuvicorn.run(app, host='0.0.0.0')\n", [(8000, "")]),
        ("a.py", "import os, uvicorn\nuvicorn.run(app, port=int(os.environ.get('PORT', '9000')))\n", [(9000, "PORT")]),
        ("a.js", "socket.on('x', f);\n", []),
    ],
)
def test_each_server_is_found_with_its_port(tmp_path: Path, name: str, text: str, ports: list[tuple[int, str]] | None) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = own_ports(Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge()).code)
    assert (None if found is None else [(each.port, each.variable) for each in found]) == ports
