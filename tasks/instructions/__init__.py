"""Leaders' words ("ý kiến chỉ đạo"): written down, turned into a nudge or a task or followed, with what came of it."""
