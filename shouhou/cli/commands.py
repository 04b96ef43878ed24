"""The `shouhou` command: each subcommand reads its options, calls one piece of this package, prints what came of it."""

import click

from shouhou.cli.administration import branch, token, user
from shouhou.cli.clock import clock
from shouhou.cli.demo.command import demo
from shouhou.cli.entitle import entitle
from shouhou.cli.imports.command import import_
from shouhou.cli.ledger import ledger
from shouhou.cli.policy import policy
from shouhou.cli.promises.command import promises
from shouhou.cli.replay.command import replay
from shouhou.cli.running import migrate, run, serve, worker
from shouhou.cli.stock import stock
from shouhou.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def shouhou() -> None:
    """Shouhou 售后: after-sales service management, from the repair call to the filed voucher."""


_ON_RULES = (policy, entitle, clock, promises)
_BOOKS = (ledger, stock)
for _command in (run, serve, worker, migrate, demo, import_, replay, verify, branch, user, token, *_ON_RULES, *_BOOKS):
    shouhou.add_command(_command)
