"""Addresses of the occasions: opening, givers, ending, what is kept afterwards."""

from django.urls import URLPattern, path

from veterans.views import after, campaigns

urlpatterns: list[URLPattern] = [
    path("dot/", campaigns.campaign_page, name="campaign"),
    path("dot/mo/", campaigns.campaign_open, name="campaign_open"),
    path("dot/<int:pk>/", campaigns.campaign_page, name="campaign_of"),
    path("dot/<int:pk>/sua/", campaigns.campaign_change, name="campaign_change"),
    path("dot/<int:pk>/nguon/", campaigns.source_add, name="source_add"),
    path("dot/<int:pk>/ket-thuc/", campaigns.campaign_close, name="campaign_close"),
    path("dot/<int:pk>/mo-lai/", campaigns.campaign_reopen, name="campaign_reopen"),
    path("dot/<int:pk>/sau-dot/", after.campaign_after, name="campaign_after"),
    path("dot/<int:pk>/sau-dot/<slug:kind>/", after.campaign_keeping, name="campaign_keeping"),
]
