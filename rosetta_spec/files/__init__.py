"""Open, unpack and replace files, and find those to check."""
