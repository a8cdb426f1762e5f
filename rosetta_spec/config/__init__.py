"""What a team has settled: configuration files, and what holds for each file by them."""
