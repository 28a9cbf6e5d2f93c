"""A view of Django that builds something before it answers GitHub is told; one that hands the work over is not."""

from __future__ import annotations

import pytest

from callcheck.probes.deadlines import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
URLS = "from django.urls import path\nfrom .views import pushed\nurlpatterns = [path('PATH', pushed)]\n"
VIEW = "import subprocess\ndef pushed(request):\n    WORK\n    return HttpResponse(status=204)\n"
BUILD = "subprocess.run(['make', 'image'], check=True)"


@pytest.mark.parametrize(
    ("path", "work", "told"),
    [("hooks/github", BUILD, True), ("hooks/github", "build.delay()", False), ("reports/monthly", BUILD, False)],
)
def test_a_listed_route_is_looked_at_too(tmp_path, path, work, told) -> None:
    found = look(tmp_path, {"ci/__init__.py": "", "ci/urls.py": URLS.replace("PATH", path), "ci/views.py": VIEW.replace("WORK", work)})
    assert [item.fact.kind for item in found] == (["ack.late"] if told else [])
