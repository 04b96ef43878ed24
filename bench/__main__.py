"""`python -m bench lives|register|start`: measure on both databases and print Markdown tables."""

import os
import platform
import sys

import click

from bench import lives, reading, starting
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


@bench.command("register")
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="Numbers of orders.")
@click.option("--repeats", default=40, show_default=True, help="How often each page is asked for.")
@click.option("--on", type=click.Choice(["SQLite", "PostgreSQL"]), help="One database only.")
def measure_register(sizes: str, repeats: int, on: str | None) -> None:
    """(b) The register page, a deep page and the search. Filling takes minutes."""
    measured: dict[str, dict[int, tuple[float, list[reading.Reading]]]] = {}
    names = {}
    for size in [int(word) for word in sizes.split(",")]:
        with sites() as both:
            for site in both:
                if on in (None, site.name):
                    names[site.name] = site
                    measured.setdefault(site.name, {})[size] = reading.measure(site, orders=size, repeats=repeats)
                    click.echo(f"{site.name}: {size:,} done", err=True)
    for name, figures in measured.items():
        click.echo(reading.show(names[name], figures))


@bench.command("start")
def measure_start() -> None:
    """(c) The time to the first page."""
    with sites() as both:
        for site in both:
            click.echo(starting.measure(site))


if __name__ == "__main__":
    sys.exit(bench())
