"""Addresses of the demo only; the views answer 404 elsewhere."""

urlpatterns: list = []
