"""Notebooks become executed notebooks: prepared for a page, run in a fork of a warm process, finished for the pages."""
