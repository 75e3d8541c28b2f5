"""The audit: an attacker who reads what is rendered, and holds every file of a built site against what was released.

Three questions are asked of each file. Is every figure the one that was released, and hidden where it is hidden? Does a
chart show in its texts, marks, axes and classes what its table does not? Does a text say more? `readers.READERS` says
who reads what; an output that comes later adds its line there. Findings name file, place and figure, never a value.
"""
