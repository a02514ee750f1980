"""One kind of mistake per file."""
