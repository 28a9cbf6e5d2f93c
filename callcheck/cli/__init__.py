"""The command line: one file a command; only this room prints, and only it picks the exit status."""
