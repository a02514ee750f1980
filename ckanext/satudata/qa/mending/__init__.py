"""The producer accepts what the machine proposes and gets the mended file as a new upload."""
