"""How an operation is declared: its scope, what may stand in its address, and, of a write, that it is done once."""

import hashlib
import inspect
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_args, get_origin

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from directive_tracker.api.auth import Token
from directive_tracker.api.problems import Problem
from units import api_writes
from units.models import Scope

KEY_FORM = re.compile(r"[\x21-\x7e]{1,100}")
REPLAYED = "Idempotent-Replayed"
_KEY_WORDS = "1 đến 100 chữ cái, chữ số, dấu không có khoảng trắng, ví dụ một UUID"
View = Callable[..., Any]


def read(router: Router, path: str, *, scope: Scope | None, answers: Any, summary: str) -> Callable[[View], View]:
    """A GET; a parameter it does not know is refused, so that a mistyped filter is not taken for "everything"."""

    def declare(view: View) -> View:
        known = _parameters(view)

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _refuse_unknown(request, known)
            return view(request, *args, **kwargs)

        router.get(path, auth=Token(scope), response=answers, summary=summary, operation_id=view.__name__)(checked)
        return checked

    return declare


def write(
    router: Router,
    path: str,
    *,
    scope: Scope,
    answers: type[Schema],
    summary: str,
    status: int = 200,
    url_name: str | None = None,
    takes_file: bool = False,
) -> Callable[[View], View]:
    """A POST, done once for each Idempotency-Key: the view runs in a transaction and returns what is answered, as JSON.

    The key and the answer are written in the same transaction. What is refused leaves nothing, not even the key, so that the
    same key may come again once the reason is gone. `url_name`: of the address, where a GET has named it. `takes_file`: the body
    is a form whose part "file" is a file, and nothing else.
    """

    def declare(view: View) -> View:
        known = _parameters(view)

        @wraps(view)
        def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _refuse_unknown(request, known)
            body = _file_sent(request) if takes_file else request.body
            return _answered_once(request, body, status, lambda: _plain(answers, view(request, *args, **kwargs)))

        router.post(
            path,
            auth=Token(scope, takes_file=takes_file),
            response={status: answers},
            summary=summary,
            operation_id=view.__name__,
            url_name=url_name,
            openapi_extra={"parameters": [KEY_PARAMETER]},
        )(once)
        return once

    return declare


KEY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": f"Khóa chống lặp do phần mềm tự đặt cho mỗi việc ({_KEY_WORDS}). Gửi lại cùng khóa thì nhận lại "
    "đúng câu trả lời trước, không làm lần nữa; khóa được nhớ 7 ngày.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
}


def _file_sent(request: HttpRequest) -> bytes:
    """What makes one file the same as another: its name and its content; what stands around it differs each time.

    Errors: Problem, for anything besides the one file.
    """
    names = [name for part in (request.POST, request.FILES) for name, values in part.lists() for _ in values]
    if names != ["file"]:
        raise Problem(422, "invalid", "Mỗi lần gửi đúng một tệp, ở phần “file”, và không gửi gì khác.")
    file = request.FILES["file"]
    digest = hashlib.file_digest(file.file, "sha256").digest()
    file.seek(0)
    return f"{file.name}\0{file.size}\0".encode() + digest


def _answered_once(request: HttpRequest, body: bytes, status: int, work: Callable[[], dict[str, Any]]) -> HttpResponse:
    """What the work answers, or what it answered before under the same key. Errors: Problem."""
    key = _key_of(request)
    asked = {"method": request.method or "", "path": request.path, "body": body}
    try:
        with api_writes.once(request.auth.token, key, **asked, now=timezone.now()) as act:
            answer = act.before or act.keep(status, work())
    except api_writes.OtherRequest:
        raise Problem(
            422,
            "idempotency-key-reused",
            "Idempotency-Key này đã dùng cho một yêu cầu khác. Mỗi việc dùng một khóa riêng.",
        ) from None
    except api_writes.InProgress:
        raise Problem(
            409,
            "idempotency-key-in-progress",
            "Yêu cầu với Idempotency-Key này đang được xử lý. Xin thử lại sau giây lát với cùng khóa.",
            retry_after=1,
        ) from None
    content = json.dumps(answer.body, ensure_ascii=False).encode()
    response = HttpResponse(content, status=answer.status, content_type="application/json")
    if answer.replayed:
        response[REPLAYED] = "true"
    return response


def _plain(answers: type[Schema], told: dict[str, Any]) -> dict[str, Any]:
    """The answer as JSON has it, checked against its description, so that it can be kept."""
    return answers.model_validate(told).model_dump(mode="json")


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Problem(400, "idempotency-key-missing", f"Thiếu tiêu đề Idempotency-Key ({_KEY_WORDS}).")
    if not KEY_FORM.fullmatch(key):
        raise Problem(400, "idempotency-key-form", f"Idempotency-Key không đúng dạng ({_KEY_WORDS}).")
    return key


def _parameters(view: View) -> frozenset[str]:
    """The names that may stand behind the question mark: fields of the schemas that are read from the query."""
    found: set[str] = set()
    for parameter in inspect.signature(view).parameters.values():
        kind = parameter.annotation
        if get_origin(kind) is Annotated:
            inner = get_args(kind)[0]
            if inspect.isclass(inner) and issubclass(inner, Schema):
                found |= set(inner.model_fields)
    return frozenset(found)


def _refuse_unknown(request: HttpRequest, known: frozenset[str]) -> None:
    """Errors: Problem, for a parameter that is not known or comes twice."""
    unknown = [name for name in request.GET if name not in known]
    twice = [name for name, values in request.GET.lists() if len(values) > 1 and name in known]
    if not unknown and not twice:
        return
    allowed = f"Nhận: {', '.join(sorted(known))}." if known else "Địa chỉ này không nhận tham số."
    errors = [{"parameter": name[:60], "detail": f"Không có tham số này. {allowed}"} for name in unknown]
    errors += [{"parameter": name, "detail": "Tham số này chỉ ghi một lần."} for name in twice]
    raise Problem(422, "invalid", f"Có {len(errors)} tham số không dùng được. {allowed}", errors=errors[:20])
