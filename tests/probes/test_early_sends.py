"""A message to a page is told if its window begins to load before, and nothing waits for that; not if something does, or the page can ask."""

from __future__ import annotations

import pytest

from callcheck.probes.early_sends import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "const { app, BrowserWindow, ipcMain } = require('electron');\n"
OPEN = HEAD + "function open() {\n  const win = new BrowserWindow();\n  win.loadFile('a.html');\n  return win;\n}\n"
KEPT = HEAD + "let win;\nfunction open() {\n  win = new BrowserWindow();\n  win.loadURL('app://a');\n}\n"
MADE = "const { BrowserWindow } = require('electron');\nlet win;\nexports.open = () => {\n  win = new BrowserWindow();\n  win.loadFile('a.html');\n};\nexports.tell = (name, value) => win.webContents.send(name, value);\n"


@pytest.mark.parametrize(
    ("files", "strength"),
    [
        ({"a.js": OPEN + "app.whenReady().then(() => {\n  const w = open();\n  w.webContents.send('jobs', list());\n});\n"}, "strong"),
        ({"a.js": OPEN + "app.whenReady().then(async () => {\n  const w = open();\n  const jobs = await read();\n  w.webContents.send('jobs', jobs);\n});\n"}, "fair"),
        ({"a.js": KEPT + "app.on('ready', () => {\n  open();\n  win.webContents.send('jobs', list());\n});\n"}, "strong"),
        ({"a.js": HEAD + "async function start() {\n  const win = new BrowserWindow();\n  win.loadFile('a.html');\n  const jobs = await read();\n  win.webContents.send('jobs', jobs);\n}\n"}, "fair"),
        ({"a.js": MADE, "b.js": "const { open, tell } = require('./a');\nfunction start() {\n  open();\n  tell('jobs', list());\n}\n"}, "strong"),
        ({"a.js": HEAD + "class Desk {\n  open() {\n    this.win = new BrowserWindow();\n    this.win.loadFile('a.html');\n  }\n  start() {\n    this.open();\n    this.win.webContents.send('jobs', 1);\n  }\n}\n"}, "strong"),
        ({"a.js": KEPT + "app.on('open-url', (event, url) => {\n  if (!win) open();\n  win.webContents.send('link', url);\n});\n"}, "fair"),
        ({"a.js": OPEN + "function start() {\n  const w = open();\n  const contents = w.webContents;\n  contents.send('jobs', list());\n}\n"}, "strong"),
    ],
    ids=["a factory", "a factory and a wait", "a variable of the file", "a wait for something else", "a function that sends", "a field", "a window that may be there", "its contents by name"],
)
def test_what_is_sent_while_the_page_loads_is_told(tmp_path, files, strength: str) -> None:
    assert [(item.fact.effect, item.fact.strength) for item in look(tmp_path, files)] == [("late-registration", strength)]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "async function open() {\n  const win = new BrowserWindow();\n  await win.loadFile('a.html');\n  return win;\n}\nasync function start() {\n  const w = await open();\n  w.webContents.send('jobs', 1);\n}\n",
        OPEN + "function start() {\n  const w = open();\n  w.webContents.once('did-finish-load', () => w.webContents.send('jobs', 1));\n}\n",
        OPEN + "async function start() {\n  const w = open();\n  await once(w, 'ready-to-show');\n  w.webContents.send('jobs', 1);\n}\n",
        OPEN + "async function start() {\n  const w = open();\n  const file = await dialog.showOpenDialog(w);\n  w.webContents.send('file', file);\n}\n",
        OPEN + "function start() {\n  const w = open();\n  watch((job) => w.webContents.send('job', job));\n}\n",
        OPEN + "function start() {\n  const w = open();\n  other.webContents.send('jobs', 1);\n}\n",
        OPEN + "ipcMain.handle('jobs', () => read());\nasync function start() {\n  const w = open();\n  const jobs = await read();\n  w.webContents.send('jobs', jobs);\n}\n",
        KEPT + "app.on('open-url', (event, url) => {\n  if (!win) {\n    open();\n    return;\n  }\n  win.webContents.send('link', url);\n});\n",
        KEPT + "app.on('open-url', (event, url) => {\n  if (win) win.webContents.send('link', url);\n  else open();\n});\n",
        HEAD + "function start() {\n  const win = new BrowserWindow();\n  win.loadFile('a.html').then(() => {\n    win.webContents.send('jobs', 1);\n  });\n}\n",
        HEAD + "async function open() {\n  const win = new BrowserWindow();\n  win.loadFile('a.html');\n  await new Promise((go) => win.once('ready-to-show', go));\n  return win;\n}\nasync function start() {\n  const w = await open();\n  w.webContents.send('jobs', 1);\n}\n",
    ],
    ids=["awaited", "after it is loaded", "shown", "a person chooses", "later", "another window", "asked for", "gone back", "either way", "then", "awaited inside"],
)
def test_what_waits_or_is_asked_for_or_comes_later_is_not(tmp_path, text: str) -> None:
    assert look(tmp_path, {"a.js": text}) == []
