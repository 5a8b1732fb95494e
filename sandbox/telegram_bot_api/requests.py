"""A Bot API request as it comes over HTTP, validated by aiogram's generated model of the method."""

from __future__ import annotations

import contextlib
import inspect
import json
from dataclasses import dataclass
from typing import Any, get_args

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from sandbox.telegram_bot_api.errors import ApiError, bad_request

METHODS: dict[str, type[TelegramMethod[Any]]] = {
    method.__api_method__.lower(): method
    for method in vars(aiogram.methods).values()
    if inspect.isclass(method) and issubclass(method, TelegramMethod) and method is not TelegramMethod
}
_RESULTS: dict[str, TypeAdapter[Any]] = {}
_TEXT_FIELDS: dict[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Upload:
    """A file that came inside a request."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Request:
    """A valid request: the method's name as Telegram writes it, its parameters as JSON values, its uploaded files."""

    method: str
    parameters: dict[str, Any]
    uploads: dict[str, Upload]


async def read(http: web.Request, method_name: str) -> Request:
    """Read and validate; 404 for an unknown method, 400 naming the wrong fields."""
    method = METHODS.get(method_name.lower())
    if method is None:
        raise ApiError(404, "Not Found")
    raw: dict[str, Any] = dict(http.query)
    uploads: dict[str, Upload] = {}
    if http.content_type == "application/json":
        raw |= await http.json()
    elif http.can_read_body:
        for key, value in (await http.post()).items():
            if isinstance(value, web.FileField):
                uploads[key] = Upload(value.filename or key, value.content_type, value.file.read())
            else:
                raw[key] = value
    parameters = {key: _decoded(method, key, value) for key, value in raw.items()}
    parameters |= {key: f"attach://{key}" for key in uploads if key in method.model_fields}
    try:
        method.model_validate(parameters)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise bad_request("; ".join(faults)[:300]) from error
    return Request(method.__api_method__, parameters, uploads)


def check_result(method_name: str, result: object) -> None:
    """Our own answer must be one that Telegram could give: validate it by the method's return type."""
    adapter = _RESULTS.get(method_name)
    if adapter is None:
        adapter = _RESULTS[method_name] = TypeAdapter(METHODS[method_name.lower()].__returning__)
    adapter.validate_python(result)


def _decoded(method: type[TelegramMethod[Any]], key: str, value: object) -> object:
    """Forms carry everything as text; what the model does not declare as text is JSON."""
    if isinstance(value, str) and key not in _text_fields(method):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _text_fields(method: type[TelegramMethod[Any]]) -> frozenset[str]:
    known = _TEXT_FIELDS.get(method.__api_method__)
    if known is None:
        known = _TEXT_FIELDS[method.__api_method__] = frozenset(
            name
            for name, field in method.model_fields.items()
            if field.annotation is str or set(get_args(field.annotation)) == {str, type(None)}
        )
    return known
