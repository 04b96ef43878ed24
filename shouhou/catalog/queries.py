from django.db.models import Q, QuerySet

from shouhou.catalog.models import FaultCode, Part, ProductModel
from shouhou.kernel.errors import Invalid, gettext_noop


class UnknownProduct(Invalid):
    code = "unknown_product"
    template = gettext_noop("There is no product model “%(model)s” in the catalogue.")


class UnknownPart(Invalid):
    code = "unknown_part"
    template = gettext_noop("There is no part “%(part)s” in the catalogue.")


class UnknownFaultCode(Invalid):
    code = "unknown_fault_code"
    template = gettext_noop("There is no fault code “%(fault_code)s” for %(product_class)s.")


def get_product_model(code: str) -> ProductModel:
    """The model with this code. Raises UnknownProduct."""
    model = ProductModel.objects.select_related("product_class").filter(code=code).first()
    if model is None:
        raise UnknownProduct(model=code, field="product_model")
    return model


def get_part(number: str) -> Part:
    """The part with this number. Raises UnknownPart."""
    part = Part.objects.filter(number=number).first()
    if part is None:
        raise UnknownPart(part=number, field="part")
    return part


def get_fault_code(code: str, *, product_model: ProductModel) -> FaultCode:
    """The fault code for the model's class. Raises UnknownFaultCode."""
    found = FaultCode.objects.filter(product_class_id=product_model.product_class_id, code=code).first()
    if found is None:
        raise UnknownFaultCode(fault_code=code, product_class=product_model.product_class.name, field="fault_code")
    return found


def find_product_models() -> QuerySet[ProductModel]:
    """The catalogue, by name."""
    return ProductModel.objects.select_related("product_class").order_by("name", "id")


def find_parts() -> QuerySet[Part]:
    """All parts, by number."""
    return Part.objects.order_by("number", "id")


def search_parts(text: str, *, limit: int = 8) -> list[Part]:
    """Parts by the beginning of their number, or by any piece of their name; by number."""
    text = text.strip()
    if not text:
        return []
    return list(find_parts().filter(Q(number__istartswith=text) | Q(name__icontains=text))[:limit])


def find_fault_codes() -> QuerySet[FaultCode]:
    """All fault codes, by product class and code."""
    return FaultCode.objects.select_related("product_class").order_by("product_class__name", "code")
