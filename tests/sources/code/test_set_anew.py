"""A variable is filled anew where a template, a shell or a pod's own field says so, and not where another file sets it to something that stays."""

from __future__ import annotations

import pytest

from callcheck.sources.code.set_anew import Place, renames_hosts, set_anew

POD = "- name: POD\n  valueFrom:\n    fieldRef:\n      apiVersion: v1\n      fieldPath: metadata.name\n- {name: ID, value: $(POD)-x}\n"
TERRAFORM = 'resource "kubernetes_deployment_v1" "gate" {\n  env {\n    name = "ID"\n    value_from {\n      field_ref {\n        field_path = "metadata.name"\n      }\n    }\n  }\n}\n'


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"stack.yml": "services:\n  a:\n    environment:\n      ID: a-{{.Task.ID}}\n"}, Place("stack.yml", 4)),
        ({"stack.yml": "services:\n  a:\n    environment:\n      ID: a-{{.Task.Slot}}\n"}, None),
        ({"compose.example.yml": "services:\n  a:\n    environment:\n      ID: a-{{.Task.ID}}\n"}, None),
        ({"run.sh": "#!/bin/sh\nexport ID=\"a-$(uuidgen)\"\nexec node a.js\n"}, Place("run.sh", 2)),
        ({"a.nomad": 'job "a" {\n  env {\n    ID = "a-${NOMAD_ALLOC_ID}"\n  }\n}\n'}, Place("a.nomad", 3)),
        ({"k.yaml": "kind: Service\n---\nkind: Deployment\nenv:\n" + POD}, Place("k.yaml", 10)),
        ({"k.yaml": "kind: Service\n---\nkind: StatefulSet\nenv:\n" + POD}, None),
        ({"k.yaml": "kind: StatefulSet\nenv:\n" + POD.replace("metadata.name", "metadata.uid")}, Place("k.yaml", 8)),
        ({"k.tf": TERRAFORM}, Place("k.tf", 3)),
        ({"k.tf": TERRAFORM.replace("deployment_v1", "stateful_set_v1")}, None),
        ({"k.yaml": "kind: Deployment\nenv:\n" + POD, "other.yaml": "ID: fixed\n"}, None),
    ],
)  # fmt: skip
def test_where_a_variable_is_filled_anew(code_of, files: dict[str, str], place: Place | None) -> None:
    assert set_anew(code_of(files).project, "ID") == place


@pytest.mark.parametrize(
    ("manifest", "place"),
    [
        ("kind: Service\n---\nkind: Deployment\nspec:\n  image: gate:1\n", Place("k.yaml", 3)),
        ("kind: Deployment\nspec:\n  image: gate:1\n---\nkind: StatefulSet\nspec:\n  image: redis:7\n", Place("k.yaml", 1)),
        ("kind: Deployment\nspec:\n  image: gate:1\n---\nkind: StatefulSet\nspec:\n  image: meter:1\n", None),
        ("kind: Deployment\nspec:\n  hostname: gate\n  image: gate:1\n", None),
        ("kind: ConfigMap\ndata: {image: gate:1}\n", None),
    ],
)  # fmt: skip
def test_where_the_machines_get_other_names(code_of, manifest: str, place: Place | None) -> None:
    assert renames_hosts(code_of({"k.yaml": manifest}).project) == place
