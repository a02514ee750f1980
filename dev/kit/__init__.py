"""What ``./dev/up``, ``./dev/down``, ``./dev/run`` and ``./dev/test`` do; standard library only, nothing to install first."""
