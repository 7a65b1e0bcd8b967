"""Being a user whom permissions bind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

_NOBODY = 65_534


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Give up the superuser's rights, whom tests in a container often are, and go into a folder.

    Paths have to be relative, since those above the folder may be closed, and what is imported
    later may be closed, too.
    """
    with chdir(folder):
        if os.geteuid():
            yield
            return
        folder.chmod(0o777)
        os.seteuid(_NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)
