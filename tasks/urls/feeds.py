"""Addresses of calendars for other programs."""

from django.urls import path

from tasks.views import feeds

urlpatterns = [
    path("lich/phan-mem/", feeds.feed_list, name="feed_list"),
    path("lich/phan-mem/tao/", feeds.feed_make, name="feed_make"),
    path("lich/phan-mem/<int:pk>/huy/", feeds.feed_revoke, name="feed_revoke"),
    # The secret opens the calendar: it is masked in the log (directive_tracker/logs.py).
    path("lich/ics/<str:token>.ics", feeds.feed_file, name="feed_file"),
]
