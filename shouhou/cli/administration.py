"""What an operator does without a shell: open branches, add users, give roles, make and revoke tokens."""

from datetime import timedelta
from uuid import UUID

import click
from django.utils import timezone
from django.utils.translation import gettext

from shouhou.access.actions import assign_role, issue_token, open_branch, register_user, revoke_token
from shouhou.access.actors import product_itself
from shouhou.access.models import ApiToken, Branch, User
from shouhou.access.permissions import CODES, Role
from shouhou.cli.terminal import refusals_explained, stop, table
from shouhou.policies.schema.vocabulary import vocabulary

CHANNEL = "cli"


def get_branch(code: str) -> Branch:
    """The branch with this code; ends the command where there is none."""
    found = Branch.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Branch.objects.order_by("path").values_list("code", flat=True)) or "—"
        stop(gettext("There is no branch %(code)s. Known: %(known)s.") % {"code": code, "known": known})
    return found


def get_user(username: str) -> User:
    """The user with this name; ends the command where there is none."""
    found = User.objects.filter(username=username).first()
    if found is None:
        stop(gettext("There is no user %(username)s.") % {"username": username})
    return found


@click.group()
def branch() -> None:
    """Branches of the company."""


@branch.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice(Branch.Kind.values), default="branch", show_default=True)
@click.option("--parent", help="Code of the branch above; none for the headquarters.")
@click.option("--time-zone", default="Asia/Shanghai", show_default=True)
@click.option("--region", default="", help="What the rule packs call the region of its customers, e.g. shandong.")
def add_branch(code: str, name: str, kind: str, parent: str | None, time_zone: str, region: str) -> None:
    """Open a branch. CODE is the prefix of its document numbers, e.g. QD."""
    known = vocabulary().regions
    if region and region not in known:
        stop(
            gettext("The rules know no region %(region)s. Known: %(known)s.")
            % {"region": region, "known": ", ".join(known)}
        )
    with refusals_explained():
        opened = open_branch(
            code=code,
            name=name,
            kind=kind,
            parent=get_branch(parent) if parent else None,
            time_zone=time_zone,
            region=region,
            by=product_itself(channel=CHANNEL),
            at=timezone.now(),
        )
    click.echo(opened.path)


@branch.command("list")
def list_branches() -> None:
    """All branches, from the headquarters down."""
    rows = [(one.code, one.name, one.get_kind_display(), one.path) for one in Branch.objects.order_by("path")]
    if rows:
        click.echo(table(rows, indent=""))


@click.group()
def user() -> None:
    """People who may sign in."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Name as it is shown and printed.")
@click.option("--branch", "code", required=True, help="Where the person works.")
@click.option("--role", "roles", type=click.Choice(Role.values), multiple=True, help="Can be given several times.")
@click.password_option(help="Asked for when not given.")
def add_user(username: str, name: str, code: str, roles: tuple[str, ...], password: str) -> None:
    """Add a user, with roles at a branch and below."""
    where, by, now = get_branch(code), product_itself(channel=CHANNEL), timezone.now()
    with refusals_explained():
        added = register_user(username=username, display_name=name, password=password, branch=where, by=by, at=now)
        for role in roles:
            assign_role(added, role=Role(role), branch=where, by=by, at=now)
    click.echo(f"{username}: {', '.join(roles) or gettext('no role yet')}")


@user.command("role")
@click.argument("username")
@click.argument("role", type=click.Choice(Role.values))
@click.option("--branch", "code", required=True, help="Where the role holds; it holds below, too.")
def give_role(username: str, role: str, code: str) -> None:
    """Give a user one more role."""
    with refusals_explained():
        assign_role(
            get_user(username), role=Role(role), branch=get_branch(code), by=product_itself(channel=CHANNEL),
            at=timezone.now(),
        )  # fmt: skip
    click.echo(f"{username}: {role} · {code}")


@click.group()
def token() -> None:
    """Keys for programs that use the API."""


@token.command("issue")
@click.argument("username")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--branch", "code", required=True, help="Where the act is recorded.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How long it is good for.")
@click.option("--scope", "scopes", type=click.Choice(sorted(CODES)), multiple=True, metavar="CODE",
              help="Permission code it is limited to; can be given several times. All of the user's when not given.")  # fmt: skip
def issue(username: str, name: str, code: str, days: int, scopes: tuple[str, ...]) -> None:
    """Make a token that acts as USERNAME. It is printed once and stored nowhere."""
    now = timezone.now()
    with refusals_explained():
        made, secret = issue_token(
            get_user(username), name=name, expires_at=now + timedelta(days=days), branch=get_branch(code), scopes=scopes,
            by=product_itself(channel=CHANNEL), at=now,
        )  # fmt: skip
    click.echo(
        gettext("Token %(id)s, good until %(until)s:") % {"id": made.id, "until": f"{made.expires_at:%F}"}, err=True
    )
    click.echo(secret)


@token.command("revoke")
@click.argument("token_id", type=click.UUID)
@click.option("--branch", "code", required=True, help="Where the act is recorded.")
def revoke(token_id: UUID, code: str) -> None:
    """End a token at once."""
    if not ApiToken.objects.filter(id=token_id).exists():
        stop(gettext("There is no token %(id)s.") % {"id": token_id})
    with refusals_explained():
        revoke_token(token_id, branch=get_branch(code), by=product_itself(channel=CHANNEL), at=timezone.now())
