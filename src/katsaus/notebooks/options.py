"""What a code cell says of itself in the lines at its top: `#| label: fig-rate`."""

from __future__ import annotations

import re

OPTION = re.compile(r"#\|\s*([\w-]+)\s*:\s*(.*?)\s*$")
"""Name and value of an option; `label` is the only one."""

LABEL = re.compile(r"(fig|tbl)-[a-z0-9]+(-[a-z0-9]+)*")
"""The name of a chart or table."""
