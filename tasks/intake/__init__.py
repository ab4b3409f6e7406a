"""From a document's text to a proposed breakdown: pure functions, no database, no network, no model weights."""
