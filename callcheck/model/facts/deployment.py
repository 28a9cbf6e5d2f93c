"""How many processes run, and what lies between them?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class InstancesFactor(Fact):
    """One number that multiplies an app: replicas of a unit, or processes within one unit."""

    kind: ClassVar[str] = "instances.factor"

    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    """The most that may run; 2 with `at_least` for "more than one, number unknown"."""
    at_least: Annotated[bool, Attr("callcheck.instance.at_least")]
    level: Annotated[str, Attr("callcheck.instance.level")]
    """"replicas" (pods, tasks, dynos, containers) or "processes" (workers within one)."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    """Who says so: pm2, kubernetes, compose, gunicorn, uvicorn, node-cluster ..."""
    service: Annotated[str, Attr("service.name")]
    """The unit it belongs to; "" if the file does not say."""
    text: Annotated[str, Attr("callcheck.instance.text")]
    """As the file says it, in a few words: `replicas: 4`, `--workers 4`."""

    def says(self) -> str:
        many = f"at least {self.count}" if self.at_least else str(self.count)
        return f"{many} {self.level} here" if self.count != 1 else f"one of its {self.level} here"


@dataclass(frozen=True, slots=True, repr=False)
class Instances(Fact):
    """How many processes that share no memory serve one unit: the product of its factors."""

    kind: ClassVar[str] = "instances"

    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    at_least: Annotated[bool, Attr("callcheck.instance.at_least")]
    service: Annotated[str, Attr("service.name")]
    role: Annotated[str, Attr("callcheck.service.role")] = "unknown"
    """As of the unit: web, worker, scheduler or unknown."""

    def says(self) -> str:
        many = f"at least {self.count}" if self.at_least else str(self.count)
        if self.count == 1 and not self.at_least:
            return f"one process serves {self.service or 'the app'}"
        return f"{many} processes serve {self.service or 'the app'}"


@dataclass(frozen=True, slots=True, repr=False)
class InstancesPossible(Fact):
    """More than one process may run, by a default or variable that no file settles: gunicorn without `-w` where the platform sets it."""

    kind: ClassVar[str] = "instances.possible"

    variable: Annotated[str, Attr("callcheck.instance.variable")]
    """The environment variable that would settle it (`WEB_CONCURRENCY`), or ""."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    service: Annotated[str, Attr("service.name")]
    text: Annotated[str, Attr("callcheck.instance.text")]

    def says(self) -> str:
        return f"{self.variable} decides how many processes run" if self.variable else "the number of processes is not said here"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceRun(Fact):
    """A process type that the deployment starts: a compose service, Procfile line, PM2 app, Deployment, package script."""

    kind: ClassVar[str] = "service.run"

    service: Annotated[str, Attr("service.name")]
    command: Annotated[str, Attr("process.command_args")]
    """The command as written, "" if the image decides."""
    entry: Annotated[str, Attr("callcheck.entry.file")]
    """The source file or dotted module it starts, as written (`src/server.js`, `app.main:app`), or ""."""
    role: Annotated[str, Attr("callcheck.service.role")]
    """web, worker, scheduler, broker (Redis, RabbitMQ, Kafka ...), proxy, database or unknown."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    image: Annotated[str, Attr("container.image.name")] = ""
    """The image or build folder as written; units that share it share their code."""
    server: Annotated[str, Attr("callcheck.server")] = ""
    """The program that serves or works: uvicorn, gunicorn, celery, rq, node ...; "" if the command says none that is known."""
    queues: Annotated[str, Attr("callcheck.queue.names")] = ""
    """The queues that a worker is told to take from, separated by commas."""

    def says(self) -> str:
        return f"{self.service or 'the app'} is started here"


@dataclass(frozen=True, slots=True, repr=False)
class StickySessions(Fact):
    """A balancer sends all requests of one client to the same instance."""

    kind: ClassVar[str] = "sticky.sessions"

    by: Annotated[str, Attr("callcheck.sticky.by")]
    """cookie, ip, header."""
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return f"sessions stick to an instance by {self.by}"


@dataclass(frozen=True, slots=True, repr=False)
class LoadBalanced(Fact):
    """Requests are spread over several instances without affinity, and a line says so."""

    kind: ClassVar[str] = "load.balanced"

    system: Annotated[str, Attr("callcheck.balancer.system")]
    """nginx, kubernetes-service, haproxy ..."""
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return "requests are spread over the instances here"


@dataclass(frozen=True, slots=True, repr=False)
class BalancerPool(Fact):
    """A balancer hands requests to several units, as if they were one."""

    kind: ClassVar[str] = "balancer.pool"

    members: Annotated[str, Attr("callcheck.balancer.members")]
    """The units by the names that the balancer knows them by, separated by commas."""
    system: Annotated[str, Attr("callcheck.balancer.system")]
    service: Annotated[str, Attr("service.name")]
    """The pool's own name."""

    def says(self) -> str:
        return f"requests are spread over {self.members}"


