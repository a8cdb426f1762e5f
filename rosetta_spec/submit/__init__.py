"""Sending: what was checked is signed, noted in a journal, sent once, and its answer explained."""
