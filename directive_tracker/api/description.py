"""The description of the interface (OpenAPI): what all operations have in common is said here once."""

import json
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from directive_tracker.api.problems import CONTENT_TYPE

ABOUT = """Giao diện để phần mềm khác của đơn vị xem việc, tiếp nhận, gửi báo cáo.

Mã truy cập tạo ở trang “Mã truy cập API”, gửi trong tiêu đề `Authorization: Bearer dt_…`; không nhận cookie, không nhận mã trong địa chỉ.
Mọi việc đứng tên người giữ mã và theo đúng quyền của người ấy. Ngày dạng `2024-04-15`, thời điểm có múi giờ `+07:00`.
Danh sách đọc từng đoạn: lấy `next` của lần trước cho đến khi là `null`. Lỗi theo RFC 9457 (`application/problem+json`), `detail` là câu tiếng Việt.
Trong `/api/v1/` trường chỉ thêm, không bớt, không đổi tên."""

PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "Vì sao không làm được (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "Một từ cho phần mềm, không đổi."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Câu tiếng Việt cho người đọc."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "Chỗ trong nội dung gửi lên (JSON Pointer)."},
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
WORDS = {
    400: "Yêu cầu không đọc được",
    401: "Thiếu mã truy cập, hoặc mã không còn dùng được (vì sao: ở type và detail)",
    403: "Mã không có quyền này, hoặc người giữ mã không được làm",
    404: "Không có, hoặc không được biết đến",
    409: "Bị từ chối vì tình trạng hiện nay, lý do ở detail",
    413: "Nội dung quá lớn",
    415: "Kiểu nội dung (Content-Type) không đúng",
    422: "Có chỗ không đúng; từng chỗ ở errors",
    429: "Quá nhiều mã không đúng từ máy này",
    500: "Lỗi của hệ thống",
    503: "Hệ thống đang bận; thử lại",
}
OF_ALL = (401, 403, 422, 429, 500, 503)
OF_WRITES = (400, 409, 413, 415)
EXAMPLE = {
    "type": "urn:directive-tracker:problem:scope-missing",
    "title": "Forbidden",
    "status": 403,
    "detail": "Mã truy cập không có quyền “Gửi báo cáo của đơn vị”. Xin tạo mã có quyền này trên trang.",
}


def write() -> None:
    """Write the promise anew, after something was added (tests/api/test_description.py)."""
    # Only here: the interface itself imports this module.
    api = import_string("directive_tracker.api.app.api")
    folder = settings.BASE_DIR / "docs" / "api"
    folder.mkdir(exist_ok=True)
    text = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "openapi.json").write_text(f"{text}\n", encoding="utf-8")


def finish(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what refusals look like to every operation, and how the key is sent."""
    components = schema["components"]
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {
        "Token": {"type": "http", "scheme": "bearer", "description": "Mã truy cập API, bắt đầu bằng dt_."}
    }
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            statuses = [*OF_ALL, *((404,) if "{" in path else ()), *(OF_WRITES if method == "post" else ())]
            if method == "post":
                statuses.append(404)
            for status in sorted(set(statuses)):
                operation["responses"][status] = _refusal(status)
            operation["security"] = [{"Token": []}]
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
                if parameter["in"] == "path":
                    parameter["schema"]["minimum"] = 1
    return schema


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is not given is left out; there is no word for "none" in an address."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**{name: value for name, value in schema.items() if name not in ("anyOf", "default")}, **kinds[0]}


def _refusal(status: int) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status == 403:
        content["example"] = EXAMPLE
    return {"description": WORDS[status], "content": {CONTENT_TYPE: content}}
