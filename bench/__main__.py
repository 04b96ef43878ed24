"""`python -m bench lives|register|start`: measure on both databases and print Markdown tables."""

import os
import platform
import sys

import click

from bench import lives
from bench.servers import sites


@click.group()
def bench() -> None:
    """Measurements. Close everything else first: the figures are those of the whole machine."""
    click.echo(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}\n")


@bench.command("lives")
@click.option("--seconds", default=20.0, show_default=True, help="How long each run lasts.")
@click.option("--clients", default="1,8", show_default=True, help="Numbers of clients, one run each.")
def measure_lives(seconds: float, clients: str) -> None:
    """(a) The whole life of an order over the API."""
    for number in [int(word) for word in clients.split(",")]:
        with sites() as both:
            for site in both:
                click.echo(lives.show(site, number, lives.measure(site, clients=number, seconds=seconds)))


if __name__ == "__main__":
    sys.exit(bench())
