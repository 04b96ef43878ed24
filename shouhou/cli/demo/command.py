import os
import secrets
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from shouhou.access.permissions import Role
from shouhou.cli.demo.founding import Login
from shouhou.cli.demo.history import SIZES, Loaded, load_company
from shouhou.cli.terminal import progress_bar, refusals_explained, table

password_option = click.option(
    "--password", envvar="SHOUHOU_DEMO_PASSWORD", help="Password of all demonstration users; one is made up otherwise."
)


@click.command()
@click.option(
    "--size", type=click.Choice(list(SIZES)), default="s", show_default=True, help="60, 1,000 or 10,000 orders."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same company.")
@click.option(
    "--end-date", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the history, until 15:00; now, when not given."
)
@password_option
def demo(size: str, seed: int, end_date: datetime | None, password: str | None) -> None:
    """Load a demonstration company into an empty database, and print its logins.

    There is no default password: it is made up at loading, and kept in the folder of the installation (demo_password).
    """
    loaded = load(size=size, seed=seed, end_date=end_date, password=password)
    click.echo(
        ngettext("%(orders)d order, ", "%(orders)d orders, ", loaded.orders) % {"orders": loaded.orders}, nl=False
    )
    click.echo(gettext("%(events)d events in the journal.") % {"events": loaded.events})
    click.echo(logins_table(loaded.logins))
    click.echo(f"{gettext('Password of all')}: {kept_password()}")


def load(*, size: str, seed: int, end_date: datetime | None, password: str | None) -> Loaded:
    """Load the company with a progress bar, and keep its password where the operator finds it again."""
    password = password or made_up_password()
    with refusals_explained(), progress_bar(SIZES[size].orders, gettext("Loading the demonstration company")) as bar:
        loaded = load_company(
            size=size,
            seed=seed,
            end_date=end_date.date() if end_date else None,
            now=timezone.now(),
            password=password,
            progress=bar.update,
        )
    _keep(password)
    return loaded


def made_up_password() -> str:
    """Letters and digits in groups of four, easy to type from a screen; 45 random bits.

    With so many digits no login can be so like it that the rules for passwords refuse it.
    """
    kinds = ("abcdefghjkmnpqrstuvwxyz", "abcdefghjkmnpqrstuvwxyz", "23456789", "23456789")
    return "-".join("".join(secrets.choice(kind) for kind in kinds) for _ in range(3))


def kept_password() -> str:
    """The password that `load` kept, or an empty text."""
    file = _file()
    return file.read_text() if file.exists() else ""


def logins_table(logins: list[Login]) -> str:
    """User name, name, role in both languages, branch."""
    return table((one.username, one.name, role_name(one.role), one.branch) for one in logins)


def role_name(role: Role) -> str:
    """The role in English beside the reader's language."""
    english = "HQ" if role is Role.HQ else role.value.replace("_", " ")
    label = str(role.label)
    return label if label.isascii() else f"{label} · {english}"


def _file() -> Path:
    return Path(settings.VAR, "demo_password")


def _keep(password: str) -> None:
    with os.fdopen(os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(password)
