"""Texts that want to be more than text, and a story in which they are typed into every field that takes words.

Read by `test_hostile_text`, which looks at every page of the story once with a parser and once with a browser.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouhou.access.actors import Actor
from shouhou.access.models import User
from shouhou.assets.models import UnitHappening
from shouhou.forms.models import FormSheet
from shouhou.web.tests.test_wall import signed_in
from shouhou.workorders.models import Visit, WorkOrder
from tests.cast import CHECKS, PHONE, STROKES, Crew
from tests.walls import picture

LONGEST = 40  # of the shortest field that takes a sentence, the serial number
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "' onmouseover='alert(1)' x='",
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "</option></select><svg onload=alert(1)>",
    "--><img src onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)'>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "<form action=//evil.example><button>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<style>*{display:none}</style>",
    "<b hx-get=/ hx-trigger=load>",
    "<img src=`x`onerror=alert(1)>",
    # What only becomes markup when something decodes it once too often
    "&lt;img src=x onerror=alert(1)&gt;",
    "\\u003csvg onload=alert(1)\\u003e",
    "＜script＞alert(1)＜/script＞",
    # Templates
    "{{7*7}}{{ request.user.password }}",
    "{% load i18n %}{% debug %}",
    "${7*7}#{7*7}<%= 7*7 %>",
)

type Look = Callable[[Actor, str], None]
type Read = Callable[[str, str], None]


class Story:
    """Two calls of a new customer: one is held, cancelled and opened again, one goes its whole way with every detour.

    `say()` gives the words for the next field. `look` is called with whoever looks and the address of a page, `read`
    with the name of a form and the page on which it came back.
    """

    def __init__(self, crew: Crew, *, say: Callable[[], str], look: Look, read: Read) -> None:
        self.crew, self.say, self.look, self.read = crew, say, look, read
        self.clients: dict[Any, Client] = {}

    def tell(self) -> None:
        clerk, desk = self.crew.clerk, {"customer": "", "asset": "new", "product_model": "KFR-35GW", "anew": "on"}
        folder = {"name": self.say(), "phone": PHONE, "kind": "person", "zone": "city", "address": self.say()}
        first = self.call(desk | folder | {"serial": self.say()})
        self.folder(first.customer_id)
        second = self.call(
            {"customer": first.customer_id, "asset": first.asset_id, "name": self.say(), "address": self.say()}
        )
        self.hold_and_cancel(first)
        self.field(second)
        self.paper(second)
        for name, key in (("order", first.id), ("order", second.id), ("customer", first.customer_id)):
            self.look(clerk, reverse(name, args=[key]))
        self.life_of(first.asset_id)
        self.look(clerk, reverse("asset", args=[first.asset_id]))
        self.lists(first)
        self.people()

    def call(self, fields: dict[str, Any]) -> WorkOrder:
        said = fields | {"key": uuid4(), "fault": self.say(), "work_class": "A", "channel": "phone"}
        self.refused("intake", self.crew.clerk, said | {"work_type": "nonsense"})
        self.do("intake", self.crew.clerk, **said)
        return WorkOrder.objects.latest("received_at", "id")

    def folder(self, customer_id: Any) -> None:
        clerk, change = self.crew.clerk, {"name": self.say(), "kind": "person", "note": self.say()}
        self.refused("customer_change", clerk, change | {"phone": self.say()}, customer_id)
        self.do("customer_change", clerk, customer_id, **change)
        self.do("customer_contact", clerk, customer_id, name=self.say(), phone=PHONE, position=self.say())
        self.do("customer_site", clerk, customer_id, address=self.say(), zone="city")
        unit = {"product_model": "KFR-35GW", "contract_number": self.say()}
        self.refused("customer_unit", clerk, unit | {"product_model": self.say()}, customer_id)
        self.do("customer_unit", clerk, customer_id, serial=f"2{self.say()}"[:LONGEST], **unit)

    def life_of(self, unit_id: Any) -> None:
        """Its replacement was a mistake; both lines stay to be seen."""
        clerk, at = self.crew.clerk, "2026-05-01T10:00"
        self.do("asset_replacement", clerk, unit_id, at=at, reason=self.say())
        wrong = UnitHappening.objects.filter(asset_id=unit_id, kind="replaced").latest("recorded_at")
        self.refused("asset_left_out", clerk, {"repair": self.say(), "evidence": self.say()}, unit_id)
        self.refused("asset_sale", clerk, {"price": self.say(), "sale_date": self.say()}, unit_id)
        self.do("asset_line_back", clerk, unit_id, wrong.id, reason=self.say())

    def hold_and_cancel(self, order: WorkOrder) -> None:
        clerk = self.crew.clerk
        self.do("order_hold", clerk, order.id, reason=self.say(), cause="company")
        self.look(clerk, reverse("order", args=[order.id]))
        self.do("order_resume", clerk, order.id)
        self.do("order_cancel", clerk, order.id, reason=self.say())
        self.do("order_reopen", self.crew.supervisor, order.id, reason=self.say())
        self.do("order_photos", clerk, order.id, photos=self.photo(), caption=self.say())

    def field(self, order: WorkOrder) -> None:
        """Refused, taken back, left unfinished, given back unsigned; then done and signed."""
        technician, supervisor = self.crew.technician_actor, self.crew.supervisor
        self.do("visit_refuse", technician, self.dispatch(order), reason=self.say())
        self.do("withdraw_visit", supervisor, self.dispatch(order), reason=self.say())
        visit_id = self.arrive(order)
        unfinished = {"fault_found": self.say(), "work_done": self.say()}
        self.refused("visit_incomplete", technician, unfinished, visit_id)
        self.do("visit_incomplete", technician, visit_id, reason=self.say(), **unfinished)
        self.do("sign_refused", technician, order.id, reason=self.say())
        self.look(technician, reverse("sign", args=[order.id]))
        self.do("field_hand_in", technician, order.id)
        self.do("voucher_file", self.crew.clerk, order.id)
        visit_id = self.arrive(order)
        line = {"kind": "other", "quantity": "1", "unit_price": "5", "description": self.say(), "unit": self.say()[:10]}
        self.refused("visit_line", technician, line | {"quantity": "0"}, visit_id)
        self.do("visit_line", technician, visit_id, **line)
        self.look(technician, reverse("visit", args=[visit_id]))
        self.look(technician, reverse("visit_parts", args=[visit_id], query={"q": self.say()}))
        done = {"fault_found": self.say(), "work_done": self.say()}
        self.refused("visit_complete", technician, done, visit_id)
        self.do(
            "visit_complete", technician, visit_id, **done, **{f"check-{one}": said for one, said in CHECKS.items()}
        )
        self.refused("sign", technician, {"signer_name": self.say(), "strokes": "[]"}, order.id)
        self.look(technician, reverse("technician_day"))
        self.do("sign", technician, order.id, signer_name=self.say(), strokes=json.dumps(STROKES))
        self.look(technician, reverse("sign", args=[order.id]))

    def dispatch(self, order: WorkOrder) -> Any:
        self.do("dispatch_order", self.crew.supervisor, order.id, technician=self.crew.technician.id)
        return Visit.objects.filter(work_order=order).latest("sequence").id

    def arrive(self, order: WorkOrder) -> Any:
        visit_id = self.dispatch(order)
        self.look(self.crew.technician_actor, reverse("technician_day"))
        for act in ("accept", "depart", "arrive"):
            self.do(f"visit_{act}", self.crew.technician_actor, visit_id)
        return visit_id

    def paper(self, order: WorkOrder) -> None:
        voucher_id = order.asset.vouchers.get().id
        assert self.client(self.crew.clerk).post(reverse("print_voucher", args=[voucher_id])).status_code == 200
        self.do("void_sheet", self.crew.clerk, FormSheet.objects.get(voided_at=None).id, reason=self.say())

    def lists(self, order: WorkOrder) -> None:
        clerk, supervisor = self.crew.clerk, self.crew.supervisor
        self.look(clerk, reverse("home"))
        self.look(supervisor, reverse("home"))
        self.look(clerk, reverse("register_page", args=[timezone.localdate()]))
        self.look(supervisor, reverse("dispatch_queue", query={"order": order.id}))
        self.look(supervisor, reverse("dispatch_queue", query={"order": self.say(), "ask": self.say()}))
        self.look(clerk, reverse("customers"))
        self.look(clerk, reverse("customers", query={"q": PHONE}))
        self.look(clerk, reverse("intake", query={"caller": PHONE[-4:]}))
        self.look(clerk, reverse("intake", query={"customer": order.customer_id, "asset": self.say()}))
        self.look(clerk, reverse("intake", query={"caller": self.say(), "new": "1"}))
        self.look(clerk, reverse("register"))
        for said in (self.say(), PHONE):
            self.look(clerk, reverse("search", query={"q": said}))
            self.look(clerk, reverse("palette_found", query={"q": said}))
        self.look(clerk, reverse("palette", query={"act": self.say()}))
        for name in ("register", "customers"):
            self.look(clerk, reverse(name, query={"q": self.say(), "older": self.say(), "state": self.say()}))

    def people(self) -> None:
        """What an administrator writes of people and places, and what stands of it on every page of the section."""
        chief, lead, crew = self.crew.administrator, self.crew.supervisor, self.crew
        made = {"username": "zhoumin", "display_name": self.say(), "role": "clerk", "place": crew.branch.code}
        self.refused("user_register", chief, made | {"username": "a b", "display_name": self.say()})
        self.do("user_register", chief, **made)
        user = User.objects.get(username="zhoumin")
        self.look(chief, reverse("user", args=[user.id]))
        self.do("user_deactivate", chief, user.id, reason=self.say())
        self.do("user_reactivate", chief, user.id, reason=self.say())
        away = {"starts_at": "2036-12-01T08:00", "ends_at": "2036-12-03T18:00"}
        self.do("technician_absence", lead, crew.technician.id, reason=self.say(), **away)
        self.do(
            "technician_qualification",
            lead,
            crew.technician.id,
            qualification="gas",
            starts_on="2026-01-01",
            number=self.say(),
        )
        # Lists of names are sorted: with the same first letter they stand in the same order, whatever is said.
        self.do("technician_change", chief, crew.technician.id, name=f"工{self.say()}"[:LONGEST], phone="")
        self.do("branch_change", chief, crew.branch.id, name=self.say(), address=self.say(), time_zone="Asia/Shanghai")
        token = {"username": "zhoumin", "name": self.say(), "expires_on": "2036-12-01"}
        issued = self.client(chief).post(reverse("token_issue"), token)
        assert issued.status_code == 200
        for name in ("administration", "branches", "users", "technicians", "tokens", "number_series"):
            self.look(chief, reverse(name))
        self.look(chief, reverse("users", query={"q": self.say(), "role": self.say(), "place": self.say()}))
        for name, key in (("user", user.id), ("technician", crew.technician.id), ("branch", crew.branch.id)):
            self.look(chief, reverse(name, args=[key]))

    def do(self, name: str, by: Actor, /, *args: Any, **fields: Any) -> None:
        answer = self.client(by).post(reverse(name, args=args), fields)
        assert answer.status_code == 303, (name, answer.status_code, answer.content.decode())

    def refused(self, name: str, by: Actor, fields: dict[str, Any], *args: Any) -> None:
        """What was typed comes back with what was wrong."""
        answer = self.client(by).post(reverse(name, args=args), fields)
        assert answer.status_code == 422, (name, answer.status_code)
        self.read(name, answer.content.decode())

    def client(self, actor: Actor) -> Client:
        return self.clients.setdefault(actor.user_id, signed_in(actor))

    def photo(self) -> SimpleUploadedFile:
        return SimpleUploadedFile(f"{self.say()}.jpg".replace("/", ""), picture(), "image/jpeg")
