"""The overview: headline figures under a filter (headline), trend, rates, what became late, for whom work waits, charts as SVG."""
