"""Do files say that functions run the code?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.serverless import PROBE
from callcheck.sources import Eyes


def look(folder: Path, files: dict[str, str]) -> list[Evidence | Lost]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, Knowledge())
    return [] if PROBE.skip(target, eyes) else list(PROBE.look(target, eyes))


def told(found: list[Evidence | Lost]) -> list[str]:
    """Each fact as `kind service values @place`, for short comparisons."""
    lines = []
    for item in found:
        if isinstance(item, Lost):
            lines.append(f"lost {item.what}")
            continue
        values = item.fact.attributes()
        name = values.get("service.name", values.get("faas.name"))
        count = values.get("callcheck.instance.count", "")
        many = f"{count}+" if values.get("callcheck.instance.at_least") else str(count)
        more = (
            values.get("callcheck.entry.file")
            or values.get("callcheck.sticky.by")
            or values.get("faas.platform")
            or values.get("callcheck.server.trait")
            or ""
        )
        lines.append(" ".join(word for word in [item.fact.kind, str(name), many, str(more), f"@{item.where}"] if word))
    return lines


def test_each_platforms_file_names_it(tmp_path: Path) -> None:
    files = {
        "a/serverless.yml": "provider: {name: aws}\nfunctions:\n  api:\n    handler: src/h.handler\n",
        "b/template.yaml": "Resources:\n  Api:\n    Type: AWS::Serverless::Function\n    Properties: {Role: !GetAtt R.Arn}\n",
        "c/vercel.json": '{"functions":\n {"api/x.ts": {}}}',
        "d/wrangler.toml": 'name = "w"\nmain = "src/index.ts"\n',
        "e/netlify.toml": '[functions]\n  node_bundler = "esbuild"\n',
        "f/host.json": '{"version": "2.0", "extensionBundle": {}}',
    }
    assert told(look(tmp_path, files)) == [
        "serverless.function api aws-lambda @a/serverless.yml:4",
        "serverless.function Api aws-lambda @b/template.yaml:3",
        "serverless.function vercel @c/vercel.json:2",
        "serverless.function netlify @e/netlify.toml:1",
        "serverless.function w cloudflare-workers @d/wrangler.toml:2",
        "serverless.function azure-functions @f/host.json:1",
    ]


RUN = """\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: t, annotations: {run.googleapis.com/ingress: all}}
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/maxScale: "1"
    spec:
      containers:
        - {image: "x/t:1", command: ["uvicorn", "a:b"]}
"""


def test_cloud_run_throttles_unless_told_otherwise(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"service.yaml": RUN})) == [
        "serverless.function t cloud-run @service.yaml:7",
        "service.run t a:b @service.yaml:11",
        "instances.factor t 1 @service.yaml:11",
        "instances.factor t 1 @service.yaml:8",
    ]
    always = RUN.replace(
        "        autoscaling", '        run.googleapis.com/cpu-throttling: "false"\n        autoscaling'
    )
    assert not any("serverless" in line for line in told(look(tmp_path, {"service.yaml": always})))


def test_next_alone_is_no_function(tmp_path: Path) -> None:
    assert look(tmp_path, {"package.json": '{"dependencies": {"next": "15"}}', "netlify.toml": "[build]\n"}) == []
