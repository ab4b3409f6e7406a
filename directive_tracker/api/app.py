"""The interface as one: its operations, its description, its addresses."""

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

from directive_tracker.api import files, problems, reading, work, writing
from directive_tracker.api.description import ABOUT, finish


class JsonRenderer(BaseRenderer):
    """Vietnamese as it is written."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        """The bytes."""
        return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False).encode()


class TrackerAPI(NinjaAPI):
    """Finishes the description with what all operations have in common."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict | None = None) -> Any:
        """The description (OpenAPI 3.1); made once."""
        return _description(self, path_prefix or self.get_root_path(path_params or {}))

    def get_content_type(self) -> str:
        """JSON is UTF-8 always."""
        return self.renderer.media_type


@lru_cache(maxsize=4)
def _description(api: TrackerAPI, prefix: str) -> Any:
    return finish(NinjaAPI.get_openapi_schema(api, path_prefix=prefix))


api = TrackerAPI(
    title="Theo dõi văn bản chỉ đạo – API",
    version="1.0",
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    renderer=JsonRenderer(),
)
problems.install(api)
api.add_router("", work.router)
api.add_router("", reading.router)
api.add_router("", writing.router)
api.add_router("", files.router)
api.add_router("", reading.figures)
