"""Watching: which request a line of the log belongs to, figures for Prometheus, errors for Sentry."""
