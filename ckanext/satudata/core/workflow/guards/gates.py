"""What the gates of the step say: metadata incomplete, a file not checked, no licence, …

Each reason names the field or the file where it is mended. Nobody overrides a gate.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 70


def check(attempt: Attempt) -> Sequence[Reason]:
    return attempt.gate_reasons
