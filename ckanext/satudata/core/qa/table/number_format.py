"""Zeros that only a number format shows: ``00000`` on 32 is ``00032`` on the screen and 32 everywhere else.

Only formats made of nothing but zeros and fixed characters (``00000``, ``00\\.00``, ``"ID-"0000``) write codes; all
others (``#,##0``, ``0.00``, ``0%``, dates) present a value, and the value stays as it is stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

# A colour, condition or language in front, which does not change what is written: [Red], [$-421], [>=0].
_BRACKET = re.compile(r"\[[^\]]*\]")
_TOKEN = re.compile(r'0|"([^"]*)"|\\(.)|_.|\*.|([-/ ():+])|(.)', re.DOTALL)


@dataclass(frozen=True)
class CodeFormat:
    """A number format that writes whole numbers as codes of fixed length."""

    format: str
    parts: tuple[str, ...]  # "0" for a digit, anything else as it is written

    @cached_property
    def digits(self) -> int:
        return self.parts.count("0")

    def write(self, value: str) -> str:
        """``32`` as this format shows it: ``00032``; values that are no whole number ≥ 0 come back unchanged."""
        if not value.isascii() or not value.isdigit():
            return value
        digits = value.rjust(self.digits, "0")
        spare = len(digits) - self.digits  # more digits than places: they all go to the first place
        written: list[str] = []
        taken = 0
        for part in self.parts:
            if part != "0":
                written.append(part[1:])
                continue
            end = taken + 1 + (spare if taken == 0 else 0)
            written.append(digits[taken:end])
            taken = end
        return "".join(written)


def code_format(text: str) -> CodeFormat | None:
    """``text`` as a :class:`CodeFormat` if it only pads with zeros (two places at least), else ``None``."""
    section = _BRACKET.sub("", _first_section(text)).strip()
    parts: list[str] = []
    for found in _TOKEN.finditer(section):
        quoted, escaped, plain, other = found.groups()
        if other is not None:
            return None
        if found.group() == "0":
            parts.append("0")
        elif found.group()[0] not in "_*":
            # A mark in front keeps a fixed zero apart from a digit's place.
            parts.append("=" + "".join(piece for piece in (quoted, escaped, plain) if piece is not None))
    return CodeFormat(text, tuple(parts)) if parts.count("0") >= 2 else None


def _first_section(text: str) -> str:
    """Up to the first semicolon outside quotes: the section for positive numbers."""
    quoted = False
    previous = ""
    for index, character in enumerate(text):
        if character == '"' and previous != "\\":
            quoted = not quoted
        elif character == ";" and not quoted and previous != "\\":
            return text[:index]
        previous = character
    return text
