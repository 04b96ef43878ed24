"""The service desk: today, intake, the register, work orders, customers and their units."""

from datetime import date

from django.urls import path, register_converter

from shouhou.web.views import (
    assets,
    branches,
    customers,
    home,
    intake,
    intake_verdicts,
    pictures,
    printing,
    register,
    register_acts,
    register_views,
    search,
    work_orders,
)


class DayConverter:
    """A day in an address: 2026-11-23. What is no day is not found."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("", home.home, name="home"),
    path("branch/", branches.set_branch, name="set_branch"),
    path("search/", search.search, name="search"),
    path("palette/", search.palette, name="palette"),
    path("palette/found/", search.palette_found, name="palette_found"),
    path("register/", register.register, name="register"),
    path("register/acts/", register_acts.register_acts, name="register_acts"),
    path("register/vouchers/", register_acts.print_vouchers, name="print_vouchers"),
    path("register/sheet/", register_acts.export_register, name="export_register"),
    path("register/views/", register_views.save_view, name="save_view"),
    path("register/views/<uuid:view_id>/", register_views.change_view, name="change_view"),
    path("register/views/<uuid:view_id>/removal/", register_views.remove_view, name="remove_view"),
    path("register/views/<uuid:view_id>/opening/", register_views.open_with_view, name="open_with_view"),
    path("register/<day:day>/", register.register_page, name="register_page"),
    path("register/<day:day>/sheet/", printing.print_register_page, name="print_register_page"),
    path("intake/", intake.intake, name="intake"),
    path("intake/customers/", intake.intake_customers, name="intake_customers"),
    path("intake/slots/", intake.intake_slots, name="intake_slots"),
    path("intake/known/", intake.intake_known, name="intake_known"),
    path("intake/verdict/", intake_verdicts.intake_verdict, name="intake_verdict"),
    path("intake/why/", intake_verdicts.intake_why, name="intake_why"),
    path("intake/units/", intake.intake_units, name="intake_units"),
    path("orders/<uuid:order_id>/", work_orders.work_order, name="order"),
    path("orders/<uuid:order_id>/phone/", work_orders.order_phone, name="order_phone"),
    path("orders/<uuid:order_id>/work-class/", work_orders.order_work_class, name="order_work_class"),
    path("orders/<uuid:order_id>/hold/", work_orders.order_hold, name="order_hold"),
    path("orders/<uuid:order_id>/resumption/", work_orders.order_resume, name="order_resume"),
    path("orders/<uuid:order_id>/cancellation/", work_orders.order_cancel, name="order_cancel"),
    path("orders/<uuid:order_id>/reopening/", work_orders.order_reopen, name="order_reopen"),
    path("orders/<uuid:order_id>/strike-off/", work_orders.order_strike_off, name="order_strike_off"),
    path("orders/<uuid:order_id>/voucher/issue/", work_orders.voucher_issue, name="voucher_issue"),
    path("orders/<uuid:order_id>/voucher/return/", work_orders.voucher_return, name="voucher_return"),
    path("orders/<uuid:order_id>/voucher/hand-in/", work_orders.voucher_hand_in, name="voucher_hand_in"),
    path("orders/<uuid:order_id>/voucher/filing/", work_orders.voucher_file, name="voucher_file"),
    path("orders/<uuid:order_id>/photos/", pictures.order_photos, name="order_photos"),
    path("photos/<uuid:photo_id>/", pictures.photo, name="photo"),
    path("signatures/<uuid:entry_id>/", pictures.signature_image, name="signature_image"),
    path("vouchers/<uuid:voucher_id>/sheet/", printing.print_voucher, name="print_voucher"),
    path("sheets/<uuid:sheet_id>/void/", printing.void_sheet, name="void_sheet"),
    path("customers/", customers.customer_list, name="customers"),
    path("customers/<uuid:customer_id>/", customers.customer, name="customer"),
    path("customers/<uuid:customer_id>/phone/", customers.customer_phone, name="customer_phone"),
    path("customers/<uuid:customer_id>/change/", customers.customer_change, name="customer_change"),
    path("customers/<uuid:customer_id>/contacts/", customers.customer_contact, name="customer_contact"),
    path("customers/<uuid:customer_id>/sites/", customers.customer_site, name="customer_site"),
    path("customers/<uuid:customer_id>/units/", customers.customer_unit, name="customer_unit"),
    path("assets/<uuid:asset_id>/", assets.asset, name="asset"),
    path("assets/<uuid:asset_id>/sale/", assets.asset_sale, name="asset_sale"),
    path("assets/<uuid:asset_id>/meter/", assets.asset_meter, name="asset_meter"),
    path("assets/<uuid:asset_id>/replacement/", assets.asset_replacement, name="asset_replacement"),
    path("assets/<uuid:asset_id>/left-out-time/", assets.asset_left_out, name="asset_left_out"),
    path("assets/<uuid:asset_id>/life/<uuid:happening_id>/withdrawal/", assets.asset_line_back, name="asset_line_back"),
]
