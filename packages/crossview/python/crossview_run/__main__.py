"""``python -m crossview_run NOTEBOOK --output FILE``: the program behind ``crossview run``."""

import argparse
import sys

from .runner import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="crossview run")
    parser.add_argument("notebook")
    parser.add_argument("--output", required=True)
    parser.add_argument("--directory", help="where the kernel starts; the notebook's own unless given")
    parser.add_argument("--report", help="a JSON file for what each cell did")
    parser.add_argument("--shown", help="the name of the output to tell the user, when another program makes it")
    parser.add_argument("--kernel")
    parser.add_argument("--timeout", type=float)
    parser.add_argument("--allow-errors", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
