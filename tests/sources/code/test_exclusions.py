"""What speaks against a trap counts where it may be about the trap's call, and nowhere else."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Framework, Idiom
from callcheck.sources.code.standing import Standing

CALL = "import { Queue } from 'mailq';\nexport const queue = new Queue('mail');\nqueue.pause();\n"
OTHER = "export class Bar { stop() {} }\n"


def _stands(code_of, files: dict[str, str], without: tuple[str, ...] = (), **where: str) -> bool:
    trap = Idiom("trap", on="queue", methods=("pause",), without=without, where={name.replace("_", "-"): value for name, value in where.items()}, effect="x", says="x")
    known = Framework("mailq", "mailq", ("javascript", "typescript"), ("mailq",), {}, {"queue": ("mailq.Queue",)}, (trap,))
    other = Framework("barq", "barq", ("javascript", "typescript"), ("barq",), {}, {"bar": ("barq.Bar",)}, ())
    code = code_of({"a.ts": CALL, **files}, (known, other))
    uses = [use for use in code.idioms.of("trap") if use.module.path == "a.ts"]
    assert uses
    return all(Standing(code).stands(use) for use in uses)


COUNTS = {
    "on the object": {"b.ts": "import { queue } from './a';\nqueue.resume();\n"},
    "on another of the library": {"b.ts": "import { Queue } from 'mailq';\nnew Queue('other').resume();\n"},
    "on a parameter where the library is imported": {"b.ts": "import type { Queue } from 'mailq';\nexport function on(it) { it.resume(); }\n"},
    "on a parameter of its name": {"b.ts": "export function on(queue) { queue.resume(); }\n"},
    "on what it was handed to": {"b.ts": "import { queue } from './a';\nimport { Keeper } from 'keeper';\nnew Keeper(queue).resume();\n"},
    "on a variable that is filled later": {"a.ts": CALL + "let held = null;\nfunction fill() { held = queue; }\nheld.resume();\n"},
}
COUNTS_NOT = {
    "on a parameter elsewhere": {"b.ts": "export function on(it) { it.resume(); }\n"},
    "on an object of a class of the project": {"a.ts": CALL + "class Bar {}\nnew Bar().resume();\n"},
    "on an object of another library": {"a.ts": CALL + "import { Bar } from 'barq';\nnew Bar().resume();\n"},
    "on a list": {"a.ts": CALL + "const rows = [1];\nrows.resume();\n"},
    "in a test": {"a.test.ts": "import { queue } from './a';\nqueue.resume();\n"},
    "as a function of the project": {"a.ts": CALL + "function resume() {}\nresume();\n"},
}


@pytest.mark.parametrize("files", COUNTS.values(), ids=list(COUNTS))
@pytest.mark.parametrize("told", ["~resume", "/\\.resume\\(|\\bresume\\("])
def test_a_call_that_may_be_about_the_object_counts(code_of, files: dict[str, str], told: str) -> None:
    assert not _stands(code_of, files, (told,))


def test_a_function_of_the_name_counts_whatever_package_it_comes_from(code_of) -> None:
    assert not _stands(code_of, {"b.ts": "import { resume } from 'mailq-tools';\nresume();\n"}, ("~resume",))


@pytest.mark.parametrize("files", COUNTS_NOT.values(), ids=list(COUNTS_NOT))
def test_a_call_about_another_object_does_not(code_of, files: dict[str, str]) -> None:
    assert _stands(code_of, files, ("~resume",))


TEXTS = {
    "a message": ("console.log('resume later');\n", True, True),
    "an option": ("export const settings = { resume: true };\n", True, False),
    "a package": ("import resume from 'resume-all';\n", False, False),
    "the object's name": ("export const resume = (queue) => queue;\n", False, False),
}


@pytest.mark.parametrize(("text", "stands", "stands_anywhere"), TEXTS.values(), ids=list(TEXTS))
def test_a_text_counts_in_code_that_has_to_do_with_the_call_and_with_a_star_in_any(code_of, text: str, stands: bool, stands_anywhere: bool) -> None:
    assert _stands(code_of, {"b.ts": text}, ("=resume",)) is stands
    assert _stands(code_of, {"b.ts": text}, ("/resume\\b",)) is stands
    assert _stands(code_of, {"b.ts": text}, ("*=resume",)) is stands_anywhere
    assert _stands(code_of, {"b.ts": text}, ("*/resume\\b",)) is stands_anywhere


def test_a_text_counts_in_a_function_that_the_one_around_the_call_leads_to(code_of) -> None:
    files = {
        "a.ts": "import { Queue } from 'mailq';\nimport { later } from './b';\nconst queue = new Queue('mail');\nexport function stop() { queue.pause(); later(); }\n",
        "b.ts": "export { later } from './c';\n",
        "c.ts": "export function later() { plan({ resume: 60 }); }\nexport const other = 1;\n",
    }
    assert not _stands(code_of, files, ("=resume",))
    assert _stands(code_of, {**files, "c.ts": "export function later() {}\nexport const other = { resume: 60 };\n"}, ("=resume",))


def test_the_file_lacks_a_call_on_the_object_and_with_a_star_any(code_of) -> None:
    files = {"a.ts": CALL + OTHER + "new Bar().stop();\n"}
    assert _stands(code_of, files, file_lacks="\\.stop\\(")
    assert not _stands(code_of, files, file_lacks="*\\.stop\\(")
    assert not _stands(code_of, {"a.ts": CALL + "queue.stop();\n"}, file_lacks="\\.stop\\(")
    assert _stands(code_of, {"a.ts": CALL + "console.log('.stop()');\n"}, file_lacks="*\\.stop\\(")
