"""Real processes at the price of a fork: all is imported once, in the one they fork from.

It opens no file and starts no thread, so that a fork of it is as a process just started.
"""

from __future__ import annotations

import multiprocessing

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.crash.preloaded"])
