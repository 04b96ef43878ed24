"""`python -m shouhou.worker`: the loop, or with `--once` one round of it."""

import argparse
import os
import sys

import django


def main() -> int:
    options = argparse.ArgumentParser(prog="shouhou worker", description=__doc__)
    options.add_argument("--once", action="store_true", help="one round, then end; exit code 1 when a piece failed")
    chosen = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouhou.config.settings")
    django.setup()
    from shouhou.worker.loop import run_forever, run_once

    return run_once() if chosen.once else run_forever()


if __name__ == "__main__":
    sys.exit(main())