@dataclass(frozen=True, slots=True, repr=False)
class ServerlessFunction(Fact):
    """The code runs in a function that may freeze or end after its response."""

    kind: ClassVar[str] = "serverless.function"
    of_one_app: ClassVar[bool] = True

    platform: Annotated[str, Attr("faas.platform")]
    """aws-lambda, vercel, cloudflare-workers, netlify, azure-functions; cloud-run and app-runner, which give CPU only during requests."""
    service: Annotated[str, Attr("faas.name")]

    def says(self) -> str:
        return f"runs on {self.platform}, which stops the process after the response"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceStops(Fact):
    """The platform stops the unit when no request or trigger comes, so that what it listens to is not heard: scale to zero, autostop."""

    kind: ClassVar[str] = "service.stops"

    service: Annotated[str, Attr("service.name")]
    role: Annotated[str, Attr("callcheck.service.role")]
    """web, worker, scheduler or unknown: a worker has no requests that would wake it."""
    wakes_on: Annotated[str, Attr("callcheck.service.wakes_on")]
    """http, or the trigger's kind and what it watches (`redis bull:mail:wait`)."""
    system: Annotated[str, Attr("callcheck.instance.system")]

    def says(self) -> str:
        return f"{self.service or 'the app'} may be stopped until {self.wakes_on} wakes it"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceGap(Fact):
    """At each rollout, the unit's last process is stopped before the next one is there."""

    kind: ClassVar[str] = "service.gap"

    service: Annotated[str, Attr("service.name")]
    how: Annotated[str, Attr("callcheck.gap.how")]
    """The setting that makes it so, as it is written or in words."""
    system: Annotated[str, Attr("callcheck.instance.system")]

    def says(self) -> str:
        return f"nobody runs {self.service or 'it'} for a while at each rollout ({self.how})"


@dataclass(frozen=True, slots=True, repr=False)
class ServerTrait(Fact):
    """A setting of the server that changes what runs in its processes."""

    kind: ClassVar[str] = "server.trait"

    trait: Annotated[str, Attr("callcheck.server.trait")]
    """threads-disabled (uWSGI up to 2.0.26 without enable-threads), threads-unstated (the same from 2.0.27 on, where the default changed),
    preloaded (the app is imported before the workers are forked), sync-workers (each serves one request at a time)."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        if self.trait == "sync-workers":
            return f"each worker of {self.system} serves one request at a time"
        if self.trait == "preloaded":
            return f"{self.system} imports the app once, before it forks its workers"
        return f"{self.system} runs here without Python threads" if self.trait == "threads-disabled" else f"{self.system} is not told here to run threads"


@dataclass(frozen=True, slots=True, repr=False)
class ServerBound(Fact):
    """A server listens on an address of its own machine alone; in a container that is the container."""

    kind: ClassVar[str] = "server.bound"

    address: Annotated[str, Attr("server.address")]
    system: Annotated[str, Attr("callcheck.server")]
    """The program, or the framework, that listens: uvicorn, express."""
    told: Annotated[bool, Attr("callcheck.server.told")]
    """Whether the address is written there; otherwise it is the server's own default."""
    guarded: Annotated[bool, Attr("callcheck.guarded")]
    """Whether it listens only where its file is run as the program itself."""
    service: Annotated[str, Attr("service.name")] = ""
    """The unit whose command says it; "" for a call in the code."""
    language: Annotated[str, Attr("code.language")] = ""

    def says(self) -> str:
        return f"{self.system} listens on {self.address} alone" + ("" if self.told else ", which it takes by default")


UNIT_FACTS: frozenset[type[Fact]] = frozenset({ServiceRun, InstancesFactor, InstancesPossible, ServerTrait, ServerBound})
"""What follows from a unit and the command that it starts."""
