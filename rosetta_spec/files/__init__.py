"""Find, open, decompress and replace files."""
