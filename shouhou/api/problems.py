"""Errors as problem documents (RFC 9457): one form for a refusal of the product, of the input, and of the request itself."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from ninja.errors import AuthenticationError
from pydantic import Field, ValidationError

from shouhou.api.fields import Answer
from shouhou.api.schemas.answers import SupposedTold
from shouhou.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, Refusal, gettext_noop

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


class FieldProblem(Answer):
    """One thing that is wrong with the input."""

    pointer: str = Field(description="JSON pointer into the body, or the name of the parameter.", examples=["#/phone"])
    code: str = Field(examples=["missing"])
    detail: str


class Problem(Answer):
    """Why the call was not carried out. `code` is stable; the texts follow Accept-Language."""

    type: str = Field(examples=["urn:shouhou:problem:wrong_state"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=["wrong_state"])
    field: str | None = Field(description="The input that has to change, where there is one.")
    errors: list[FieldProblem] = Field(description="What is wrong with the input, place by place.")
    supposed: list[SupposedTold] = Field(
        description="Of a question about who pays: the verdict for each way to mend what is refused."
    )


class InputInvalid(Exception):
    """The input does not have the form that the operation asks for."""

    def __init__(self, errors: Iterable[tuple[str, Any]]) -> None:
        self.errors = list(errors)
        super().__init__(self.errors)


class MalformedBody(Exception):
    """The body is not JSON at all."""


class RefusedQuestion(Exception):
    """A question about who pays is refused, with the verdict for each way to mend it."""

    def __init__(self, refusal: Refusal, supposed: list[SupposedTold]) -> None:
        self.refusal, self.supposed = refusal, supposed
        super().__init__(refusal.code)


class UnknownRoute(NotFound):
    code = "unknown_route"
    template = gettext_noop("There is nothing at this address.")


_TITLES: Mapping[int, str] = {
    400: gettext_noop("Malformed request"),
    401: gettext_noop("Who are you?"),
    403: gettext_noop("Not allowed"),
    404: gettext_noop("Not found"),
    405: gettext_noop("Method not allowed"),
    409: gettext_noop("Not possible now"),
    413: gettext_noop("Too large"),
    422: gettext_noop("Input not valid"),
    500: gettext_noop("Internal error"),
    503: gettext_noop("Busy"),
}

_FIELD_TEXTS: Mapping[str, str] = {
    "missing": gettext_noop("This is missing."),
    "extra_forbidden": gettext_noop("There is no such field."),
    "string_type": gettext_noop("This must be text."),
    "string_too_long": gettext_noop("At most %(max_length)s characters."),
    "string_too_short": gettext_noop("At least %(min_length)s characters."),
    "string_pattern_mismatch": gettext_noop("There are characters here that are not allowed."),
    "uuid_parsing": gettext_noop("This is not an id."),
    "uuid_type": gettext_noop("This is not an id."),
    "timezone_aware": gettext_noop("A time needs its zone, for example 2026-11-23T09:30:00+08:00."),
    "date_malformed": gettext_noop("Write dates as 2026-11-23 and times as 2026-11-23T09:30:00+08:00."),
    "date_out_of_range": gettext_noop("The year must lie between 1970 and 2199."),
    "bool_type": gettext_noop("This must be true or false."),
    "int_type": gettext_noop("This must be a whole number."),
    "greater_than_equal": gettext_noop("At least %(ge)s."),
    "less_than_equal": gettext_noop("At most %(le)s."),
    "enum": gettext_noop("One of: %(expected)s."),
    "literal_error": gettext_noop("One of: %(expected)s."),
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str = "",
    errors: Iterable[FieldProblem] = (),
    supposed: Iterable[SupposedTold] = (),
) -> HttpResponse:
    """The answer that says no."""
    document = Problem(
        type=f"urn:shouhou:problem:{code}",
        title=gettext(_TITLES.get(status) or HTTPStatus(status).phrase),
        status=status,
        detail=detail,
        code=code,
        field=field or None,
        errors=list(errors),
        supposed=list(supposed),
    )
    return HttpResponse(document.model_dump_json(), status=status, content_type=MEDIA_TYPE)


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal; it follows from the kind, so a new refusal needs no line here."""
    for kind, status in ((NotFound, 404), (NotPermitted, 403), (Conflict, 409), (Invalid, 422)):
        if isinstance(refusal, kind):
            return status
    return 409


