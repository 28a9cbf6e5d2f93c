"""An API server of Kubernetes as far as `kubectl get` needs one: it answers what it holds, and keeps every request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Objects = dict[str, list[dict[str, Any]]]
"""By plural: `pods`, `deployments` ..."""

_GROUPS = {
    "api/v1": {"pods": ("Pod", "po"), "services": ("Service", "svc")},
    "apis/apps/v1": {"deployments": ("Deployment", "deploy"), "statefulsets": ("StatefulSet", "sts"), "daemonsets": ("DaemonSet", "ds")},
    "apis/autoscaling/v2": {"horizontalpodautoscalers": ("HorizontalPodAutoscaler", "hpa")},
    "apis/networking.k8s.io/v1": {"ingresses": ("Ingress", "ing")},
}


class KubeApi:
    """Listens on loopback; `requests` are method and path."""

    def __init__(self, objects: Objects) -> None:
        self.requests: list[tuple[str, str]] = []
        self.forbidden: set[str] = set()
        self.logs: dict[str, list[str]] = {}
        """Lines by the pod's name; each is given a time as the kubelet does."""
        api = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                api.requests.append((self.command, self.path))
                status, told = api.told(self.path, objects)
                lines = api.logs_of(self.path)
                body = json.dumps(told).encode() if lines is None else lines.encode()
                self.send_response(status if lines is None else 200)
                self.send_header("content-type", "application/json" if lines is None else "text/plain")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def logs_of(self, path: str) -> str | None:
        """The lines for `/api/v1/namespaces/shop/pods/web-1/log`; None for another path."""
        parts = path.partition("?")[0].strip("/").split("/")
        if len(parts) != 7 or parts[-1] != "log" or "logs" in self.forbidden:
            return None
        return "".join(f"2026-11-26T01:00:{at:02}.{at * 7 % 1000:09}Z {line}\n" for at, line in enumerate(self.logs.get(parts[5], [])))

    def told(self, path: str, objects: Objects) -> tuple[int, dict[str, Any]]:
        """Status and body for a path such as `/apis/apps/v1/namespaces/shop/deployments/web`."""
        path, _, query = path.strip("/").partition("?")
        if path == "api":
            return 200, {"kind": "APIVersions", "versions": ["v1"]}
        if path == "apis":
            groups = [group.removeprefix("apis/") for group in _GROUPS if group.startswith("apis/")]
            versions = [{"groupVersion": group, "version": group.split("/")[1]} for group in groups]
            return 200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": [{"name": v["groupVersion"].split("/")[0], "versions": [v], "preferredVersion": v} for v in versions]}
        for group, kinds in _GROUPS.items():
            if path == group:
                rows = [{"name": name, "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": ["get", "list"], "shortNames": [short]} for name, (kind, short) in kinds.items()]
                return 200, {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group.split("/", 1)[1], "resources": rows}
            if path.startswith(f"{group}/namespaces/"):
                return self._objects(path[len(group) + 1 :].split("/"), group, query, objects)
        return 404, _status(404, "NotFound", "the server could not find the requested resource")

    def _objects(self, parts: list[str], group: str, query: str, objects: Objects) -> tuple[int, dict[str, Any]]:
        namespace = parts[1]
        if len(parts) == 2:  # kubectl asks whether the namespace is there when a name is not
            return 200, {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": namespace}}
        plural = parts[2]
        if plural in self.forbidden or (len(parts) > 4 and "logs" in self.forbidden):
            return 403, _status(403, "Forbidden", f'{plural} is forbidden: User "dev" cannot list resource "{plural}" in the namespace "{namespace}"')
        kind = _GROUPS[group][plural][0]
        version = group.split("/", 1)[1]
        found = [{"apiVersion": version, "kind": kind, **item} for item in objects.get(plural, []) if item["metadata"]["namespace"] == namespace]
        if len(parts) > 3:
            named = [item for item in found if item["metadata"]["name"] == parts[3]]
            return (200, named[0]) if named else (404, _status(404, "NotFound", f'{plural} "{parts[3]}" not found'))
        for clause in query.replace("%3D", "=").replace("%2C", ",").split("&"):
            if clause.startswith("labelSelector="):
                wanted = dict(pair.split("=") for pair in clause.removeprefix("labelSelector=").split(","))
                found = [item for item in found if wanted.items() <= item["metadata"].get("labels", {}).items()]
        return 200, {"kind": f"{kind}List", "apiVersion": version, "metadata": {}, "items": found}


def _status(code: int, reason: str, message: str) -> dict[str, Any]:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code}


