import json
import sys
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext

from shouhou.access.actors import product_itself
from shouhou.access.models import Branch
from shouhou.cli.administration import get_branch
from shouhou.cli.imports.calls import ImportAccount, import_calls
from shouhou.cli.imports.mapping import ColumnMapping, read_mapping
from shouhou.cli.terminal import progress_bar, refusals_explained, stop, table
from shouhou.kernel.sheets import count_lines


@click.group("import")
def import_() -> None:
    """Take over what other systems have exported."""


@import_.command("calls")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="YAML: which column means what.")  # fmt: skip
@click.option("--branch", "code", help="Whose register; may be left out where there is only one branch.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path),
              help="Where bad rows go; FILE-rejects.csv beside FILE when not given.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one object.")
def calls(file: Path, mapping_file: Path | None, code: str | None, rejects: Path | None, as_json: bool) -> None:
    """Import calls from FILE (CSV in UTF-8 or GB18030, or XLSX) into the register of a branch.

    Rows that cannot be received are written to the rejects file with their line and the reason; all others go in. Importing
    the same file again adds nothing. Exit code 0 when the file could be read, whatever became of its rows; 1 when it could
    not, or when every row was rejected.
    """
    branch = get_branch(code) if code else _only_branch()
    rejects = rejects or file.with_name(f"{file.stem}-rejects.csv")
    if rejects.resolve() == file.resolve():
        stop(gettext("The rejects file would overwrite the file that is imported."))
    with refusals_explained():
        mapping = read_mapping(mapping_file) if mapping_file else ColumnMapping()
        with progress_bar(count_lines(file), gettext("Importing calls")) as bar:
            account = import_calls(
                file,
                branch=branch,
                mapping=mapping,
                rejects=rejects,
                by=product_itself(channel="import"),
                now=timezone.now,
                progress=bar.update,
            )
    click.echo(_as_json(account, branch, rejects) if as_json else _as_text(account, branch, rejects))
    if account.rejected.total() == account.read > 0:
        sys.exit(1)


def _only_branch() -> Branch:
    found = list(Branch.objects.filter(kind=Branch.Kind.BRANCH).order_by("path")[:2])
    if len(found) != 1:
        stop(gettext("Say which branch with --branch."))
    return found[0]


def _as_json(account: ImportAccount, branch: Branch, rejects: Path) -> str:
    summary = {
        "branch": branch.code,
        "read": account.read,
        "new": account.new,
        "already_there": account.already_there,
        "rejected": account.rejected.total(),
        "rejected_by_reason": dict(account.rejected.most_common()),
        "rejects_file": str(rejects) if account.rejected else None,
        "blank_lines": account.blank_lines,
        "unused_columns": account.unused_columns,
    }
    return json.dumps(summary, ensure_ascii=False, indent=2)


def _as_text(account: ImportAccount, branch: Branch, rejects: Path) -> str:
    reasons = ", ".join(f"{code} {count}" for code, count in account.rejected.most_common())
    rows = [
        (gettext("rows read"), str(account.read), branch.code),
        (gettext("new"), str(account.new), ""),
        (gettext("already there"), str(account.already_there), ""),
        (gettext("rejected"), str(account.rejected.total()), f"{reasons} → {rejects}" if reasons else ""),
    ]
    if account.blank_lines:
        rows.append((gettext("blank lines"), str(account.blank_lines), ""))
    if account.unused_columns:
        rows.append((gettext("columns not used"), str(len(account.unused_columns)), ", ".join(account.unused_columns)))
    return table(rows, indent="")
