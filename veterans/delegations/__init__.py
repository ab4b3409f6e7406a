"""Delegations that call on people: who goes on which day (writing), whom it calls on in which order (route, stops)."""
