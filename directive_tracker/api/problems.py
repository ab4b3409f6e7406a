"""Every answer that is no success, as problem+json (RFC 9457): one word for programs, one sentence for people."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tasks.errors import Refused, TransitionNotAllowed

CONTENT_TYPE = "application/problem+json"
_KIND = "urn:directive-tracker:problem:"
# What there is not, and what one may not know of: the same words.
NOT_FOUND = "Không có nội dung này, hoặc mã truy cập không được biết đến nội dung này."
# Status → kind and sentence of answers that nothing more is known of.
_PLAIN = {
    400: ("bad-request", "Yêu cầu không đọc được."),
    401: ("token-missing", "Cần mã truy cập trong tiêu đề Authorization: Bearer dt_…"),
    403: ("forbidden", "Mã truy cập không được làm việc này."),
    404: ("not-found", NOT_FOUND),
    405: ("method-not-allowed", "Địa chỉ này không nhận phương thức ấy; xem tiêu đề Allow."),
    413: ("too-large", "Nội dung gửi lên quá lớn."),
    415: ("media-type", "Nội dung gửi lên phải là JSON (Content-Type: application/json)."),
    429: ("too-many", "Quá nhiều yêu cầu. Xin chờ rồi thử lại."),
    500: ("error", "Hệ thống gặp lỗi, chưa làm gì. Xin thử lại với cùng Idempotency-Key; nếu vẫn lỗi, báo quản trị."),
    503: ("busy", "Hệ thống đang bận, chưa chắc đã làm xong. Xin thử lại với cùng Idempotency-Key."),
}
# Kinds of pydantic's errors → sentence; what stands in braces is taken from its context.
_SENTENCES = {
    "missing": "Thiếu trường này.",
    "extra_forbidden": "Không có trường này. Xin xem lại tên trường.",
    "string_too_long": "Dài quá {max_length} ký tự.",
    "string_too_short": "Ngắn hơn {min_length} ký tự.",
    "string_type": "Phải là chuỗi ký tự.",
    "string_unicode": "Có ký tự không phải Unicode.",
    "string_pattern_mismatch": "Không đúng dạng.",
    "int_type": "Phải là số nguyên.",
    "int_parsing": "Phải là số nguyên.",
    "bool_type": "Phải là true hoặc false.",
    "bool_parsing": "Phải là true hoặc false.",
    "list_type": "Phải là danh sách.",
    "dict_type": "Phải là đối tượng JSON.",
    "model_attributes_type": "Phải là đối tượng JSON.",
    "model_type": "Phải là đối tượng JSON.",
    "too_long": "Nhiều hơn {max_length} phần tử.",
    "too_short": "Ít hơn {min_length} phần tử.",
    "greater_than_equal": "Không được nhỏ hơn {ge}.",
    "less_than_equal": "Không được lớn hơn {le}.",
    "enum": "Không có giá trị này.",
    "literal_error": "Không có giá trị này.",
}


class Problem(Exception):
    """An answer that is no success.

    Args:
        kind: one word for programs; the same for ever.
        detail: the Vietnamese sentence: what is wrong, where, what would be right.
        errors: single places: {"pointer" or "parameter", "detail"}.
        retry_after: seconds.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: list[dict[str, Any]] | None = None,
        retry_after: int | None = None,
        challenge: str = "",
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.retry_after, self.challenge = errors, retry_after, challenge


def response_of(problem: Problem) -> HttpResponse:
    """The problem as an answer."""
    body: dict[str, Any] = {
        "type": f"{_KIND}{problem.kind}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False).encode(), status=problem.status, content_type=CONTENT_TYPE
    )
    if problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        response["WWW-Authenticate"] = problem.challenge or 'Bearer realm="api"'
    return response


def plain(status: int) -> Problem:
    """The problem of a status of which nothing more is known."""
    kind, sentence = _PLAIN.get(status) or _PLAIN[500 if status >= 500 else 400]
    return Problem(status, kind, sentence)


def _validation(errors: list[dict[str, Any]]) -> Problem:
    """What pydantic says, in Vietnamese, each with its place."""
    found = []
    for error in errors:
        source, *steps = error["loc"]
        sentence = _SENTENCES.get(error["type"], "Giá trị không đúng.").format(**error.get("ctx", {}))
        if error["type"] in ("value_error", "assertion_error"):
            sentence = str(error.get("ctx", {}).get("error") or sentence)
        if source == "body":
            # The first step is the name of the view's argument.
            found.append({"pointer": "".join(f"/{step}" for step in steps[1:]), "detail": sentence})
        else:
            found.append({"parameter": str(steps[-1]) if steps else source, "detail": sentence})
    places = ", ".join(
        dict.fromkeys(str(row.get("parameter") or row.get("pointer") or "nội dung") for row in found[:5])
    )
    return Problem(422, "invalid", f"Có {len(found)} chỗ cần sửa: {places}.", errors=found[:50])


def install(api: NinjaAPI) -> None:
    """Let every error of the interface become a problem; what nobody expected goes on to Django and its log."""

    def answer(request: HttpRequest, error: Exception) -> HttpResponse:
        return response_of(_problem_of(error))

    for kind in (Problem, Http404, PermissionDenied, ValidationError, RequestDataTooBig, Refused, HttpError):
        api.add_exception_handler(kind, answer)


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return plain(404)
    if isinstance(error, PermissionDenied):
        return Problem(403, "not-your-unit", "Chỉ người của chính đơn vị làm được việc này.")
    if isinstance(error, ValidationError):
        return _validation(error.errors)
    if isinstance(error, RequestDataTooBig):
        return plain(413)
    if isinstance(error, TransitionNotAllowed):
        return Problem(409, "state", str(error))
    if isinstance(error, Refused):
        return Problem(409, "refused", str(error))
    status = error.status_code if isinstance(error, HttpError) else 500
    if status == 400:
        return Problem(400, "bad-json", "Nội dung gửi lên không phải JSON đúng.")
    return plain(status)
