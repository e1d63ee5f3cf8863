"""``python -m crossview_run NOTEBOOK --output FILE``: the program behind ``crossview run``."""

import argparse
import json
import os
import sys


def main() -> int:
    parser = argparse.ArgumentParser(prog="crossview run")
    parser.add_argument("notebook")
    parser.add_argument("--output", required=True)
    parser.add_argument("--directory", help="where the kernel starts; the notebook's own unless given")
    parser.add_argument("--report", help="a JSON file for what each cell did")
    parser.add_argument("--shown", help="the name of the output to tell the user, when another program makes it")
    parser.add_argument("--kernel")
    parser.add_argument("--start", help="the kernel's command as JSON, to be started at once; needs --report and --kernel")
    parser.add_argument("--timeout", type=float)
    parser.add_argument("--allow-errors", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    arguments = parser.parse_args()
    early = None
    try:
        if arguments.start:
            from .early import EarlyKernel

            file = os.path.join(os.path.dirname(arguments.report), "connection.json")
            early = EarlyKernel(json.loads(arguments.start), file, arguments.directory)
        from .runner import run

        return run(arguments, early)
    except KeyboardInterrupt:
        return 130
    finally:
        if early is not None:
            early.end()


if __name__ == "__main__":
    sys.exit(main())
