"""What ``./dev/up``, ``./dev/down``, ``./dev/run`` and ``./dev/test`` do; by the standard library alone."""
