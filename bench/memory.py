"""How much memory a process has taken, and how much it has written."""

import sys
from math import nan
from pathlib import Path


def peak_megabytes() -> float:
    """The most that this process had resident so far; not a number where nobody tells."""
    if sys.platform != "win32":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1e6 if sys.platform == "darwin" else 1e3)  # macOS counts in bytes
    return nan


def written_megabytes() -> float:
    """What this process has had written to disks so far; not a number where nobody tells."""
    if sys.platform == "linux":
        import resource

        return 512 * resource.getrusage(resource.RUSAGE_SELF).ru_oublock / 1e6
    return nan


def resident_megabytes() -> float:
    """What this process has resident now; not a number where nobody tells."""
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii")
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) / 1e3
    return nan
