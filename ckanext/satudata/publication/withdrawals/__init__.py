"""Out again: what was public is taken back, says so at its address, and leaves nothing behind that should not stay."""
