"""An app that calls back, well or badly: POST /jobs/MODE with `{"id", "callback_url"}`. Run by uvicorn on a loopback port in the tests."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import os
import time

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

app = FastAPI()
client = httpx.AsyncClient(trust_env=False, timeout=2, verify=False)
tasks: set[asyncio.Task[None]] = set()
waiting: dict[str, asyncio.Event] = {}
lossy = itertools.count()
"""Every second job of this kind is lost: by chance, one run in 256 of eight jobs would lose none."""
hanging: set[object] = set()
"""The triggers that are not being answered."""
SECRET = os.environ.get("WEBHOOK_SECRET", "s3cret-of-the-tests").encode()


async def post(url: str, content: dict[str, object], secret: bytes = SECRET) -> int:
    body = json.dumps(content).encode()
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "x-signature": f"sha256={signature}"}
    return (await client.post(url, content=body, headers=headers)).status_code


async def work(mode: str, job: str, url: str) -> None:
    done: dict[str, object] = {"id": job, "status": "done"}
    if mode == "late":
        await asyncio.sleep(0.7)
    if mode == "lossy" and next(lossy) % 2:
        return
    if mode == "renamed":
        done = {"jobId": job}
    if mode == "slash":
        url += "/"
    if mode == "tls":
        url = url.replace("http:", "https:")
    for _ in range(2 if mode == "twice" else 1):
        for attempt in range(4 if mode == "retrying" else 1):
            try:
                status = await post(url, done, b"another" if mode == "mis-signed" else SECRET)
            except httpx.HTTPError:
                status = 0
            if 200 <= status < 300:
                break
            await asyncio.sleep(0.05 * (attempt + 1))


@app.get("/health")
def health() -> dict[str, int]:
    return {"pid": os.getpid()}


@app.get("/hanging")
async def hangs() -> Response:
    return Response(status_code=200 if hanging else 404)


@app.post("/jobs/{mode}", status_code=202)
async def start(mode: str, request: Request) -> Response:
    body = await request.json()
    if mode == "never":
        return Response(status_code=202)
    if mode == "failing":
        return Response("no", status_code=500)
    if mode == "hanging":
        hanging.add(request)
        try:
            await asyncio.sleep(60)
        finally:
            hanging.discard(request)
    if mode == "dropping":
        os._exit(1)
    if mode == "redirecting":
        return RedirectResponse("http://192.0.2.1/elsewhere", 307)
    if mode == "endless":
        async def endless():
            while True:
                yield b"x" * 1000
                await asyncio.sleep(0.001)
        return StreamingResponse(endless())
    task = asyncio.create_task(work(mode, body["id"], body["callback_url"]))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return Response(status_code=202)


@app.post("/wait/{job}")
async def wait(job: str) -> dict[str, str]:
    event = waiting.setdefault(job, asyncio.Event())
    await asyncio.wait_for(event.wait(), 5)
    return {"id": job}


@app.get("/stream/{job}")
async def stream(job: str) -> StreamingResponse:
    event = waiting.setdefault(job, asyncio.Event())

    async def told():
        yield b": hello\n\n"
        await event.wait()
        yield b"data: done\n\n"
        await asyncio.sleep(60)

    return StreamingResponse(told(), media_type="text/event-stream")


@app.post("/run/{job}")
async def run(job: str) -> dict[str, float]:
    if job in waiting:
        waiting.pop(job).set()
    return {"at": time.time()}
