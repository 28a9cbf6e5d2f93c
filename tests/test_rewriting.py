"""A project that was written anew does what it did: each rewriting runs for real, in Node and in Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.tools.pairs import write
from tests.tools.rewriting import KINDS

CHANGED_BY_NO_CODE = {"dumped", "forms"}
NODE = {
    "package.json": '{"type": "module"}\n',
    "main.js": """import { EventEmitter, once } from 'node:events';
import { price } from './price.js';

const bus = new EventEmitter();
export const heard = [];

bus.on('order.paid', (order) => { heard.push(price(order, { currency: 'EUR', digits: 2 })); });

function announce(total) {
  bus.emit('order.paid', { total });
}

async function main() {
  const later = once(bus, 'order.paid');
  announce(4);
  await later;
  console.log(heard.join(' '), bus.listenerCount('order.paid'));
}

main();
""",
    "price.js": """export function price(order, given) {
  const shown = order.total.toFixed(given.digits);
  return `${given.currency} ${shown}`;
}
""",
}
PYTHON = {
    "main.py": '''"""Adds up what was heard."""
from collections import OrderedDict, deque
from functools import reduce

from price import price

heard = deque(maxlen=3)
prices = OrderedDict(tea=4)


def announce(total):
    shown = price(total, currency="EUR", digits=2)
    heard.append(shown)
    prices.move_to_end("tea")
    return reduce(lambda one, other: one + len(other), heard, 10)


if __name__ == "__main__":
    count = announce(prices["tea"])
    print(" ".join(heard), count, sorted(prices, key=lambda name: name.upper()))
''',
    "price.py": '''def price(total, *, currency, digits):
    return "{} {:.{}f}".format(currency, total, digits)
''',
}


def ran(files: dict[str, str], folder: Path, *command: str) -> str:
    write(files, folder)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("kind", sorted(set(KINDS) - CHANGED_BY_NO_CODE))
def test_python_says_the_same(tmp_path: Path, kind: str) -> None:
    made = KINDS[kind](PYTHON)
    assert made != PYTHON
    assert ran(made, tmp_path, sys.executable, "main.py") == "EUR 4.00 18 ['tea']\n"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("kind", sorted(set(KINDS) - CHANGED_BY_NO_CODE))
def test_javascript_says_the_same(tmp_path: Path, kind: str) -> None:
    made = KINDS[kind](NODE)
    assert made != NODE
    assert ran(made, tmp_path, "node", "main.js") == "EUR 4.00 1\n"


COMPOSE = """services:
  web:  # the board
    image: board
    command: gunicorn board.wsgi -w 4
    environment: &env {REDIS_URL: "redis://redis", DEBUG: false, TOKEN:}
  worker:
    image: board
    command: ["celery", "-A", "board", "worker"]
    environment: *env
"""


@pytest.mark.parametrize("kind", sorted(CHANGED_BY_NO_CODE))
def test_compose_files_hold_the_same(kind: str) -> None:
    services = yaml.safe_load(KINDS[kind]({"compose.yaml": COMPOSE})["compose.yaml"])["services"]
    told = [["REDIS_URL=redis://redis", "DEBUG=false", "TOKEN"], {"REDIS_URL": "redis://redis", "DEBUG": False, "TOKEN": None}]
    assert all(service["environment"] in told for service in services.values())
    assert services["web"]["command"] in ("gunicorn board.wsgi -w 4", ["gunicorn", "board.wsgi", "-w", "4"])
    assert services["worker"]["command"] in ("celery -A board worker", ["celery", "-A", "board", "worker"])
