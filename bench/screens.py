"""The addresses of every page of the web interface in a filled site: `python -m bench.screens` prints them as JSON.

A page that is added later is measured without anybody thinking of it: the list is read off the addresses themselves.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import django
from django.urls import URLPattern, URLResolver, get_resolver, reverse

ELSEWHERE = {"api", "static", "openid_connect_login", "openid_connect_callback"}
# Looked up in the filled site; a page whose address needs anything else is reported, not passed over.
ROLES = ("clerk", "supervisor", "technician", "accountant", "hq", "administrator")


def prepare() -> dict[str, object]:
    """People of all roles, an order with a visit, and what each address names. Needs a site filled by `bench.filling`."""
    from shouhou.access.actions import assign_role, register_user
    from shouhou.access.actors import actor_for, product_itself
    from shouhou.access.models import Branch, User
    from shouhou.access.permissions import Role
    from shouhou.workforce.models import Technician
    from shouhou.workorders.actions import dispatch_work_order
    from shouhou.workorders.models import Voucher, WorkOrder

    at, root = datetime.now(UTC), product_itself(channel="cli")
    branch = Branch.objects.get(code="QD")
    for role in ROLES[3:]:
        user = register_user(
            username=f"{role}0",
            display_name=str(Role(role).label),
            password="a password for measuring",
            branch=branch,
            by=root,
            at=at,
        )
        assign_role(user, role=Role(role), branch=branch, by=root, at=at)
    supervisor = actor_for(User.objects.get(username="supervisor0"), channel="web")
    technician = Technician.objects.get(user__username="technician0")
    order = WorkOrder.objects.at(branch).filter(status="received").order_by("-received_at", "-id")[0]
    start = at + timedelta(hours=1)
    visit = dispatch_work_order(
        order.id,
        technician_id=technician.id,
        planned_start=start,
        planned_end=start + timedelta(hours=1),
        by=supervisor,
        at=at,
    )
    known = {
        "order_id": order.id,
        "visit_id": visit.id,
        "customer_id": order.customer_id,
        "asset_id": order.asset_id,
        "voucher_id": Voucher.objects.at(branch).get(asset_id=order.asset_id).id,
        "technician_id": technician.id,
        "user_id": supervisor.user_id,
        "branch_id": branch.id,
        "product_class_id": order.asset.product_model.product_class_id,
        "model_id": order.asset.product_model_id,
        "day": order.received_on,
    }
    addresses, unknown = named_addresses(known)
    addresses["search: a name"] = reverse("search", query={"q": "王"})
    addresses["intake, caller known"] = reverse(
        "intake", query={"customer": order.customer_id, "asset": order.asset_id}
    )
    addresses["dispatch_queue, call chosen"] = reverse("dispatch_queue", query={"order": order.id})
    return {"roles": ROLES, "addresses": addresses, "unknown": unknown}


def named_addresses(known: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """Every address outside the API by its name, made with what is known; and the names of those that need more."""
    addresses, unknown = {}, []
    for name, parameters in _named(get_resolver().url_patterns):
        if parameters - known.keys():
            unknown.append(name)
        else:
            addresses[name] = reverse(name, kwargs={one: known[one] for one in parameters})
    return addresses, unknown


def _named(
    patterns: list[URLPattern | URLResolver], before: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    for one in patterns:
        parameters = before | one.pattern.regex.groupindex.keys()
        if isinstance(one, URLResolver):
            if str(one.pattern).strip("/") not in ELSEWHERE:
                yield from _named(one.url_patterns, parameters)
        elif one.name and one.name not in ELSEWHERE:
            yield one.name, parameters


if __name__ == "__main__":
    django.setup()
    print(json.dumps(prepare(), default=str))
