"""One family of hostile inputs per module, each with ``recipes()``."""
