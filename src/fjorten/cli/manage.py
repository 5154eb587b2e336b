"""`fjorten manage`: Django's own commands, for those who run the installation."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Pass everything on."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["fjorten manage", *options.arguments])
    return 0
