"""One run over many files and archives: divided into tasks, and put together in order."""
