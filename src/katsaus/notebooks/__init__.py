"""Notebooks become executed notebooks: prepared for one page, run in a fork of a warm process, finished for the pages."""
