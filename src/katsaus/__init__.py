"""Monthly statistical review of the Finnish municipal employment trials.

`build.py` tells the whole story; every other module is one step of it.
"""
