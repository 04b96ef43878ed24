from collections.abc import Sequence
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.fanout import first_of_each
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.customers.models import Contact, Customer, CustomerKey, Site
from shouhou.customers.rules import prefix_of
from shouhou.kernel.errors import NotFound


class CustomerNotFound(NotFound):
    code = "customer_not_found"


def get_customer(customer_id: UUID, *, by: Actor) -> Customer:
    """One customer of the actor's branches. Raises CustomerNotFound."""
    customer = Customer.objects.visible_to(by).filter(id=customer_id).select_related("branch").first()
    if customer is None:
        raise CustomerNotFound(field="customer")
    return customer


def find_customers(text: str, *, branch: Branch, limit: int = 8) -> list[Customer]:
    """Customers of a branch by part of the name, its characters or its pinyin, or by beginning, last eight or last four
    digits of a phone.

    At most `limit`, in the order of their keys. Cost does not grow with the number of customers: one short range of an index.
    """
    return search_customers(text, branches=[branch], limit=limit)


def search_customers(text: str, *, branches: Sequence[Branch], limit: int) -> list[Customer]:
    """The same in several branches, whose number the cost grows with."""
    ids = find_customer_ids(text, branches=branches, limit=limit)
    found = Customer.objects.filter(branch_id__in=[branch.id for branch in branches]).in_bulk(ids)
    return [found[key] for key in ids if key in found]


def find_customer_ids(text: str, *, branches: Sequence[Branch], limit: int) -> list[UUID]:
    """The keys of what `search_customers` would return."""
    prefix = prefix_of(text)
    if not prefix:
        return []
    # A customer can have several keys in the range; a few more are read so that dropping repeats leaves enough.
    rows = first_of_each([_keys_from(prefix, branch) for branch in branches], limit=limit * 3)
    rows.sort(key=lambda row: (row.key, row.customer_id))
    return list(dict.fromkeys(row.customer_id for row in rows))[:limit]


def _keys_from(prefix: str, branch: Branch) -> BranchQuerySet[CustomerKey]:
    rows: BranchQuerySet[CustomerKey] = CustomerKey.objects.at(branch)
    return rows.filter(key__gte=prefix, key__lt=prefix + "\U0010ffff").order_by("key", "customer_id")


def find_newest_customers(branch: Branch) -> BranchQuerySet[Customer]:
    """The folders of a branch, the one opened last first: keys are given out in the order of time."""
    return Customer.objects.at(branch).order_by("-id")


def find_contacts_of(customer: Customer) -> BranchQuerySet[Contact]:
    """The other people to speak to."""
    return Contact.objects.filter(branch_id=customer.branch_id, customer_id=customer.id).order_by("id")


def find_sites_of(customer: Customer) -> BranchQuerySet[Site]:
    """The places where the customer's units stand, the first one first."""
    return Site.objects.filter(branch_id=customer.branch_id, customer_id=customer.id).order_by("id")
