"""One command a module: `app` is a typer of one command, or of a group of them. The folder is the list of commands.

What it imports itself is loaded by every call of that command, also for `--help`; the work is imported where it is called.
"""
