"""Fills an empty site with a register: `python -m bench.filling ORDERS` prints, as JSON, what can be asked of it."""

import json
import sys

import django


def fill(orders: int) -> dict[str, object]:
    """A register of so many orders; the addresses of what is measured, and the seconds that it took."""
    from bench.company import found
    from bench.populate import populate
    from shouhou.access.models import Branch
    from shouhou.catalog.models import ProductModel
    from shouhou.kernel.pinyin import typed_words
    from shouhou.web.book import mark_of
    from shouhou.workforce.models import Technician
    from shouhou.workorders.models import WorkOrder

    found(4)
    branch = Branch.objects.get(code="QD")
    seconds = populate(
        orders,
        branch=branch,
        technicians=list(Technician.objects.order_by("id")),
        models=list(ProductModel.objects.order_by("id")),
        seed=orders,
    )
    own = WorkOrder.objects.at(branch)
    old = own.order_by("received_at", "id")[orders // 10]  # nine tenths of the book come before it
    newest = own.select_related("asset", "customer").order_by("-received_at", "-id")[7]
    name, serial = newest.customer.name, newest.asset.serial
    initials, spelled = typed_words(name)[:2]
    return {
        "seconds": seconds,
        "pages": {
            "first page": "/register/",
            "deep page": f"/register/?older={mark_of(old)}",
            "search: number": f"/register/?q={newest.number}",
            "search: serial": f"/register/?q={newest.asset.serial}",
            "search: phone": f"/register/?q={newest.customer.phone.removeprefix('+86')}",
            "search: last four digits": f"/register/?q={newest.customer.phone[-4:]}",
            "search: surname": "/register/?q=%E7%8E%8B",
            "search: part of a name": "/register/?q=%E5%BB%BA%E5%9B%BD",
            "all: beginning of a number": f"/search/?q={newest.number[:-1]}",
            "all: end of a serial": f"/search/?q={serial[-6:]}",
            "all: phone": f"/search/?q={newest.customer.phone.removeprefix('+86')}",
            "all: last four digits": f"/search/?q={newest.customer.phone[-4:]}",
            "all: surname": "/search/?q=%E7%8E%8B",
            "all: part of a name": "/search/?q=%E5%BB%BA%E5%9B%BD",
            "all: pinyin initials": f"/search/?q={initials}",
            "all: two initials": f"/search/?q={initials[:2]}",
            "all: pinyin spelled": f"/search/?q={spelled}",
            "palette: pinyin initials": f"/palette/found/?q={initials}",
            "palette: surname in pinyin": "/palette/found/?q=wang",
            "palette: commands": "/palette/",
        },
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(fill(int(sys.argv[1]))))
