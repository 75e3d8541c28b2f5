"""Disclosure control: from the counts of a source to a table of protected figures.

The cells of a release (`scope`) and the equations between them (`equations`, `counts`, `stage`) are solved month by
month (`solve`) into patterns of hidden cells (`patterns`), which `protect` applies and `verify` attacks.
"""

from katsaus.disclosure.protect import protect
from katsaus.disclosure.table import SYMBOLS, ProtectedTable, Release

__all__ = ["SYMBOLS", "ProtectedTable", "Release", "protect"]
