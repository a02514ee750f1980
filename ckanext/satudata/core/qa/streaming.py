"""Judge a large text file part by part, in memory that does not grow with it but for a few bytes a row.

One way through the file is enough as long as what the first rows suggest holds for all: how numbers are written,
which columns without a header hold something, which columns only count the rows. Each of these is verified on the way;
where one does not hold, the way begins again with what is known now.

Rows that repeat are found by 64-bit hashes (8 bytes a row); only rows whose hash stands twice are read again and
compared as text, so the answer is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.about import About
from ckanext.satudata.core.qa.cells import Notation
from ckanext.satudata.core.qa.checklist import Checklist
from ckanext.satudata.core.qa.declared import emptied
from ckanext.satudata.core.qa.dictionary import Bound, Column, Proposal
from ckanext.satudata.core.qa.findings import NotApplicable
from ckanext.satudata.core.qa.judging import Judged, Verdict
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.personal import hidden_columns
from ckanext.satudata.core.qa.propose import propose, running_number
from ckanext.satudata.core.qa.registry import Asked
from ckanext.satudata.core.qa.repeated import Counting, Hashes
from ckanext.satudata.core.qa.table.blocks import BLOCK
from ckanext.satudata.core.qa.table.model import MB, Source, Table
from ckanext.satudata.core.qa.table.stream import Part, Stream, Walk
from ckanext.satudata.core.qa.table.unreadable import Unreadable
from ckanext.satudata.core.text import Text

# Rows by which it is supposed how numbers are written, and from which a by-line is proposed.
_FIRST = 10_000
_SOME = 1_000


@dataclass
class Known:
    """What the way through the file goes by."""

    filled: set[str] = field(default_factory=set[str])
    notations: dict[str, Notation] = field(default_factory=dict[str, Notation])
    counted: bool = False  # count the marks of every cell, not only of those that are out of the ordinary
    sure: bool = False  # the notations are those of all rows
    running: frozenset[str] | None = None


class Pass:
    """One way through a stream with all checks; :meth:`over` goes as often as it takes."""

    def __init__(
        self, source: Source, stream: Stream, given: tuple[Column, ...] | None, lists: Lists, checklist: Checklist,
        known: Known, bound: int, size: int, about: About,
    ) -> None:  # fmt: skip
        self.source = source
        self.known = known
        self.lists = lists
        self.about = about
        self.hidden: dict[str, set[str]] = {}
        self.judged = Judged()
        self.proposals: list[Proposal] = []
        self.walk = Walk(stream, known.filled, size)
        self._stream = stream
        self._given = given
        self._columns: tuple[Column, ...] = ()
        self._notations = dict(known.notations)
        self._tallies: dict[str, Counter[str]] = {}
        self._firm: set[str] = set()
        self._running: frozenset[str] = frozenset()
        self._counting: dict[str, Counting] = {}
        self._hashes: dict[frozenset[str], Hashes] = {}
        self._wanted: dict[int, frozenset[str]] = {}
        self._verdicts = [
            Verdict(item, "", given is None, bound, anywhere=item.check.reads == "repeats") for item in checklist.items
        ]
        self._memories = [dict[str, object]() for _ in checklist.items]

    @classmethod
    def over(
        cls, source: Source, given: tuple[Column, ...] | None, lists: Lists, checklist: Checklist, table: str | None,
        progress: Callable[[int, int], None] | None, bound: int,
        size: int = BLOCK, about: About | None = None,
    ) -> Pass:  # fmt: skip
        """Judge ``source``, which was opened only; raises :class:`Unreadable` when it holds no rows."""
        stream = source.stream
        assert stream is not None
        if table:
            raise Unreadable("no_table", name=source.name, table=table)
        known = Known()
        while True:
            run = cls(source, stream, given, lists, checklist, known, bound, size, about or About())
            run._go(progress)
            better = run._better()
            if better is None:
                break
            known = better
        run._finish()
        return run

    def _go(self, progress: Callable[[int, int], None] | None) -> None:
        for part in self.walk.parts():
            if not self._columns:
                self._begin(part.table)
            table = emptied(replace(part.table, running=self._running), self._given)
            self._look(part, table)
            asked = Asked(table, self._laid(table), self.lists, {})
            for verdict, memory in zip(self._verdicts, self._memories, strict=True):
                item = verdict.item
                if item.check.reads == "parts":
                    question = Asked(table, asked.dictionary, self.lists, item.parameters, memory, self.about)
                    verdict.ask(lambda item=item, question=question: item.check.run(question))
                    del question
            if progress is not None:
                last = part.spans[-1]
                progress(last.start + last.length, self._stream.size)
            del part, table, asked  # the next part is read into the memory of this one
        if not self.walk.height:
            raise Unreadable("no_rows", name=self.source.name)

    def _begin(self, first: Table) -> None:
        known = self.known.running
        counting = (there.id for there in first.columns if running_number(first, there))
        self._running = frozenset(counting) if known is None else known
        table = replace(first, running=self._running)
        # Beside a dictionary that is given, what the machine would propose is a by-line: some rows will do.
        some = table if self._given is None else replace(table, rows=table.rows.head(_SOME))
        self.proposals = propose(some, self.lists)
        self._columns = self._given or tuple(proposal.column for proposal in self.proposals)
        for _, there in self._laid(table).of_type("integer", "number"):
            self._tallies[there.id] = Counter()
            if there.id in self._notations:
                continue
            counts = cells.mark_counts(table.rows[there.id].head(_FIRST))
            self._notations[there.id] = cells.decided(counts)
            if cells.firm(counts):
                self._firm.add(there.id)
        if any(verdict.item.check.conceals for verdict in self._verdicts):
            # Checks that look for personal data see all rows or none: what the first part shows is hidden.
            self.hidden = hidden_columns({table.name: self._laid(table)})
        self._counting = {column: Counting() for column in self._running} if known is None else {}
        self._plan(table)

    def _plan(self, table: Table) -> None:
        """Which columns are hashed: a check that compares more columns than another one looks at the same rows."""
        for number, verdict in enumerate(self._verdicts):
            check = verdict.item.check
            if check.repeats is not None:
                asked = Asked(table, self._laid(table), self.lists, verdict.item.parameters, about=self.about)
                columns = check.repeats(asked)
                if columns:
                    self._wanted[number] = frozenset(columns)
        sets = set(self._wanted.values())
        least = [one for one in sets if not any(other < one for other in sets)]
        self._hashes = {one: Hashes(sorted(one)) for one in least}

    def _laid(self, table: Table) -> Bound:
        return Bound(table, self._columns, self._given is not None, self._notations)

    def _look(self, part: Part, table: Table) -> None:
        """Gather what verifies the suppositions, and the hashes of the rows."""
        for hashes in self._hashes.values():
            hashes.add(part, table)
        for column, counting in self._counting.items():
            counting.add(table.rows[column])
        if not self.known.sure:
            for column, tally in self._tallies.items():
                tally.update(self._marks(table, column))

    def _marks(self, table: Table, column: str) -> Counter[str]:
        """What speaks for another notation than the supposed one. Where that is plain, cells in the usual form cannot
        change it, and only the others are counted."""
        how = self._notations[column]
        if self.known.counted or column not in self._firm:
            return cells.mark_counts(table.rows[column])
        easy = cells.easy(table, column, "number" if how.dot else "integer", how)
        odd = table.rows[column] if easy is None else table.rows[column].filter(~easy)
        return cells.mark_counts(odd) if odd.len() else Counter()

    def _better(self) -> Known | None:
        """What to go by instead, where a supposition does not hold."""
        known = self.known
        running = self._running - {column for column, counting in self._counting.items() if not counting.holds()}
        late = self.walk.late
        filled = known.filled | late
        if not known.sure:
            if not known.counted and any(cells.speaks(self._tallies[column]) for column in self._firm):
                return Known(filled, {}, counted=True, running=running)
            found = {
                column: cells.decided(tally)
                for column, tally in self._tallies.items()
                if known.counted or column not in self._firm
            }
            notations = {**self._notations, **found}
            if notations != self._notations:
                return Known(filled, notations, sure=True, running=running)
        if running == self._running and not late:
            return None
        return Known(filled, self._notations if known.sure else {}, known.counted, known.sure, running)

    def _finish(self) -> None:
        shape = replace(self.walk.table(), running=self._running)
        self.table = shape
        self.bound = self._laid(shape)
        self.source = replace(self.source, sha256=self._stream.sha256(), tables=(shape,), stream=None)
        for number, verdict in enumerate(self._verdicts):
            self._answer(number, verdict)
            self.judged.take(verdict)

    def _answer(self, number: int, verdict: Verdict) -> None:
        item = verdict.item
        asked = Asked(self.table, self.bound, self.lists, item.parameters, about=self.about)
        if item.check.scope == "file":
            verdict.proposed = False
            verdict.ask(lambda: item.check.run(self.source))
        elif item.check.reads == "shape" or (item.check.reads == "repeats" and number not in self._wanted):
            verdict.ask(lambda: item.check.run(asked))
        elif item.check.reads == "repeats":
            self._repeats(verdict, self._wanted[number])
        elif item.check.reads == "whole":
            verdict.not_applicable = _too_large(self._stream.limits.whole_bytes)

    def _repeats(self, verdict: Verdict, columns: frozenset[str]) -> None:
        hashes = next(hashes for least, hashes in self._hashes.items() if least <= columns)
        verdict.applicable = True
        for rows in hashes.repeated(self._stream, [column.id for column in self.walk.columns]):
            table = emptied(replace(self.table, rows=rows, extent=None), self._given)
            asked = Asked(table, self._laid(table), self.lists, verdict.item.parameters, about=self.about)
            verdict.ask(lambda asked=asked: verdict.item.check.run(asked))


def _too_large(limit: int) -> NotApplicable:
    return NotApplicable(
        Text(
            f"File ini terlalu besar: pemeriksaan ini melihat semua baris sekaligus (batas {limit // MB} MB).",
            f"The file is too large: this check has to see all rows at once (limit {limit // MB} MB).",
        ),
        "whole_table",
    )