@contextmanager
def kube_api(objects: Objects, folder: Path) -> Iterator[tuple[KubeApi, Path]]:
    """The server, and a kubeconfig that leads to it."""
    made = KubeApi(objects)
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    config = folder / "kubeconfig"
    config.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "test",
                "clusters": [{"name": "test", "cluster": {"server": made.url}}],
                "users": [{"name": "dev", "user": {}}],
                "contexts": [{"name": "test", "context": {"cluster": "test", "user": "dev"}}],
            }
        )
    )
    try:
        yield made, config
    finally:
        made.server.shutdown()
        made.server.server_close()


def _pod(name: str, app: str, restarts: int = 0, ready: bool = True, **state: Any) -> dict[str, Any]:
    container = {"name": app, "ready": ready, "started": ready, "restartCount": restarts, "image": f"registry.example/{app}:1.4", "state": {"running": {"startedAt": "2026-11-25T22:10:04Z"}}, "lastState": {}, **state}
    return {
        "metadata": {"name": name, "namespace": "shop", "labels": {"app": app, "pod-template-hash": "7d4b9c6f5"}, "ownerReferences": [{"kind": "ReplicaSet", "name": f"{app}-7d4b9c6f5", "controller": True}]},
        "spec": {"containers": [{"name": app, "image": f"registry.example/{app}:1.4"}], "nodeName": "node-1"},
        "status": {"phase": "Running", "startTime": "2026-11-25T22:10:01Z", "containerStatuses": [container]},
    }  # fmt: skip


def shop() -> Objects:
    """A namespace with a web Deployment of three pods, one of which crashes, an autoscaler, a Service and a Redis."""
    env = [{"name": "SECRET_KEY", "value": "hunter2hunter2"}, {"name": "WEB_CONCURRENCY", "value": "2"}, {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "shop", "key": "token"}}}]
    web = {"name": "web", "image": "registry.example/web:1.4", "command": ["gunicorn"], "args": ["shop.wsgi:app", "-b", "0.0.0.0:8000"], "env": env}
    crashed = {"state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}}, "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-11-26T01:02:11Z"}}}
    ending = _pod("web-7d4b9c6f5-old", "web")
    ending["metadata"]["deletionTimestamp"] = "2026-11-26T01:00:00Z"
    labels = {"app": "web"}
    return {
        "deployments": [
            {
                "metadata": {"name": "web", "namespace": "shop", "generation": 4, "annotations": {"deployment.kubernetes.io/revision": "4"}},
                "spec": {"replicas": 3, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": {"containers": [web]}}},
                "status": {"observedGeneration": 4, "replicas": 3, "readyReplicas": 2, "availableReplicas": 2, "unavailableReplicas": 1},
            }
        ],
        "statefulsets": [
            {
                "metadata": {"name": "redis", "namespace": "shop"},
                "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "redis"}}, "template": {"metadata": {"labels": {"app": "redis"}}, "spec": {"containers": [{"name": "redis", "image": "redis:7-alpine"}]}}},
                "status": {"replicas": 1, "readyReplicas": 1},
            }
        ],
        "pods": [_pod("web-7d4b9c6f5-2xkqp", "web"), _pod("web-7d4b9c6f5-9hzvl", "web", 2), _pod("web-7d4b9c6f5-m4tcd", "web", 7, False, **crashed), ending, _pod("redis-0", "redis")],
        "horizontalpodautoscalers": [{"metadata": {"name": "web", "namespace": "shop"}, "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 6}, "status": {"currentReplicas": 3}}],
        "services": [{"metadata": {"name": "web", "namespace": "shop"}, "spec": {"selector": labels, "clusterIP": "10.96.12.7", "sessionAffinity": "None", "ports": [{"port": 80, "targetPort": 8000}]}}],
        "ingresses": [],
    }  # fmt: skip
