"""Rulesets that prove themselves: examples, laws, and what a search of small requests shows.

It needs the package `hypothesis`.
"""
