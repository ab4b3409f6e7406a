"""Kết thúc theo dõi: what is still open (checking), ending and following again (ending), the archive file (archiving)."""
