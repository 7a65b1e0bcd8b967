"""How much memory a process has taken."""

import sys
from math import nan


def peak_megabytes() -> float:
    """The most that this process had resident so far; not a number where nobody tells."""
    if sys.platform != "win32":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1e6 if sys.platform == "darwin" else 1e3)  # macOS counts in bytes
    return nan
