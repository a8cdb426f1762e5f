"""Baselines: the findings of an old repository that are left alone, so that it can start today."""
