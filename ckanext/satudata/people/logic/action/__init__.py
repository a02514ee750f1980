"""The actions of `people`, a module for each group."""
