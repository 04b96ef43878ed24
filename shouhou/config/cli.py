"""The entry point of the `shouhou` command: settings first, then the commands."""

import os
import sys

import django


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouhou.config.settings")
    django.setup()
    from shouhou.cli.commands import shouhou

    shouhou(prog_name="shouhou", args=sys.argv[1:])


if __name__ == "__main__":
    main()
