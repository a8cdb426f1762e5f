"""Check and fix many files, with several processes."""
