"""The floor: the least Django that does a session, a user, one indexed query and a plain template."""
