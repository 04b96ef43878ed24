"""The OpenAPI document: what ninja reads off the routes, completed by what holds for all of them."""

from typing import Any

from shouhou.api.idempotency import HEADER, REPLAYED
from shouhou.api.problems import MEDIA_TYPE, Problem

DESCRIPTION = """\
Everything the screens do, for programs: from the repair call to the filed voucher.

**Token.** `Authorization: Bearer sh_…`. A token acts as its user, within its scopes and in the user's branches; rows of other
branches do not exist for it (404).

**Acts.** Status is never a field to be written: each act of the trade is a resource of its own below the thing it changes.
Send an `Idempotency-Key` with each: a repeated call then gets the stored answer instead of happening twice (for at
least seven days). Refused calls are not stored and may be repeated.

**Errors** are problem documents (RFC 9457). Rely on `code`; texts follow `Accept-Language` (zh-hans or en).

**Lists** are paged by `cursor`; take `next_cursor` as it is. **Personal data** is masked; the whole number of a phone is an
act of its own, which goes into the journal. Decimals are strings. Times carry their zone.
"""

_READ_PROBLEMS = {
    "401": "The token is missing, wrong, expired or revoked.",
    "403": "Your roles in this branch, or the token's scopes, do not allow this.",
    "404": "It does not exist, or not in your branches.",
    "422": "The input is not valid.",
}
_ACT_PROBLEMS = {
    "400": "The body is not valid JSON, or the request cannot be read.",
    **_READ_PROBLEMS,
    "409": "Not possible in the present state, or the idempotency key was used for another call.",
    "413": "The body is too large.",
}
_EXAMPLE = {
    "type": "urn:shouhou:problem:wrong_state",
    "title": "Not possible now",
    "status": 409,
    "detail": "QD261123-0042 is “Struck off”; this is not possible now.",
    "code": "wrong_state",
    "field": None,
    "errors": [],
}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Add to the document the problems, the idempotency key and the security scheme."""
    problem = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    document["components"]["responses"] = {
        f"Problem{status}": {
            "description": description,
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
                | ({"example": _EXAMPLE} if status == "409" else {})
            },
        }
        for status, description in _ACT_PROBLEMS.items()
    }
    document["components"]["parameters"] = {
        "IdempotencyKey": {
            "in": "header",
            "name": HEADER,
            "required": False,
            "description": "A name of your choice for this one call.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
            "example": "dispatch-QD261123-0042-1",
        }
    }
    document["components"]["headers"] = {
        "IdempotentReplay": {
            "description": "`true` when the stored answer of an earlier call was given.",
            "schema": {"type": "string", "enum": ["true"]},
        }
    }
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete_operation(operation, is_act=method != "get")
    return document


def _complete_operation(operation: dict[str, Any], *, is_act: bool) -> None:
    responses = {str(status): response for status, response in operation["responses"].items()}
    if is_act:
        operation["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
        for response in responses.values():
            response["headers"] = {REPLAYED: {"$ref": "#/components/headers/IdempotentReplay"}}
    for status in _ACT_PROBLEMS if is_act else _READ_PROBLEMS:
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = responses
