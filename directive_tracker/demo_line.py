"""The line that stands on everything the demo shows or hands out."""

DEMO_LINE = "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"
