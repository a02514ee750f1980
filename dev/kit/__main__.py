"""The one door: ``python3 -m dev.kit up|down|run|test …``, called by the small scripts beside this folder."""

from __future__ import annotations

import os
import sys

from dev.kit import commands, demo, tests
from dev.kit.steps import StepError, colour

COMMANDS = {"up": demo.up, "down": demo.down, "run": commands.run_in_environment, "test": tests.main}


def main() -> int:
    """Dispatch; a failed step ends with its sentence, not with a traceback."""
    os.environ.pop("PYTHONPATH", None)
    try:
        return COMMANDS[sys.argv[1]](sys.argv[2:])
    except StepError as failure:
        print(f"\n{colour('31', 'Stopped:')} {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
