"""Configuration: files found above each file, what they set, and what applies to each file."""
