"""What the commands that read and write tables share: names of files, and libraries that may not be installed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from perfeval.cli.output import Wrong


def check_file(word: str, option: str, endings: Sequence[str]) -> None:
    """A file that can be written to: a name with one of the endings, in a folder that is there."""
    if not word.lower().endswith(tuple(endings)):
        known = " ".join(endings)
        raise Wrong(
            f"{option} 的文件名以下列之一结尾：{known}；现为「{word}」。",
            f"{option} takes a file that ends in one of: {known}; not “{word}”.",
        )
    if os.path.isdir(word):
        raise Wrong(f"{option} 要一个文件名，「{word}」是文件夹。", f"{option} takes a file name, and “{word}” is a folder.")
    if not os.path.isdir(Path(word).parent):
        raise Wrong(f"没有文件夹「{Path(word).parent}」。", f"There is no folder “{Path(word).parent}”.")


def spare(read: Iterable[Path], folder: str | None, targets: Iterable[str | None]) -> None:
    """Nothing that is read is written over, by whichever name or link it goes; nor does a result get into the folder of a table."""
    files = [file for file in read if file.is_file()]
    for word in targets:
        if word is None or word == "-":
            continue
        if os.path.exists(word) and any(file.samefile(word) for file in files):
            raise Wrong(f"结果不能写到「{word}」：它是读入的文件。", f"Results cannot go to “{word}”: it is what is read.")
        in_folder = folder is not None and os.path.isdir(folder) and word.lower().endswith((".parquet", ".pq"))
        if in_folder and Path(word).resolve().is_relative_to(Path(str(folder)).resolve()):
            raise Wrong(
                f"结果不能写到「{word}」：它在读入的文件夹里。", f"Results cannot go to “{word}”: it lies in the folder that is read."
            )


def need_libraries(engine: str, tables: bool, only: Sequence[str] | None = None) -> None:
    """One line where a library is not installed; the arguments are those of `engines.need`."""
    from perfeval.batch.engines import ExtraMissing, need

    try:
        need(engine, tables, only)
    except ExtraMissing as missing:
        install = f"pip install 'perfeval[{missing.extra}]'"
        raise Wrong(f"缺少成批计算用的库：{install}", f"A library for batches is not installed: {install}") from None


def stay_small() -> None:
    """To be called before Polars is imported, which reads it then: with fewer parts of a file read ahead, memory stays flat."""
    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", "2")
