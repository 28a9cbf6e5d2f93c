"""Every idiom's sample is found by it, and what must not be found is not."""

from __future__ import annotations

import json
import re

import pytest

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.versions import contains, requirements
from tests.tools.shipped import shipped_knowledge

IDIOMS = [(f, i) for f in shipped_knowledge().frameworks for i in f.idioms if i.does != "trap"]


def _files(framework: Framework, sample: str) -> dict[str, str]:
    """A sample as files; one that needs several has a line `# file: <name>` before each."""
    if not sample.startswith("# file: "):
        return {"sample.py" if "python" in framework.languages else "sample.ts": sample}
    parts = [part.partition("\n") for part in sample.split("# file: ")[1:]]
    return {name: text for name, _, text in parts}


def _fitting(framework: Framework, idiom: Idiom) -> dict[str, str]:
    """Manifests that pin versions for which the idiom holds."""
    pins = {}
    for name, versions in requirements(idiom.versions) if idiom.versions else ():
        bounds = ["0.0.1", *re.findall(r"\d[\w.]*", versions)]
        version = next(bound for bound in bounds if contains(versions, bound))
        pins |= {each: version for each in ([name] if name else framework.packages) if each}
    python, node = pins.pop("python", "3.12"), pins.pop("node", "22")
    if "python" in framework.languages:
        text = "".join(f"{framework.distributions.get(name, name)}=={version}\n" for name, version in pins.items())
        return {"requirements.txt": text, ".python-version": python}
    return {"package.json": json.dumps({"dependencies": pins}), ".nvmrc": node}


@pytest.mark.parametrize(("framework", "idiom"), IDIOMS, ids=[f"{f.name}-{n}" for n, (f, _) in enumerate(IDIOMS)])
def test_an_idiom_finds_its_sample(code_of, framework: Framework, idiom: Idiom) -> None:
    assert idiom.sample, "every idiom carries a sample"
    code = code_of({**_files(framework, idiom.sample), **_fitting(framework, idiom)})
    assert any(use.idiom == idiom for use in code.idioms.uses)


@pytest.mark.parametrize(("framework", "idiom"), [pair for pair in IDIOMS if pair[1].not_sample])
def test_an_idiom_leaves_its_counter_sample_alone(code_of, framework: Framework, idiom: Idiom) -> None:
    code = code_of(_files(framework, idiom.not_sample))
    assert not any(use.idiom == idiom for use in code.idioms.uses)


def test_every_framework_says_which_version_was_checked_and_where_it_is_documented() -> None:
    for framework, _ in IDIOMS:
        assert framework.checked, framework.name
        assert framework.source.startswith("https://"), framework.name


def test_a_trap_is_a_use_only_where_the_call_reads_so_or_may_with_what_its_names_stand_for(code_of) -> None:
    trap = Idiom("trap", "any", methods=("get",), where={"text": r"\.get\(\s*(?:timeout|\d)"})
    known = Framework(name="queues", title="Queues", languages=("python",), packages=("queues",), distributions={}, objects={}, idioms=(trap,))
    written = "import queues\n\ndef take(jobs, wait):\n    jobs.get('mail')\n    jobs.get(3)\n    jobs.get(wait)\n"
    assert [use.call.line for use in code_of({"a.py": written}, (known,)).idioms.uses] == [5, 6]


def test_a_name_that_no_idiom_has_is_followed_where_it_stands_for_one_that_has(code_of) -> None:
    known = Framework(
        name="buses", title="Buses", languages=("javascript",), packages=("buses",), distributions={}, objects={"bus": ("buses.Bus",)},
        idioms=(Idiom("emit", "bus", methods=("emit",), event="0"),),
    )  # fmt: skip
    written = "import { Bus } from 'buses';\nconst bus = new Bus();\nconst say = bus.emit.bind(bus);\nsay('paid');\nbus.shout('paid');\n"
    assert [use.call.line for use in code_of({"a.js": written}, (known,)).idioms.uses] == [4]


def test_a_name_that_is_one_of_two_is_both(code_of) -> None:
    code = code_of({"a.js": "const bus = new (require('events'))();\nbus.emit(ok ? 'done' : late ? 'late' : f(), 1);\n"})
    assert [event for use in code.idioms.of("emit") for event in code.idioms.events(use)] == ["done", "late", ""]


@pytest.mark.parametrize(
    ("handler", "given"),
    [("def told(client, userdata, flags, rc, more):\n    client.subscribe('a')\nc.on_connect = told\n", 1), ("class Hub:\n    def told(self, client, userdata, flags, rc, more):\n        client.subscribe('a')\n    def begin(self):\n        c.on_connect = self.told\n", 1), ("class Hub:\n    def told(self, client, userdata, flags, rc, more):\n        self.subscribe('a')\n    def begin(self):\n        c.on_connect = self.told\n", 0)],
    ids=["a function", "a method", "its own object"],
)
def test_a_method_is_handed_what_a_function_is_behind_its_own_object(code_of, handler: str, given: int) -> None:
    code = code_of({"a.py": f"import paho.mqtt.client as mqtt\nc = mqtt.Client()\n{handler}"})
    assert len([use for use in code.idioms.of("channel-in") if use.idiom.medium == "mqtt"]) == given
