"""The commands of `people`, a module for each group."""
