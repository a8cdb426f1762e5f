"""The command line: parse the arguments, call the layers below, print, set the exit status."""

# The exit statuses of the program; docs/command-line.md lists them for users.

#: Findings at or above `--fail-on`, or a diff that is not empty.
FINDINGS = 1

#: A wrong call, configuration or ruleset, or a file that cannot be read or written.
USAGE_ERROR = 2

#: A bug in rosetta-spec.
DEFECT = 3

#: What `submit` cannot know: whether a request has arrived.
UNKNOWN_OUTCOME = 4

#: Ctrl-C: 128 and the number of SIGINT.
INTERRUPTED = 130
