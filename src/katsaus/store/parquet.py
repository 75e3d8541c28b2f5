"""Tables as Parquet files: sorted by area, a few areas to a row group, the same bytes for the same table.

Reading starts no thread: a process that forks must have only one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from katsaus.errors import Problem, SnapshotError

GROUP_ROWS = 65_536
"""Rows to a row group at least, where areas don't end sooner."""
_AREAS = b"katsaus.areas"
_AREA = "REF_AREA"


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table of categories and numbers, row groups ending where an area of the sorted REF_AREA ends."""
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415 - takes time few commands need

    bounds = list(_row_groups(table))
    areas = [_areas_of(table.iloc[first:last]) for first, last in bounds]
    schema = pa.Schema.from_pandas(table.iloc[:1], preserve_index=False).remove_metadata()
    schema = schema.with_metadata({_AREAS: json.dumps(areas).encode()})
    with (
        path.open("wb") as file,
        pq.ParquetWriter(file, schema, compression="zstd", write_statistics=False, write_page_checksum=True) as writer,
    ):
        for first, last in bounds:
            part = pa.Table.from_pandas(table.iloc[first:last], schema=schema, preserve_index=False, nthreads=1)
            writer.write_table(part, row_group_size=last - first)


def _row_groups(table: pd.DataFrame) -> Iterator[tuple[int, int]]:
    if _AREA not in table or table.empty:
        yield 0, len(table)
        return
    codes = table[_AREA].cat.codes.to_numpy()
    ends = [*(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    first = 0
    for end in ends:
        if end - first >= GROUP_ROWS or end == len(codes):
            yield first, end
            first = end


def _areas_of(rows: pd.DataFrame) -> list[str]:
    if _AREA not in rows:
        return []
    column = rows[_AREA].cat
    return [str(column.categories[code]) for code in np.unique(column.codes)]


def read_parquet(path: Path, *, name: str, areas: Collection[str] | None = None) -> pd.DataFrame:
    """The table at `path` (`name` in messages), or its rows of some areas, with categories that are sorted and occur.

    Raises SnapshotError if the file is damaged.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            parquet = pq.ParquetFile(file, pre_buffer=False, page_checksum_verification=True)
            held = json.loads(parquet.schema_arrow.metadata[_AREAS])
            groups = [at for at, found in enumerate(held) if areas is None or not set(areas).isdisjoint(found)]
            table = parquet.read_row_groups(groups, use_threads=False)
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        do = "remove the file; it is made again from its snapshots"
        raise SnapshotError(Problem("the saved table is damaged", name, do=do)) from None
    frame = pd.DataFrame({column: _column(table.column(column)) for column in table.column_names}, copy=False)
    return frame if areas is None else _some_areas(frame, areas)


def _some_areas(frame: pd.DataFrame, areas: Collection[str]) -> pd.DataFrame:
    frame = frame[frame[_AREA].isin(list(areas))].reset_index(drop=True)
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            frame[name] = frame[name].cat.remove_unused_categories()
    return frame


def _column(chunks: pa.ChunkedArray) -> Any:
    if not pa.types.is_dictionary(chunks.type):
        return _numbers(chunks)
    parts = chunks.chunks
    names = sorted({str(name) for part in parts for name in part.dictionary.to_pylist()})
    place = {name: at for at, name in enumerate(names)}
    codes = []
    for part in parts:
        own = np.array([place[str(name)] for name in part.dictionary.to_pylist()], dtype=_smallest(len(names)))
        codes.append(own[part.indices.to_numpy(zero_copy_only=False)])
    joined = np.concatenate(codes) if codes else np.zeros(0, dtype=np.int8)
    return pd.Categorical.from_codes(joined, categories=pd.Index(names, dtype="str"))


def _numbers(chunks: pa.ChunkedArray) -> Any:
    if pa.types.is_integer(chunks.type):
        return pd.array(chunks.to_pylist(), dtype="Int32")
    return chunks.to_numpy()


def _smallest(count: int) -> np.dtype[Any]:
    return np.dtype(np.int8 if count <= np.iinfo(np.int8).max else np.int16 if count <= 2**15 - 1 else np.int32)


def fingerprint(table: pd.DataFrame) -> str:
    """SHA-256 of what a table holds, however it is stored: names, categories, codes and figures, column by column."""
    digest = hashlib.sha256()
    for name in table.columns:
        digest.update(str(name).encode() + b"\0")
        for data in _contents(table[name]):
            digest.update(data)
    return digest.hexdigest()


def _contents(column: pd.Series) -> Iterator[bytes]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        yield json.dumps([str(name) for name in column.cat.categories]).encode()
        yield column.cat.codes.to_numpy().astype("<i4").tobytes()
        return
    numbers = column.to_numpy(dtype="float64", na_value=np.nan)
    none = np.isnan(numbers)
    yield none.tobytes()
    yield (np.where(none, 0.0, numbers) + 0.0).astype("<f8").tobytes()
