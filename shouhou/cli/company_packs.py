"""The company's own packs on the command line: brought in, approved by a second person, taken out again as files."""

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext

from shouhou.access.actors import Actor, actor_for
from shouhou.access.models import Branch
from shouhou.cli.administration import get_user
from shouhou.cli.terminal import refusals_explained, stop, table
from shouhou.policies.actions import propose_pack, rule_on_pack
from shouhou.policies.models import CompanyPack
from shouhou.policies.queries import find_company_packs

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_CHANNEL = "cli"


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--by", "username", required=True, help="Who proposes it.")
@click.option("--reason", required=True, help="Why the rules are to be so.")
def import_pack(file: Path, username: str, reason: str) -> None:
    """Propose FILE as the next version of a company pack. It counts once somebody else has approved it."""
    now, headquarters, by = timezone.now(), _headquarters(), _actor(username)
    with refusals_explained():
        pack = propose_pack(
            file.read_text(encoding="utf-8"),
            reason=reason,
            branch=headquarters,
            by=by,
            at=now,
            today=timezone.localdate(now),
        )
    click.echo(f"{pack.name} {pack.version}")


@click.command("approve")
@click.argument("name")
@click.option("--by", "username", required=True, help="Who approves it: not the one who proposed it.")
@click.option("--reason", default="", help="A remark.")
def approve_pack(name: str, username: str, reason: str) -> None:
    """Approve the proposed version of the pack NAME: with it the version is in force."""
    _rule(name, username, reason, approve=True)


@click.command("refuse")
@click.argument("name")
@click.option("--by", "username", required=True, help="Who refuses it.")
@click.option("--reason", required=True, help="Why not.")
def refuse_pack(name: str, username: str, reason: str) -> None:
    """Refuse the proposed version of the pack NAME."""
    _rule(name, username, reason, approve=False)


@click.command("export")
@click.argument("name")
@click.option("--version", type=int, help="The newest when not given.")
def export_pack(name: str, version: int | None) -> None:
    """Print a company pack as the file that it was brought in as."""
    click.echo(_version(name, version).text)


@click.command("versions")
def list_versions() -> None:
    """All versions of the company's packs and what became of them."""
    rows = [
        (
            one.name,
            str(one.version),
            _standing(one),
            one.proposed_by.username,
            one.proposed_at.date().isoformat(),
            one.reason,
        )
        for one in find_company_packs()
    ]
    if rows:
        click.echo(table(rows, indent=""))


def _rule(name: str, username: str, reason: str, *, approve: bool) -> None:
    now, headquarters, by, pack = timezone.now(), _headquarters(), _actor(username), _version(name, None)
    with refusals_explained():
        rule_on_pack(
            pack.id,
            approve=approve,
            reason=reason,
            branch=headquarters,
            by=by,
            at=now,
            today=timezone.localdate(now),
        )
    click.echo(f"{pack.name} {pack.version}")


def _version(name: str, version: int | None) -> CompanyPack:
    found = find_company_packs().filter(name=name)
    pack = (found.filter(version=version) if version is not None else found).first()
    if pack is None:
        stop(gettext("There is no pack “%(pack)s”.") % {"pack": name})
    return pack


def _standing(pack: CompanyPack) -> str:
    ruling = getattr(pack, "ruling", None)
    if ruling is None:
        return gettext("proposed")
    return gettext("approved") if ruling.approved else gettext("refused")


def _actor(username: str) -> Actor:
    return actor_for(get_user(username), channel=_CHANNEL)


def _headquarters() -> Branch:
    branch = Branch.objects.filter(parent=None).order_by("path").first()
    if branch is None:
        stop(gettext("There is no headquarters yet: `shouhou branch add`."))
    return branch
