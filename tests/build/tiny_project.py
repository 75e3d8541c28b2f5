"""The tiny project: a whole country of six municipalities, with the real notebooks, terms and settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

KATSAUS = str(Path(sys.executable).with_name("katsaus"))


class Done(NamedTuple):
    """How a command ended, and all that it said."""

    code: int
    said: str


class Tiny:
    """A copy of the tiny project that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def site(self) -> Path:
        return self.folder / "_site"

    def build(self, *options: str, **environment: str) -> Done:
        done = subprocess.run(
            [KATSAUS, "build", *options],
            cwd=self.folder,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout)


def copy_tiny(root: Path, to: Path) -> Tiny:
    for name in ("reviews", "notebooks"):
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for file in root.glob("_quarto*.yml"):
        shutil.copy(file, to)
    shutil.copytree(root / "tests" / "tiny", to, dirs_exist_ok=True)
    return Tiny(to)
