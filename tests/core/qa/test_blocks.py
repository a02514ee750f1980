"""The block reader gives what ``csv.reader`` gives, line numbers included."""

from __future__ import annotations

import csv
import io
import random

import pytest

from ckanext.satudata.core.qa.table.blocks import Blocks

PIECES = ["", "a", "12", "1.474", "x y", "é", 'Ra"as', "-", " spasi ", "32.04.16", "'", "a'b", "\t", "日本"]
HARD = [
    '"a,b"',
    '"a;b"',
    '"b\nc"',
    '"b\r\nc"',
    '"d""e"',
    '""',
    '"',
    '"x',
    'x"',
    '"SDN" 1',
    '"q"',
    '" q "',
    '"\r"',
    '"""',
]


def oracle(text: str, delimiter: str, width: int) -> tuple[list[tuple[int, list[str]]], list[tuple[int, int]]]:
    """Records with the line they start on, by the standard library; a record that runs into the end of the file is
    read again line by line, with its first line taken as it stands."""
    lines = list(io.StringIO(text, newline=""))
    records: list[tuple[int, list[str]]] = []
    ragged: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        used, ended = 0, False

        def feed(start: int = at):
            nonlocal used, ended
            for line in lines[start:]:
                used += 1
                yield line
            ended = True

        cells = next(csv.reader(feed(), delimiter=delimiter))
        if ended:
            used, cells = 1, lines[at].rstrip("\r\n").split(delimiter)
        if len(cells) != width:
            ragged.append((at + 1, len(cells)))
        if cells:
            records.append((at + 1, (cells + [""] * width)[:width]))
        at += used
    return records, ragged


def random_text(seed: int) -> tuple[str, str, int]:
    chance = random.Random(seed)
    width = chance.choice([1, 2, 3, 5])
    delimiter = chance.choice([",", ";", "\t", "|"])
    end = chance.choice(["\n", "\r\n", "\r", "mixed"])
    hardness = chance.choice([0, 0, 0.02, 0.1, 0.5])
    raggedness = chance.choice([0, 0, 0.03, 0.3])
    all_quoted = chance.random() < 0.15
    text = ""
    for _ in range(chance.choice([0, 1, 3, 20, 60])):
        size = width if chance.random() >= raggedness else chance.randint(0, width + 2)
        cells = [chance.choice(HARD if chance.random() < hardness else PIECES) for _ in range(size)]
        if all_quoted:
            cells = ['"' + cell.strip('"').replace('"', '""') + '"' for cell in cells]
        text += delimiter.join(cells) + (chance.choice(["\n", "\r\n", "\r"]) if end == "mixed" else end)
    if chance.random() < 0.3:
        text = text.rstrip("\r\n")
    return text, delimiter, width


def compare(seed: int, *, most_blocks: int = 1 << 20, again: bool = True) -> None:
    """Read one random file in blocks of some size; every difference from ``csv.reader`` is a fault.

    ``most_blocks``: blocks are larger where there would be more of them; ``again``: each block is read once more alone.
    """
    text, delimiter, width = random_text(seed)
    wanted, ragged = oracle(text, delimiter, width)
    size = max((16, 61, 1 << 20)[seed % 3], len(text) // most_blocks)
    rows: list[tuple[int, list[str]]] = []
    odd: list[tuple[int, int]] = []
    data = text.encode()
    for block in Blocks(io.BytesIO(data), width, delimiter, size=size):
        cells = [(row[0], list(row[1:])) for row in block.frame.rows()]
        rows += cells
        odd += [(item.row, item.cells) for item in block.irregular if item.cells != width]
        assert not (block.tidy and any(cell != cell.strip() for _, row in cells for cell in row)), f"seed {seed}"
        if not again:
            continue
        # What a block says of its place is enough to read it again.
        chunk = data[block.span.start : block.span.start + block.span.length]
        alone = Blocks(io.BytesIO(chunk), width, delimiter, size=len(chunk) + 1, first_line=block.span.line)
        assert [row for part in alone for row in part.frame.rows()] == block.frame.rows(), f"seed {seed}"
    assert rows == wanted, f"seed {seed}, block {size}: {text!r}"
    assert odd == ragged, f"seed {seed}, block {size}: {text!r}"


@pytest.mark.parametrize("part", range(10))
def test_a_thousand_random_files_read_like_csv_reader(part: int) -> None:
    # Each start of a block costs the same for ten bytes and a million; tests/long reads in blocks of ten bytes only.
    for seed in range(part * 100, part * 100 + 100):
        compare(seed, most_blocks=3, again=seed % 10 == 0)
