from __future__ import annotations

from pathlib import Path

from katsaus.config.schemas import schemas, write_schemas


def test_schemas_in_reviews_are_up_to_date(root: Path) -> None:
    found = {path.stem: path.read_text(encoding="utf-8") for path in (root / "reviews" / "schemas").glob("*.json")}
    assert found == schemas(), "write them anew with scripts/fix"


def test_each_yaml_file_of_reviews_names_its_schema(root: Path) -> None:
    files = sorted((root / "reviews").glob("*.yml"))
    assert {path.stem for path in files} == set(schemas())
    for path in files:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=schemas/{path.stem}.json"


def test_schemas_are_written_for_another_project(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert (tmp_path / "reviews" / "schemas" / "areas.json").read_text(encoding="utf-8") == schemas()["areas"]
