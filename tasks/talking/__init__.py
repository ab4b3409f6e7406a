"""Words beside the work ("Trao đổi"): within the office, or open to everybody who sees the work, with people mentioned."""
