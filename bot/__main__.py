"""`newsdesk` and `python -m bot`: the only place that looks at the process's environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command line of this process and exit with its code."""
    # Hugging Face's libraries read these when they are imported, and speak to the hub otherwise.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

    from bot.cli import run
    from bot.settings import Settings, environment

    sys.exit(run(sys.argv[1:], read_settings=lambda: Settings.from_env(environment(Path.cwd()))))


if __name__ == "__main__":
    main()
