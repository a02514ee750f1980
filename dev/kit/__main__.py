"""The one door: ``python3 -m dev.kit up|down|run|test …``, called by the small scripts beside this folder."""

from __future__ import annotations

import os
import sys

from dev.kit import tests
from dev.kit.steps import StepFailed, colour


def _test(arguments: list[str]) -> int:
    part, rest = arguments[0], [word for word in arguments[1:] if word != "--"]
    return {"core": tests.core, "slices": tests.slices}[part](rest)


def _run(arguments: list[str]) -> int:
    from dev.kit import commands

    return commands.run_in_environment(arguments)


def main() -> int:
    """Dispatch; a failed step ends with its sentence, not with a traceback."""
    os.environ.pop("PYTHONPATH", None)
    command, arguments = sys.argv[1], sys.argv[2:]
    try:
        return {"test": _test, "run": _run}[command](arguments)
    except StepFailed as failure:
        print(f"\n{colour('31', 'Stopped:')} {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
