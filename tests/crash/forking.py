"""Real processes at the price of a fork: all is imported once, in the one they fork from.

It opens no file and starts no thread, so that a fork of it is as a process just started. Windows
cannot fork: there each imports all for itself.
"""

from __future__ import annotations

import multiprocessing
import sys

if sys.platform == "win32":
    processes = multiprocessing.get_context("spawn")
else:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.crash.preloaded"])
