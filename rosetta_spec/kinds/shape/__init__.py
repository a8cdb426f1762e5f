"""The kinds that speak of mistakes of shape, one for each mistake that the judge names."""
