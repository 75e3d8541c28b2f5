"""Sentences made from protected figures, so that prose can't disagree with them.

A notebook asks `Claims` for a sentence. It is made from a typed claim, which is recorded beside it: a test takes every
record of a page and derives its numbers and words anew from the protected figures.
"""

from katsaus.claims.claims import Claims

__all__ = ["Claims"]
