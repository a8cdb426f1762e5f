"""`python -m rosetta_spec` is the command `rosetta-spec`."""

from rosetta_spec.cli import main

if __name__ == "__main__":
    main()
