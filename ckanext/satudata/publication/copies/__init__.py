"""The next version of a published dataset: a private working copy, and the swap that makes it the public one.

`opening` makes a copy, `closing` ends it, `merging` lets its content take the place of the public one in the
transaction of the decision, `tables` does the same in the DataStore, `journal` finishes what a dead process has not.
"""
