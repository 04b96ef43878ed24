"""Sets up the company that is measured: `python -m bench.company CLIENTS` prints, as JSON, what the clients need to know."""

import json
import sys
from datetime import UTC, datetime, timedelta

import django


def found(clients: int) -> dict[str, object]:
    """A branch with a clerk and a supervisor for each client and a technician of his own, all with API tokens."""
    from shouhou.access.actions import assign_role, issue_token, open_branch, register_user
    from shouhou.access.actors import product_itself
    from shouhou.access.models import Branch
    from shouhou.access.permissions import Role
    from shouhou.catalog.actions import add_product_class, add_product_model
    from shouhou.workforce.actions import register_technician

    at = datetime.now(UTC)
    root = product_itself(channel="cli")
    hq = open_branch(code="HQ", name="海风电器", kind=Branch.Kind.HQ, parent=None, by=root, at=at)
    branch = open_branch(code="QD", name="青岛分公司", kind=Branch.Kind.BRANCH, parent=hq, by=root, at=at)
    root = product_itself(channel="cli")
    units = add_product_class(code="ac", name="空调", branch=branch, by=root, at=at)
    for size in (26, 35, 50, 72):
        add_product_model(
            code=f"KFR-{size}", name=f"海风 KFR-{size}GW", product_class=units, branch=branch, by=root, at=at
        )

    def token(role: Role, number: int) -> tuple[str, str]:
        user = register_user(
            username=f"{role}{number}",
            display_name=f"{role.label} {number}",
            password="a password for measuring",
            branch=branch,
            by=root,
            at=at,
        )
        assign_role(user, role=role, branch=branch, by=root, at=at)
        secret = issue_token(user, name="bench", expires_at=at + timedelta(days=1), branch=branch, by=root, at=at)[1]
        technician = ""
        if role == Role.TECHNICIAN:
            technician = str(register_technician(user, branch=branch, by=root, at=at).id)
        return secret, technician

    crews = []
    for number in range(clients):
        technician, technician_id = token(Role.TECHNICIAN, number)
        crews.append(
            {
                "clerk": token(Role.CLERK, number)[0],
                "supervisor": token(Role.SUPERVISOR, number)[0],
                "technician": technician,
                "technician_id": technician_id,
            }
        )
    return {"branch": branch.code, "crews": crews}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(found(int(sys.argv[1]))))
