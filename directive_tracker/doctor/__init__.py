"""What is wrong with a setup, in words, and what to do about it (`manage.py doctor`)."""
