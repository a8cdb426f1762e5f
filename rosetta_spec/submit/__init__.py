"""Sign and send checked requests, with a journal of what was sent."""
