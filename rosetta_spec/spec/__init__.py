"""The specification as data: the request schema, the rules, and how they are loaded."""
