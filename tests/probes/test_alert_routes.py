"""Are alerts told that the operator's own matcher keeps from a receiver?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.alert_routes import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

CONFIG = "apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nmetadata:\n  name: desk\n  namespace: {}\nspec:\n  route:\n    receiver: desk\n    matchers: [{{name: team, value: yard}}]\n  receivers: [{{name: desk, webhookConfigs: [{{url: 'http://desk/alerts'}}]}}]\n"
RULE = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: r, namespace: yard}}\nspec:\n  groups:\n    - name: g\n      rules:\n        - alert: Down\n          expr: {}\n          labels: {}\n"
VALUES = "alertmanager:\n  alertmanagerSpec:\n    alertmanagerConfigSelector: {matchLabels: {team: yard}}\n"
EXPR = "up{namespace=\"yard\"} == 0"


@pytest.mark.parametrize(
    ("space", "expr", "labels", "values", "told"),
    [
        ("watch", EXPR, "{team: yard}", VALUES, ["strong"]),
        ("watch", EXPR, "{team: yard}", "", ["fair"]),
        ("yard", EXPR, "{team: yard}", VALUES, []),
        ("watch", EXPR, "{team: yard}", VALUES + "    alertmanagerConfigMatcherStrategy: {type: None}\n", []),
        ("watch", EXPR, "{team: yard}", VALUES + "    alertmanagerConfigMatcherStrategy:\n      type: OnNamespaceExceptForAlertmanagerNamespace\n", []),
        ("watch", EXPR, "{team: gate}", VALUES, []),
        ("watch", EXPR, "{team: yard, namespace: watch}", VALUES, []),
        ("watch", "up{job=\"a\"} == 0", "{team: yard}", VALUES, []),
        ("watch", "up{namespace=~\"yard|watch\"} == 0", "{team: yard}", VALUES, []),
        ("watch", "up{namespace=~\"y.*\"} == 0", "{team: yard}", VALUES, []),
    ],
    ids=["of another", "as it is by default", "its own", "no matcher", "a matcher for others", "of another team", "labelled", "of any", "of both", "by a pattern"],
)
def test_an_alert_of_another_namespace(tmp_path: Path, space: str, expr: str, labels: str, values: str, told: list[str]) -> None:
    files = {"desk.yaml": CONFIG.format(space), "rules.yaml": RULE.format(f"'{expr}'", labels), "values.yaml": values}
    assert [item.fact.strength for item in look(tmp_path, files)] == told
