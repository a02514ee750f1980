"""Files that want to hurt whoever opens them, made on the fly, and the rules no file may break.

``recipe`` says what a hostile input is; every module below ``recipes`` brings some; ``mutations`` spoils small valid
files; ``trial`` puts a file through the worker and says which rules it broke.
"""
