"""What a working copy changes, told against its public version (or an earlier one): fields, files, rows of tables.

`sides` finds the two versions, `judged` their judged tables, `process` compares those in a process of its own and keeps
the answer for a day, `telling` makes the answer of the action, `page` what the page shows of it.
"""
