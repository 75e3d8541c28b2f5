"""Makes the small projects of other folders known here: a whole tiny country, and stores that a test may damage."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.extend(str(Path(__file__).parents[1] / folder) for folder in ("build", "store"))
