"""The versions that were public: kept for a while, told to everybody in the list of changes, restored by a review.

`restoring` opens a working copy with the content of an earlier version, `keeping` lets old ones go, `changes` makes the
public list, `views` shows it and the form for small changes.
"""
