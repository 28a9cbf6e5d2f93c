"""Are statements that write into logs read in the idioms of both languages, and is it known what they are a sign of?"""

from __future__ import annotations

import pytest

from callcheck.sources.code.log_statements import statements
from callcheck.sources.logs.printed import Printed
from tests.sources.code.conftest import CodeOf


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.ts", "console.log(`receipt ${id} mailed in ${ms} ms`);", "receipt r17 mailed in 31 ms"),
        ("a.ts", 'console.log("receipt mailed for", order.id, "at", city);', "receipt mailed for 17 at Ulm"),
        ("a.ts", 'logger.info("receipt %s mailed to %o", id, to);', "receipt r17 mailed to { a: 1 }"),
        ("a.ts", 'req.log.warn({ id }, "receipt mailed late");', "receipt mailed late id=r17"),
        (
            "a.ts",
            'this.logger.error("receipt not mailed: " + error.message, error.stack);',
            "receipt not mailed: refused",
        ),
        ("a.ts", 'logger.log("info", "receipt mailed", { id });', "receipt mailed id=r17"),
        ("a.ts", 'logger.log({ level: "info", message: "receipt mailed" });', "receipt mailed"),
        ("a.py", 'logger.info("receipt %s mailed in %.1f s", id, took)', "INFO mail: receipt r17 mailed in 0.3 s"),
        (
            "a.py",
            'logging.getLogger(__name__).info(f"receipt {id} mailed in {took:.1f} s")',
            "receipt r17 mailed in 0.3 s",
        ),
        ("a.py", 'log.info("receipt_mailed", receipt=id)', "receipt_mailed receipt=r17"),
        ("a.py", 'logger.info("receipt {} mailed to {name}", id, name=to)', "receipt r17 mailed to Ann"),
        ("a.py", 'logging.warning("receipt %(id)s mailed" % fields)', "receipt r17 mailed"),
        ("a.py", 'log.info("receipt {} mailed".format(id))', "receipt r17 mailed"),
        ("a.py", 'print("receipt mailed:", id, flush=True)', "receipt mailed: r17"),
    ],
)
def test_a_line_is_known_by_the_statement_that_printed_it(code_of: CodeOf, name: str, text: str, line: str) -> None:
    (statement,) = statements(code_of({name: text}))
    printed = Printed([statement])
    assert printed.by(line) == statement
    assert printed.by("receipt of the tax office scanned") is None


@pytest.mark.parametrize(
    "text",
    [
        'catalog.info("receipt mailed")',
        'math.log("receipt mailed")',
        "logger.info(message)",
        'logger.info("ok %s", id)',
    ],
)
def test_what_writes_no_text_of_its_own_is_none(code_of: CodeOf, text: str) -> None:
    assert statements(code_of({"a.ts": text})) == []


def test_of_two_statements_that_fit_the_one_with_more_text_is_meant_and_of_equal_ones_none(code_of: CodeOf) -> None:
    found = statements(
        code_of(
            {
                "a.py": 'log.info("order %s handled", i)\nlog.info("order %s handled again", i)',
                "b.py": 'log.info("order %s was sent", i)',
                "c.py": 'log.info("order %s was sent", i)',
            }
        )
    )
    printed = Printed(found)
    assert [(s.path, s.line) for text in ("order 7 handled", "order 7 handled again") if (s := printed.by(text))] == [
        ("a.py", 1),
        ("a.py", 2),
    ]
    assert printed.by("order 7 was sent") is None


def test_the_place_of_a_statement_says_what_has_happened(code_of: CodeOf) -> None:
    text = """
import { EventEmitter } from "node:events";
import pino from "pino";
const bus = new EventEmitter(), log = pino();
bus.on("order.paid", async (order) => {
  log.info("receipt is on its way");
  try {
    await mail(order);
  } catch (error) {
    log.error(error, "receipt is on the floor");
  }
});
export function pay(id: string) {
  log.info("money has come in");
  bus.emit("order.paid", { id });
}
export function other() {
  log.info("nothing to do with it");
}
"""
    found = {s.texts[0]: (s.stage, s.event, s.fails) for s in statements(code_of({"a.ts": text}))}
    assert found == {
        "receipt is on its way": ("handled", "order.paid", False),
        "receipt is on the floor": ("", "", True),
        "money has come in": ("emitted", "order.paid", False),
        "nothing to do with it": ("", "", False),
    }


def test_a_python_handler_is_known_too(code_of: CodeOf) -> None:
    text = """
import logging
from pyee.base import EventEmitter
bus, log = EventEmitter(), logging.getLogger(__name__)

@bus.on("paid")
def mail(order):
    log.info("receipt is on its way to %s", order)

def pay(order):
    log.info("money of %s has come in", order)
    bus.emit("paid", order)
"""
    assert {(s.stage, s.event) for s in statements(code_of({"a.py": text}))} == {
        ("handled", "paid"),
        ("emitted", "paid"),
    }
