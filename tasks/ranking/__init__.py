"""A fair ranking: figures at the end of days (days), frozen ranks and their reasons (freezing), who sees them when (showing)."""
