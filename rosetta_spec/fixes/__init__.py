"""Fixes: from what shall change in a document to edits of its text, and nothing else changes."""
