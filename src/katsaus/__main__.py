"""The way in; a converter process that a build starts passes here too, and must not import the rest."""


def main() -> None:
    """Run the command line."""
    from katsaus.cli import main as command_line  # noqa: PLC0415

    command_line()


if __name__ == "__main__":
    main()
