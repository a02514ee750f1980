"""Judge one file in a process of its own: ``python -m ckanext.satudata.core.qa.worker``.

Contract (format 1)
===================

**Input**: one JSON object on standard input, UTF-8::

    {
      "format": 1,
      "path": "/var/lib/…/blob",            required; the file's own bytes
      "name": "rutilahu.csv",               the name people know; default: last part of path
      "table": null,                        sheet to judge; null = the sheet with most rows (all sheets are listed)
      "dictionary": [                       the data dictionary (``kamus_data``), or null: one is proposed and used
        {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit", "daftar": null,
         "edisi": null, "wajib": true, "kunci": false, "definisi": "…", "nilai": ["…"]}
      ],
      "lists": ["/…/wilayah_kemendagri.json"],  reference lists: {"key","title","edition","entries":[[code,name,parent],…]}
      "checklist": "umum",                  file in rulebook/checklists; null = "umum"
      "rulebooks": [],                      folders that come before our own rulebook (ISatudata.satudata_rulebooks)
      "limits": {"seconds": 300, "memory_mb": 2048, "file_mb": 200},   each optional
      "report_out": "/…/report.json",       required; written at the end, in one rename
      "rows_out": null,                     typed CSV for the DataStore loader (see below)
      "csv_out": null,                      the same for people: cells a spreadsheet would run as a formula are disarmed
      "cells_out": null,                    the judged cells as they stand in the file, for the preview (see below)
      "progress_out": null                  {"step": "read"|"judge"|"write", "done": rows, "of": rows or null}, replaced often
    }

**Exit status**: ``0`` the report was written, also when the file is unreadable or a limit was passed (then the report
says so, with a sentence); ``64`` the job itself is wrong (one line on standard error). Anything else means that the
worker was killed from outside. The caller starts it with ``start_new_session=True``, kills the process group when it
gives up, and needs no limit of its own beyond ``limits.seconds`` + 10.

**The report** (``report_out``) is ``core/qa/report.py: Report.to_dict()``. Read it with ``Report.from_dict`` (needs no
polars, safe in a web process). Its keys::

    format        1
    rule_version  hash over check ids, versions, parameters
    checklist     "umum"
    file          {name, size, sha256, kind: csv|xlsx|xls|ods, encoding, bom, delimiter, line_ends, final_newline, …}
    unreadable    null, or {code, parameters}: nothing could be judged; words by ``Report.why_unreadable(language)``
    tables        [{name, judged, header: [names], header_rows: [first, last] or null, first_row, last_row, rows,
                    outside: [{kind: title|blank|column_numbers|total|note|empty_column, rows: [first, last], text}]}]
    dictionary    the columns judged by, as plain dicts;  dictionary_given: bool
    proposed_dictionary   the same shape, each with "why": {"id": …, "en": …} for the person who confirms
    lists         [{key, title, edition, entries}]
    findings      [{check, variant, severity: error|warning|question|info, table, column, count, rows: [[64,66],…],
                    rows_complete, samples: [{row, column, value, proposal, note}], parameters, points}]
                  in the order in which they should be mended
    passed        [{check, table}]
    not_applicable [{check, table, reason, missing}]   missing = the source that is not there (a list key), or null
    counts        {error, warning, question, info}: number of findings; rows_hit: rows with an error; rows
    score         0–100, or null when unreadable
    outputs       {"rows": {"rows": n, "columns": [{id, kolom, label, type, satuan}]}, "cells": {…index…}} or {}

``Report.first_things(language)``, ``sentences(finding, language)`` and ``check_title(id, language)`` give the words.

**rows_out**: UTF-8, comma, LF, a header line, then every judged row in file order (total and note lines left out).
Header = ``kolom`` of the dictionary or of the file. ``columns[].id`` is the same name made safe for the DataStore
(unique, at most 63 bytes, no quote, no leading underscore); ``columns[].type`` is ``text``, ``integer``, ``number``,
``date`` or ``boolean``. Integers and numbers are plain (``1474``, ``63.44``), dates ISO, booleans ``true``/``false``,
missing is the empty cell. A column in which one cell does not fit its type is written as ``text``, so nothing is lost
and a ``COPY`` never fails.

**cells_out**: CSV without header, first field the physical row, then the cells. Read windows of it with
``core/qa/window.py: window(path, index, offset=…, limit=…)`` or ``around(path, index, rows=[…], margin=2)``, standard
library only, where ``index`` is ``report["outputs"]["cells"]``.
"""

from __future__ import annotations
