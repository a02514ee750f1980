"""What differs between two versions of a dataset: fields word by word, files, columns, and the rows of a table.

Pure: two values in, one answer out. :mod:`.words`, :mod:`.fields`, :mod:`.columns` and :mod:`.resources` need the
standard library only; :mod:`.tables` compares with polars and belongs into a process of its own (:mod:`.worker`).

Every answer keeps three promises, which the tests hold: what is told, done to the old version, gives the new one; a
version compared with itself differs in nothing; swapping the sides swaps *added* and *removed* and nothing else.
"""
