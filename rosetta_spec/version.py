"""The version of this package, which pyproject.toml reads here, and how to install it."""

__version__ = "0.1.0"


def install_command(extra: str) -> str:
    """Return the command that installs this version with an extra.

    It has the address of the repository, because the package is not on the Python Package Index:
    others could publish a package under its bare name there.
    """
    address = f"git+https://github.com/rosetta-spec/rosetta-spec@v{__version__}"
    return f"pip install 'rosetta-spec[{extra}] @ {address}'"
