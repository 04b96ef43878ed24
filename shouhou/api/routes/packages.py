"""Service packages of product models, to be read. They are decided by people, at the headquarters."""

from uuid import UUID

from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.days import today_at
from shouhou.api.fields import BranchName
from shouhou.api.routing import Routes
from shouhou.api.schemas.packages import ServicePackageCourse
from shouhou.catalog.models import ProductModel
from shouhou.catalog.queries import get_entry
from shouhou.entitlements.package_queries import package_course

routes = Routes("catalogue")


@routes.read("/product-models/{uuid:model_id}/service-packages", ServicePackageCourse)
def list_service_packages(request: ActorRequest, model_id: UUID, branch: BranchName = "") -> ServicePackageCourse:
    """List what is done for the units of a model after the sale, as seen from the day at a branch: now, later and before."""
    model = get_entry(ProductModel, model_id)
    return ServicePackageCourse.of(package_course(model, day=today_at(branch_named(request, branch))))
