"""Procedures: which one a dataset follows, its versions, whether they are in order, moving cases to another."""
