"""Validate documents and evaluate rules, suppressions and baselines."""
