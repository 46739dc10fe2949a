"""A failure of the machine in words: what failed, why, what to do, in one line."""

from __future__ import annotations

import errno

from perfeval.problems import SystemFailed

_SYSTEM = {
    errno.EACCES: ("没有权限", "请改文件或文件夹的权限，或换一个有权限的用户", "change the permissions of the file or its folder"),
    errno.EPERM: ("没有权限", "请改文件或文件夹的权限，或换一个有权限的用户", "change the permissions of the file or its folder"),
    errno.ENOSPC: ("磁盘已满", "请腾出空间", "free some space"),
    errno.EROFS: ("磁盘是只读的", "请换一个能写的地方", "use a place that can be written to"),
    errno.EMFILE: ("打开的文件太多", "请关闭一些程序", "close some programs"),
}


def system_error(error: OSError | SystemFailed) -> tuple[str, str]:
    """What failed and what to do, in Chinese and in English."""
    if isinstance(error, SystemFailed):
        return _failed(error)
    file, english = str(error.filename or ""), str(error.strerror or error)
    zh, remedy, en_remedy = _SYSTEM.get(error.errno or 0, ("", "", ""))
    if not zh:
        return f"系统出错：{file}：{english}".replace("：：", "："), f"The system failed: {': '.join(filter(None, (file, english)))}"
    return (
        f"系统出错：{f'「{file}」' if file else ''}{zh} ({english})。办法：{remedy}。",
        f"The system failed: {': '.join(filter(None, (file, english)))}. To do: {en_remedy}.",
    )


def _failed(error: SystemFailed) -> tuple[str, str]:
    if error.cause is None:
        return f"{error.zh}。", f"{error.en}."
    english = str(error.cause.strerror or error.cause)
    zh, remedy, en_remedy = _SYSTEM.get(error.cause.errno or 0, ("", "", ""))
    if not zh:
        return f"{error.zh}：{english}。", f"{error.en}: {english}."
    return f"{error.zh}：{zh} ({english})。办法：{remedy}。", f"{error.en}: {english}. To do: {en_remedy}."
