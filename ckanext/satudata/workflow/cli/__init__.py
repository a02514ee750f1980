"""The commands of `workflow`, a module for each group."""
