"""Addresses of the summary report's files, and of the office's own templates."""

from django.urls import path

from tasks.views import paper_templates, summary_files

urlpatterns = [
    path("bao-cao-tong-hop/<int:pk>/word/", summary_files.summary_word, name="summary_word"),
    path("bao-cao-tong-hop/<int:pk>/pdf/", summary_files.summary_pdf, name="summary_pdf"),
    path("mau-van-ban/", paper_templates.template_list, name="template_list"),
    path("mau-van-ban/<slug:kind>/", paper_templates.template, name="template"),
]
