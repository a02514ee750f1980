"""Tables as real offices send them, made by hand, each with the truth about it.

``tables/<name>.yaml`` says what is wrong with a table, where, and what only looks wrong; the table itself lies beside
it as CSV, or in the same file as the sheets of a workbook. ``building`` makes the file that is judged, ``truth``
compares a report with the truth, ``accuracy`` adds up how many defects were found and how many findings were right.
"""
