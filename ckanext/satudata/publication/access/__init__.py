"""Access classes: who may read the files of a dataset whose description is public, and what stays closed altogether.

The one rule is :func:`reading.may_read_files`. Every way to bytes, rows, cells and previews asks it, beside CKAN's own
question whether the reader may read the dataset.
"""
