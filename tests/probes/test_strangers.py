"""Objects that are made anew where somebody expects one and the same."""

from __future__ import annotations

import pytest

from callcheck.probes.strangers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HUB = "import { EventEmitter } from 'node:events';\nexport class Hub extends EventEmitter {\n  static get() { return RETURNED; }\n}\n"
APART = {"main.js": "import { Hub } from './hub.js';\nHub.get().on('synced', f);\n", "sync.js": "import { Hub } from './hub.js';\nexport const sync = () => Hub.get().emit('synced', 3);\n"}


@pytest.mark.parametrize(("returned", "says"), [("new Hub()", ["emitters.apart"]), ("(this.one ??= new Hub())", [])])
def test_a_getter_that_makes_an_object_on_each_call(tmp_path, returned, says) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"hub.js": HUB.replace("RETURNED", returned), **APART})] == says


SHIP = "from blinker import Signal\nclass Ship:\n    def __init__(self):\n        self._docked = Signal()\n    @property\n    def docked(self):\n        return RETURNED\n    def dock(self):\n        self.docked.send(self)\nship = Ship()\n"


@pytest.mark.parametrize(("returned", "says"), [("Signal()", ["emitters.apart"]), ("self._docked", [])])
def test_a_property_that_makes_a_signal_each_time(tmp_path, returned, says) -> None:
    files = {"ship.py": SHIP.replace("RETURNED", returned), "main.py": "from ship import ship\ndef log(sender): ...\nship.docked.connect(log)\n"}
    assert [item.fact.kind for item in look(tmp_path, files)] == says


BERTH = "import { EventEmitter2 } from 'eventemitter2';\nexport class Berth extends EventEmitter2 {\n  free(): void { this.emit('freed'); }\n}\n"
YARD = """import { Injectable } from '@nestjs/common';
import { Berth } from './berth';
@Injectable()
export class Yard {
  private berths = new Map<number, Berth>();
  open(pier: number): Berth {
    const berth = new Berth();
    berth.on('freed', () => { this.berths.delete(pier); });
    this.berths.set(pier, berth);
    return berth;
  }
  at(pier: number): Berth | undefined { return RETURNED; }
}
"""
PORT = """import { Injectable } from '@nestjs/common';
import { Yard } from './yard';
@Injectable()
export class Port {
  constructor(private readonly yard: Yard) {}
  moor(pier: number) {
    const berth = this.yard.open(pier);
    berth.on('freed', () => { this.log(pier); });
  }
  leave(pier: number) {
    const berth = this.yard.at(pier);
    if (berth) {
      berth.free();
    }
  }
}
"""


@pytest.mark.parametrize(("returned", "apart"), [("this.berths.get(pier)", False), ("new Berth()", True)])
def test_what_is_taken_out_of_a_map_may_be_what_was_made_and_put_there(tmp_path, returned, apart) -> None:
    files = {"berth.ts": BERTH, "yard.ts": YARD.replace("RETURNED", returned), "port.ts": PORT}
    assert bool(look(tmp_path, files)) is apart
