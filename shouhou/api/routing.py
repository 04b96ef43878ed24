"""How routes are written: `read` for questions, `act` for whatever changes something.

Both write the answer out once, as it is; an act also runs in one transaction under its idempotency key.
"""

import inspect
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, Protocol, cast

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.models import Body, BodyModel

from shouhou.api.auth import ActorRequest, user_of
from shouhou.api.fields import Answer, Input
from shouhou.api.idempotency import answer_once
from shouhou.api.problems import InputInvalid

JSON = "application/json"

type View[**P] = Callable[Concatenate[ActorRequest, P], Answer | HttpResponse]


class _Decorator(Protocol):
    def __call__[**P](self, view: View[P], /) -> View[P]: ...


class _JsonBodyModel(BodyModel):
    """Reads the body straight from JSON, strictly. ninja goes through `json.loads`, after which "1" counts as 1 and as true."""

    @classmethod
    def resolve(cls, request: HttpRequest, api: Any, path_params: dict[str, Any]) -> Any:
        ((name, field),) = cls.model_fields.items()
        return {name: cast("type[Input]", field.annotation).model_validate_json(request.body)}


class _JsonBody(Body):  # type: ignore[misc]  # ninja's parameter classes derive from a final class of pydantic
    _model = _JsonBodyModel

    @classmethod
    def _param_source(cls) -> str:
        return "body"


class Routes(Router):
    """The routes of one area."""

    def __init__(self, area: str) -> None:
        super().__init__(tags=[area])

    def read(self, path: str, answer: type[Answer]) -> _Decorator:
        """A GET route. Its docstring is its description in the document, its name the operation's id."""

        def register[**P](view: View[P]) -> View[P]:
            known = _query_names(view, path)

            @wraps(view)
            def reading(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
                _refuse_unknown(request, known)
                return _written_out(view(request, *args, **kwargs), 200)

            self._register("GET", path, reading, view, {200: answer})
            return view

        return register

    def read_file(self, path: str, media_type: str) -> _Decorator:
        """A GET route that answers a file."""

        def register[**P](view: View[P]) -> View[P]:
            shape = {"schema": {"type": "string", "format": "binary"}}
            described = {"responses": {200: {"description": "OK", "content": {media_type: shape}}}}
            self._register("GET", path, view, view, {200: None}, openapi_extra=described)
            return view

        return register

    def act(
        self,
        method: str,
        path: str,
        answer: type[Answer],
        *,
        status: int = 200,
        shown_once: str | None = None,
        query: Collection[str] = (),
    ) -> _Decorator:
        """A route that changes something, or asks with a body; `query` names what its query may hold.

        What is stored for repeats has null in the field `shown_once`.
        """

        def register[**P](view: View[P]) -> View[P]:
            def kept(response: HttpResponse) -> bytes:
                if shown_once is None:
                    return response.content
                shown = answer.model_validate_json(response.content)
                return shown.model_copy(update={shown_once: None}).model_dump_json().encode()

            @wraps(view)
            def acting(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
                _refuse_unknown(request, frozenset(query))
                return answer_once(
                    request,
                    user=user_of(request),
                    act=lambda: _written_out(view(request, *args, **kwargs), status),
                    kept=kept,
                )

            self._register(method, path, acting, view, {status: answer})
            return view

        return register

    def _register(
        self,
        method: str,
        path: str,
        wrapper: Any,
        view: Callable[..., Any],
        response: Any,
        openapi_extra: dict[str, Any] | None = None,
    ) -> None:
        wrapper.__signature__ = _with_strict_body(inspect.signature(view))
        summary, _, description = (inspect.getdoc(view) or "").partition("\n")
        self.add_api_operation(
            path,
            [method],
            wrapper,
            response=response,
            operation_id=view.__name__,
            summary=summary.rstrip("."),
            description=description.strip() or summary,
            openapi_extra=openapi_extra,
        )


def _with_strict_body(signature: inspect.Signature) -> inspect.Signature:
    parameters = [
        parameter.replace(default=_JsonBody(...))
        if isinstance(parameter.annotation, type) and issubclass(parameter.annotation, Input)
        else parameter
        for parameter in signature.parameters.values()
    ]
    # A default before a parameter without one is no valid signature; all are passed by name, so they may be keyword-only.
    first, *rest = parameters
    keywords = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in rest]
    return signature.replace(parameters=[first, *keywords])


def _query_names(view: Callable[..., Any], path: str) -> frozenset[str]:
    names = list(inspect.signature(view).parameters)[1:]
    return frozenset(name for name in names if f"{name}}}" not in path)


def _refuse_unknown(request: HttpRequest, known: frozenset[str]) -> None:
    # `request.GET` is parsed anew from an empty string, too; most calls have none.
    if request.META.get("QUERY_STRING") and (unknown := request.GET.keys() - known):
        raise InputInvalid(
            ("query", {"loc": (name,), "type": "extra_forbidden", "msg": ""}) for name in sorted(unknown)
        )


def _written_out(answer: Answer | HttpResponse, status: int) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    return HttpResponse(answer.model_dump_json(), status=status, content_type=JSON)
