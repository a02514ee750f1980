"""Files that belong to a decision: added, looked through, signed, kept out of the public's reach."""
