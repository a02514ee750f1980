"""The actions of `workflow`.

Words in the answers (``label``, ``text``, …) are in the language of the request. Moments are ISO 8601 in UTC with zone
(``2026-10-12T02:15:00+00:00``); ``due_days`` are working days: ``3`` in three working days, ``0`` today, ``-2`` two
late.
States: ``draft in_review revision verified published rejected archived``.

One module for each room; every public function of them is an action.
"""
