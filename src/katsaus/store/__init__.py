"""The store: snapshots and corrections as one tidy, checked table of each source, saved as vintages.

Nothing is guessed, filled or dropped silently, and no figure is ever told.
"""

from katsaus.store.former import SOURCE, load_observations

__all__ = ["SOURCE", "load_observations"]
