"""Where a case stands: loading and locking it, its facts and clock, its status for readers."""
