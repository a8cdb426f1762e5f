"""The schema of a request, and the words for its places and values."""
