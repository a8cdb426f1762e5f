"""Comments that silence findings: what they ask for, what they do, and what is wrong with them."""
