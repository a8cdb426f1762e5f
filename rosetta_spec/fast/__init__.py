"""Accept the files in which nothing is found, importing next to nothing."""
