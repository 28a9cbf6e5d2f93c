"""What is said of a listener that goes with the answer of the request that attached it."""

from __future__ import annotations

import pytest

from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.probes.released_with_answers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
FOUND = [ListenerPerCall("freed", "request", "node-events", "javascript")]
PLAIN = """
const express = require('express');
const { EventEmitter } = require('node:events');
const app = express();
const desks = new EventEmitter();
app.post('/wishes', async (req, res) => {
  const onFreed = (desk) => mail(req.body.member, desk);
  desks.on('freed', onFreed);
  res.on('close', () => desks.off('freed', onFreed));
  ANSWER
});
EMITS
app.listen(3000);
"""
FREES = "app.delete('/desks/:desk', (req, res) => { desks.emit('freed', req.params.desk); res.sendStatus(204); });"
MCP = """
import express from 'express';
import { EventEmitter } from 'node:events';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
const app = express();
const desks = new EventEmitter();
app.post('/mcp', async (req, res) => {
  const server = new McpServer({ name: 'desks', version: '1' });
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: SESSION });
  const onFreed = (desk) => server.registerTool(desk, {}, book);
  desks.on('freed', onFreed);
  res.on('close', () => desks.off('freed', onFreed));
  await server.connect(transport);
  await transport.handleRequest(req, res, req.body);
});
EMITS
"""


@pytest.mark.parametrize("answer", ["res.status(202).end();", "res.json({ waiting: true });"])
def test_a_listener_that_goes_with_an_answer_at_once(tmp_path, answer: str) -> None:
    assert [item.fact for item in look(tmp_path, {"app.js": PLAIN.replace("ANSWER", answer).replace("EMITS", FREES)})] == FOUND


def test_a_listener_that_goes_with_a_stateless_transport(tmp_path) -> None:
    assert [item.fact for item in look(tmp_path, {"app.mjs": MCP.replace("SESSION", "undefined").replace("EMITS", FREES)})] == FOUND


@pytest.mark.parametrize(
    ("answer", "emits"),
    [
        ("res.writeHead(200, { 'Content-Type': 'text/event-stream' });", FREES),
        ("const [desk] = await once(desks, 'freed'); res.json({ desk });", FREES),
        ("desks.emit('freed', 7); res.end();", FREES),
        ("res.end();", "setInterval(() => desks.emit('freed', 7), 1000);"),
        ("if (req.query.wait !== '1') res.end();", FREES),
    ],
)
def test_streams_those_who_wait_and_other_senders_are_left_alone(tmp_path, answer: str, emits: str) -> None:
    assert look(tmp_path, {"app.js": PLAIN.replace("ANSWER", answer).replace("EMITS", emits)}) == []


def test_a_transport_with_a_session_is_left_alone(tmp_path) -> None:
    assert look(tmp_path, {"app.mjs": MCP.replace("SESSION", "() => crypto.randomUUID()").replace("EMITS", FREES)}) == []
