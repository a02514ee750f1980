"""What a table's file can be mended in by the machine, and the mended file: only what a person accepted, and all of it
listed."""
