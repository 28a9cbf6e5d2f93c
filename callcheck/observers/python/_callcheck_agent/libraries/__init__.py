"""One module a library: what of it is patched, and which facts that gives."""
