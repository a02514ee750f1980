"""How wide words are, and where they break; good enough for any sans serif font."""

from __future__ import annotations

NARROW = frozenset("iljtfrI.,;:'|!()[]/ -·“”")
WIDE = frozenset("mwMWQO@%&—")


def width(words: str, size: float, *, bold: bool = False) -> float:
    """The width of a line in units of the picture, rather too much than too little."""
    total = 0.0
    for sign in words:
        if sign in NARROW:
            total += 0.38
        elif sign in WIDE:
            total += 0.96
        elif sign.isupper() or not sign.isascii():
            total += 0.72
        else:
            total += 0.61
    return total * size * (1.1 if bold else 1.0)


def wrapped(words: str, size: float, room: float, *, bold: bool = False, most: int = 6) -> list[str]:
    """The words in lines no wider than ``room``; behind ``most`` lines they end with an ellipsis."""
    lines = [""]
    for word in _pieces(words, size, room, bold):
        tried = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(tried, size, bold=bold) > room:
            lines.append(word)
        else:
            lines[-1] = tried
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(f"{last}…", size, bold=bold) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _pieces(words: str, size: float, room: float, bold: bool) -> list[str]:
    found: list[str] = []
    for word in words.split():
        piece = ""
        for sign in word:
            if piece and width(piece + sign, size, bold=bold) > room:
                found.append(piece)
                piece = ""
            piece += sign
        found.append(piece)
    return found
