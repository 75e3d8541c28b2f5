from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path

import pytest
from sample_project import SIDECAR, SNAPSHOT, copy_project, replace

from katsaus.errors import ConfigError, SnapshotError
from katsaus.sources.snapshot import find_sidecar, read_sidecar, read_snapshot, snapshots, write_snapshot


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return copy_project(root, tmp_path)


def refusal(project: Path) -> str:
    with pytest.raises(SnapshotError) as caught:
        read_snapshot(project / SIDECAR, project)
    assert caught.value.exit_code == 21
    return str(caught.value)


def test_the_sidecar_says_what_the_snapshot_is(root: Path) -> None:
    sidecar, content = read_snapshot(root / SIDECAR, root)
    assert (sidecar.table, sidecar.licence, sidecar.synthetic) == ("12r5", "CC BY 4.0", False)
    assert (sidecar.first_month, sidecar.last_month) == ("2018-01", "2023-10")
    assert content.count(b"\n") == sidecar.rows + 1 == 329 * 70 + 1
    assert content.startswith(b"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\n")


def test_a_snapshot_holds_no_time_and_no_name_that_would_change_its_bytes(root: Path) -> None:
    header = (root / SNAPSHOT).read_bytes()[:8]
    assert header[3] == 0, "no file name"
    assert header[4:8] == bytes(4), "no time"


def test_a_changed_snapshot_is_refused(project: Path) -> None:
    packed = bytearray((project / SNAPSHOT).read_bytes())
    packed[1000] ^= 1
    (project / SNAPSHOT).write_bytes(packed)
    assert f"{SNAPSHOT}: the snapshot is not the one its sidecar describes" in refusal(project)


def test_a_truncated_snapshot_is_refused_even_if_the_sidecar_describes_it(project: Path) -> None:
    packed = (project / SNAPSHOT).read_bytes()
    cut = packed[: len(packed) // 2]
    (project / SNAPSHOT).write_bytes(cut)
    assert "is not the one its sidecar describes" in refusal(project)
    replace(project / SIDECAR, hashlib.sha256(packed).hexdigest(), hashlib.sha256(cut).hexdigest())
    assert "the snapshot can't be unpacked" in refusal(project)


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html>", gzip.compress(b"a,b\n")[:-9] + bytes(9)])
def test_what_is_not_gzip_is_refused(project: Path, content: bytes) -> None:
    packed = (project / SNAPSHOT).read_bytes()
    (project / SNAPSHOT).write_bytes(content)
    replace(project / SIDECAR, hashlib.sha256(packed).hexdigest(), hashlib.sha256(content).hexdigest())
    if content:
        assert "the snapshot can't be unpacked" in refusal(project)
    else:
        assert read_snapshot(project / SIDECAR, project)[1] == b"", (
            "an empty file unpacks to nothing; the store refuses it"
        )


def test_a_missing_snapshot_or_sidecar_is_refused(project: Path) -> None:
    (project / SNAPSHOT).unlink()
    assert f"{SNAPSHOT}: the snapshot is missing" in refusal(project)
    (project / SIDECAR).unlink()
    assert f"{SIDECAR}: the file is missing" in refusal(project)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("synthetic: false", "synthetic: no", "'no' is ambiguous"),
        ("synthetic: false", "", "the file has no synthetic"),
        ("sha256: ", "sha256: x", "is not written as it should be"),
        ("file: 12r5", "file: ../12r5", "file: '../12r5-2023-10.csv.gz' is not written as it should be"),
        ("url: https", "url: http", "12r5.px' is not written as it should be"),
        ("licence: CC BY 4.0", "licence: null", "licence: it is no text"),
        ("table: 12r5", "table: 12r5\nfrom: x", "the file has an unknown key: from"),
    ],
)
def test_a_sidecar_with_a_mistake_is_refused(project: Path, old: str, new: str, what: str) -> None:
    replace(project / SIDECAR, old, new)
    assert what in refusal(project)


def test_the_newest_snapshot_is_found(project: Path) -> None:
    assert find_sidecar(project, "statfin-12r5") == project / SIDECAR
    with pytest.raises(SnapshotError, match="no snapshot of statfin-12ti"):
        find_sidecar(project, "statfin-12ti")
    folder = project / "data/sources/statfin"
    for name in ("12r5-2023-11-10", "12r5-2023-11", "12r5-2023-11-2", "12r5-notes", "12r51-2024-01"):
        shutil.copy(project / SIDECAR, folder / f"{name}.yml")
    names = [path.stem for path in snapshots(project, "statfin-12r5")]
    assert names == ["12r5-2023-10", "12r5-2023-11", "12r5-2023-11-2", "12r5-2023-11-10"]
    assert find_sidecar(project, "statfin-12r5").stem == "12r5-2023-11-10"


def about(project: Path) -> dict[str, object]:
    sidecar = read_sidecar(project / SIDECAR, project).model_dump()
    return {name: value for name, value in sidecar.items() if name not in ("id", "file", "sha256")}


def test_a_snapshot_is_written_beside_the_older_ones_and_never_over_them(project: Path) -> None:
    before = (project / SNAPSHOT).read_bytes(), (project / SIDECAR).read_bytes()
    written = [write_snapshot(project, "statfin-12r5", content=text, about=about(project)) for text in (b"a", b"b")]
    assert [path.stem for path in written] == ["12r5-2023-10-2", "12r5-2023-10-3"]
    assert [read_snapshot(path, project)[1] for path in written] == [b"a", b"b"]
    assert ((project / SNAPSHOT).read_bytes(), (project / SIDECAR).read_bytes()) == before
    assert not list((project / "data/sources/statfin").glob(".*"))


def test_a_file_without_sidecar_is_no_snapshot_and_is_replaced(project: Path) -> None:
    (project / "data/sources/statfin/12r5-2023-10-2.csv.gz").write_bytes(b"cut short")
    path = write_snapshot(project, "statfin-12r5", content=b"a", about=about(project))
    assert (path.stem, read_snapshot(path, project)[1]) == ("12r5-2023-10-2", b"a")


def test_a_sidecar_that_would_not_be_read_is_not_written(project: Path) -> None:
    with pytest.raises(ConfigError, match="rows: 0 should be greater than 0"):
        write_snapshot(project, "statfin-12r5", content=b"a", about=about(project) | {"rows": 0})
    assert len(list((project / "data/sources/statfin").glob("12r5-2023-10*"))) == 2
