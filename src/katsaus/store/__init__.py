"""The store: snapshots and corrections as one tidy, checked table of each source, saved as vintages.

Nothing is guessed, filled or dropped silently, and no figure is ever told.
"""
