"""The command line: parse the arguments, call the layers below, print, set the exit status."""
