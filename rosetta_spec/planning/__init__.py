"""From repairs that a kind proposes to fixes that are proven."""
