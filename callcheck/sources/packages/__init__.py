"""Which version of a package, and of Python or Node.js, does a source file run with? `resolve.Packages` answers."""
