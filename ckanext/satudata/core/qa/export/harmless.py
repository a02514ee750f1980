"""Text of a stranger's file in a file of ours: nothing that runs, nothing that cannot be written, nothing unseen."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Where a spreadsheet would begin a formula: first in the cell, or behind a mark at which its own settings split the
# line. Blanks and invisible characters before it do not count. The same rule as in ``rows.py``, for single texts.
_FORMULA = re.compile(r"((?:^|[;\t|\r\n])[\s\x00-\x20\u200B-\u200F\u2060\uFEFF]*)([=+\-@＝＋－＠])")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")
# What no XML may hold, halves of characters, and marks that turn the direction of reading.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """The text with control characters shown as signs (``␀``), the rest of the unprintable as ``�``; line ends are
    line feeds.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < "\x20" else "�", text)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could run the text, or a part of it, when it meets it in a text file."""
    return _FORMULA.search(text) is not None and _PLAIN_NUMBER.fullmatch(text) is None


def is_plain(cells: Sequence[str], most: int = 32_767) -> bool:
    """Whether all these texts can be written as they are: nothing unseen, nothing to disarm, none too long."""
    together = "\n".join(cells)
    return (
        len(together) <= most
        and "\r" not in together
        and _UNSEEN.search(together) is None
        and _FORMULA.search(together) is None
    )


def disarmed(text: str) -> str:
    """The text for a CSV: visible, and with an apostrophe before whatever a spreadsheet would run."""
    shown = visible(text)
    return _FORMULA.sub(r"\1'\2", shown) if is_formula(shown) else shown


def shortened(text: str, most: int) -> str:
    """At most ``most`` characters; what was cut off is shown by an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"
