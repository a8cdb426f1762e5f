"""Check Rosetta sampling requests before anyone sends them."""
