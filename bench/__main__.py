"""`python -m bench lives|register|start|pages|lighthouse|verdicts|entitle|…`: measure both databases, print Markdown tables."""

import os
import platform
import sys

import click

from bench import entitle, ledger, lighthouse, live, lives, pages, reading, starting, verdicts
from bench import stock as stock_figures
from bench import sweep as rounds
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


@bench.command("pages")
@click.option("--orders", default=100_000, show_default=True, help="Size of the register.")
@click.option("--repeats", default=40, show_default=True, help="How often each page is asked for.")
@click.option("--on", type=click.Choice(["SQLite", "PostgreSQL"]), default="SQLite", show_default=True)
def measure_pages(orders: int, repeats: int, on: str) -> None:
    """(d) Every page of the web interface."""
    with sites() as both:
        site = next(one for one in both if one.name == on)
        click.echo(pages.show(site, orders, *pages.measure(site, orders=orders, repeats=repeats)))


@bench.command("lighthouse")
@click.option("--orders", default=10_000, show_default=True, help="Size of the register.")
def measure_lighthouse(orders: int) -> None:
    """(e) Lighthouse on the main screens. Needs Node and Chromium."""
    with sites() as both:
        click.echo(lighthouse.show(*lighthouse.measure(both[0], orders=orders)))


@bench.command("live")
@click.option("--pages", default=200, show_default=True, help="How many are open.")
@click.option("--seconds", default=30.0, show_default=True, help="At rest, and as long again with acts.")
@click.option("--every", default=10.0, show_default=True, help="Seconds between acts.")
@click.option("--on", type=click.Choice(["SQLite", "PostgreSQL"]), help="One database only.")
def measure_live(pages: int, seconds: float, every: float, on: str | None) -> None:
    """(d) Open pages that bring themselves up to date."""
    with sites() as both:
        for site in both:
            if on in (None, site.name):
                figures = live.measure(site, pages=pages, seconds=seconds, acts_every=every)
                click.echo(live.show(site, pages, figures))


@bench.command("verdicts")
@click.option("--seconds", default=10.0, show_default=True, help="How long each run lasts.")
@click.option("--profile", is_flag=True, help="Show where the time goes.")
def measure_verdicts(seconds: float, profile: bool) -> None:
    """(g) Verdicts of the pure engine, with trace."""
    click.echo(verdicts.measure(seconds=seconds, profile=profile))


@bench.command("entitle")
@click.option("--orders", default=2_000, show_default=True, help="Size of the register.")
@click.option("--repeats", default=200, show_default=True, help="How often each is asked.")
@click.option("--on", type=click.Choice(["SQLite", "PostgreSQL"]), help="One database only.")
def measure_entitle(orders: int, repeats: int, on: str | None) -> None:
    """(i) The live verdict on the intake page."""
    with sites() as both:
        for site in both:
            if on in (None, site.name):
                click.echo(entitle.show(site, entitle.measure(site, orders=orders, repeats=repeats)))


@bench.command("ledger")
@click.option("--seconds", default=5.0, show_default=True, help="How long each run lasts.")
@click.option("--clients", default="1,8", show_default=True, help="Numbers of clients.")
def measure_ledger(seconds: float, clients: str) -> None:
    """Entries of the ledger beside the engine's raw commit rate."""
    with sites() as both:
        for site in both:
            numbers = [int(word) for word in clients.split(",")]
            click.echo(f"{ledger.show(ledger.measure(site, clients=numbers, seconds=seconds))}\n")


@bench.command("stock")
@click.option("--seconds", default=5.0, show_default=True, help="How long each run lasts.")
@click.option("--clients", default="1,8", show_default=True, help="Numbers of clients.")
@click.option("--stores", default=500, show_default=True, help="Stores in which a part is looked for.")
@click.option("--on", type=click.Choice(["SQLite", "PostgreSQL"]), help="One database only.")
def measure_stock(seconds: float, clients: str, stores: int, on: str | None) -> None:
    """Movements of stock beside the engine's raw commit rate, and where a part is."""
    with sites() as both:
        for site in both:
            if on in (None, site.name):
                numbers = [int(word) for word in clients.split(",")]
                click.echo(f"{stock_figures.show(stock_figures.measure(site, clients=numbers, seconds=seconds))}\n")
                click.echo(f"{site.name}: {stock_figures.show_availability(site, stores=stores)}\n")


@bench.command("sweep")
@click.option("--promises", default=1_000_000, show_default=True, help="How many are open.")
@click.option("--due", default=10_000, show_default=True, help="How many of them within the hour.")
@click.option("--on", type=click.Choice(["SQLite", "PostgreSQL"]), help="One database only.")
def measure_sweep(promises: int, due: int, on: str | None) -> None:
    """The worker's round over open promises. Filling takes minutes."""
    with sites() as both:
        for site in both:
            if on in (None, site.name):
                figures = rounds.measure(site, promises=promises, due=due)
                click.echo(f"{rounds.show(site, figures, promises=promises, due=due)}\n")


@bench.command("worktime")
@click.option("--cases", default=100_000, show_default=True, help="How many are checked minute by minute.")
@click.option("--seed", default=1, show_default=True)
def measure_working_time(cases: int, seed: int) -> None:
    """(h) Working time, beside other packages. Needs the dependency group bench."""
    from bench import worktime

    click.echo(f"{worktime.measure(seed=seed)}\n")
    click.echo(worktime.compare(cases=cases, seed=seed))


if __name__ == "__main__":
    sys.exit(bench())
