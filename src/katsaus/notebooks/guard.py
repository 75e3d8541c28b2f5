"""What a forked page may not do: a notebook gets its figures from open_review and leaves nothing but its outputs.

A house rule that catches mistakes, not a prison: Python code that wants out gets out.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import zoneinfo
from pathlib import Path

FILES = "a notebook opens no files; figures come from open_review"
NETWORK = "a notebook reaches no network; figures come from open_review"
PROCESSES = "a notebook starts no programs"

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = {
    **dict.fromkeys(("connect", "bind", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo"), NETWORK),
}
_EVENTS = {
    **{f"socket.{name}": NETWORK for name in _REFUSED},
    **dict.fromkeys(("subprocess.Popen", "pty.spawn"), PROCESSES),
    **{f"os.{name}": PROCESSES for name in ("system", "exec", "fork", "forkpty", "posix_spawn", "spawn", "kill", "killpg", "startfile")},
    **{f"os.{name}": FILES for name in ("remove", "rename", "rmdir", "mkdir", "link", "symlink", "truncate", "chmod", "chown")},
    "sqlite3.connect": FILES,
}


def forbid() -> None:
    """From now on refuse files, network and programs in this process, with a PermissionError; there is no way back."""
    readable = _readable()

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in _EVENTS:
            raise PermissionError(_EVENTS[event])
        if event == "open":
            _check_open(args, readable)
        elif event in ("os.listdir", "os.scandir") and not _within(args[0], readable):
            raise PermissionError(FILES)

    sys.dont_write_bytecode = True  # a late import must not look like a notebook that writes
    sys.addaudithook(hook)


def _check_open(args: tuple[object, ...], readable: tuple[str, ...]) -> None:
    path, mode, flags = args
    if isinstance(path, int):
        return
    writing = set(mode) & set("wax+") if isinstance(mode, str) else isinstance(flags, int) and flags & _WRITING
    if writing or not _within(path, readable):
        raise PermissionError(FILES)


def _within(path: object, readable: tuple[str, ...]) -> bool:
    if isinstance(path, int):
        return True
    name = os.path.abspath(os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ".")
    return name.startswith(readable) or name == os.devnull


def _readable() -> tuple[str, ...]:
    """Where Python, its packages, this package and the time zones are: late imports read there."""
    package = str(Path(__file__).resolve().parents[1])
    roots = [sys.prefix, sys.base_prefix, package, *sysconfig.get_paths().values(), *zoneinfo.TZPATH, *filter(None, sys.path)]
    return tuple(sorted({os.path.join(os.path.abspath(root), "") for root in roots} | {os.path.abspath(root) for root in sys.path if root.endswith(".zip")}))
