"""From an executed notebook to an accessible HTML page, a tagged PDF, SVG and CSV files.

`publish` (in `publish.py`) tells the story; the package executes no code of a notebook.
"""
