"""Verification of rulesets: examples, laws, and a search through small requests.

It needs the package `hypothesis`.
"""
