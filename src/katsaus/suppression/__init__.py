"""The mathematics of disclosure control: which cells to hide so that no attacker learns a small count.

Arrays in, arrays out: projects, files and languages are unknown here.
"""