def of_refusal(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problem(status_of(refusal), refusal.code, said(refusal), field=refusal.field)


def of_refused_question(request: HttpRequest, error: Any) -> HttpResponse:
    refusal = error.refusal
    return problem(status_of(refusal), refusal.code, said(refusal), field=refusal.field, supposed=error.supposed)


def said(refusal: Refusal) -> str:
    """The refusal in the reader's language: the template is translated first and filled in after."""
    return gettext(refusal.template) % refusal.params


def of_input(request: HttpRequest, invalid: Any) -> HttpResponse:
    errors = [_field_problem(source, error) for source, error in invalid.errors]
    if any(source == "path" for source, _error in invalid.errors):
        return problem(404, NotFound.code, gettext(NotFound.template))
    field = errors[0].pointer.removeprefix("#/") if len(errors) == 1 else ""
    return problem(422, "invalid_input", gettext("The input is not valid."), field=field, errors=errors)


def of_malformed_body(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, "malformed_json", gettext("The body is not valid JSON."))


def of_missing_token(request: HttpRequest, error: Any) -> HttpResponse:
    answer = problem(401, "invalid_token", gettext("The token is missing, wrong, expired or revoked."))
    answer["WWW-Authenticate"] = 'Bearer realm="shouhou", error="invalid_token"'
    return answer


def of_unknown_route(request: HttpRequest, error: Any = None) -> HttpResponse:
    return of_refusal(request, UnknownRoute())


def of_wrong_method(allowed: str) -> HttpResponse:
    answer = problem(405, "method_not_allowed", gettext("Allowed here: %(methods)s.") % {"methods": allowed})
    answer["Allow"] = allowed
    return answer


def of_too_large(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, "body_too_large", gettext("The body is too large."))


def of_suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, "malformed_request", gettext("The request cannot be read."))


def of_lost_race(request: HttpRequest, error: Any) -> HttpResponse:
    """The database refused what another call made impossible between our check and our write."""
    _log.warning("refused by a constraint: %s", error)
    return problem(409, Conflict.code, gettext(Conflict.template))


def of_busy(request: HttpRequest, error: Any) -> HttpResponse:
    _log.error("the database did not answer in time", exc_info=error)
    answer = problem(503, "busy", gettext("The server is busy. Nothing was written; please try again."))
    answer["Retry-After"] = "1"
    return answer


def of_bug(request: HttpRequest, error: Any) -> HttpResponse:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "internal_error", gettext("Something went wrong here. Nothing was written."))


HANDLERS: Mapping[type[Exception], Any] = {
    Refusal: of_refusal,
    RefusedQuestion: of_refused_question,
    InputInvalid: of_input,
    MalformedBody: of_malformed_body,
    AuthenticationError: of_missing_token,
    Http404: of_unknown_route,
    RequestDataTooBig: of_too_large,
    SuspiciousOperation: of_suspicious,
    MultiPartParserError: of_suspicious,
    IntegrityError: of_lost_race,
    OperationalError: of_busy,
    Exception: of_bug,
}


def input_errors(source: str, error: ValidationError) -> list[tuple[str, Any]]:
    """The errors of one part of the request: path, query, body, form or file."""
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise MalformedBody from None
    return [(source, one) for one in found]


def _field_problem(source: str, error: Any) -> FieldProblem:
    places = [str(place) for place in error["loc"]]
    template = _FIELD_TEXTS.get(error["type"])
    return FieldProblem(
        pointer="#/" + "/".join(places) if source == "body" else ".".join(places),
        code=error["type"],
        detail=gettext(template) % error.get("ctx", {}) if template else error["msg"],
    )
