"""JSON Schemas of reviews/*.yml, for editors that complete and check while one types."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from katsaus.config.files import FILES


def schemas() -> dict[str, str]:
    """The schema of each file of reviews/ as JSON text, keyed by the file's name without ending."""
    return {
        name: json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        for name, model in FILES.items()
    }


def write_schemas(root: Path) -> None:
    """Write every schema to reviews/schemas/ of the project at `root`."""
    folder = root / "reviews" / "schemas"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
