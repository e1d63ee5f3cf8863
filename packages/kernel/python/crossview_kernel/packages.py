"""Packages beside the environment: what ``%pip install`` brings is there for this session, and changes nothing for others.

As a program: ``python -m crossview_kernel.packages TARGET pip-install-arguments``.
"""

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

# Options of `pip install` that say where packages come from; they count for both steps. Those in the second row take no value.
_SOURCES = {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host", "--proxy", "--cert", "--client-cert"}
_SWITCHES = {"--no-index", "--pre", "--no-cache-dir", "--no-build-isolation", "--prefer-binary"}


def install(target, arguments, say=print):
    """Installs into ``target`` what the environment does not have yet; gives pip's exit code.

    The environment itself stays as it is: pip first says what it would install, then just that goes into the target.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        code = _pip(["install", "--dry-run", "--quiet", "--report", report, *arguments], target, say)
        if code != 0:
            return code
        with open(report, encoding="utf-8") as file:
            found = json.load(file)["install"]
    wanted = [_requirement(each) for each in found]
    names = [f"{each['metadata']['name']} {each['metadata']['version']}" for each in found]
    if not wanted:
        say("Everything is there already.")
        return 0
    say(f"Installing {', '.join(names)}")
    code = _pip(["install", "--no-deps", "--upgrade", "--quiet", "--target", target, *_sources(arguments), *wanted], target, say)
    if code == 0:
        say(f"Installed for this notebook: {', '.join(names)}")
    return code


def magic(line):
    """``%pip`` of a Python cell."""
    words = shlex.split(line)
    target = os.environ.get("CROSSVIEW_PACKAGES", "")
    if not words or words[0] != "install" or not target:
        if words and words[0] == "uninstall":
            print("%pip uninstall is not supported: the environment is shared. What %pip installed goes with the session.", file=sys.stderr)
            return
        _pip(words, target, print)
        return
    before = set(sys.modules)
    code = install(target, words[1:])
    importlib.invalidate_caches()
    if code != 0:
        raise RuntimeError(f"pip ended with code {code}")
    shadowed = sorted(name for name in _top_levels(target) if name in before)
    if shadowed:
        print(f"{', '.join(shadowed)} was imported before: restart Python for the new version (mssparkutils.session.restartPython()).")


def _pip(arguments, target, say):
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUNBUFFERED": "1"}
    if target:
        known = [target, *environment.get("PYTHONPATH", "").split(os.pathsep)]
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path for path in known if path))
    command = [sys.executable, "-m", "pip", *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for text in process.stdout:
            # Pip warns of a target that is there already, which is what this is about.
            if "Target directory" not in text:
                say(text.rstrip("\n"))
        return process.wait()


def _requirement(item):
    url = item.get("download_info", {}).get("url", "")
    metadata = item["metadata"]
    return url if item.get("is_direct") else f"{metadata['name']}=={metadata['version']}"


def _sources(arguments):
    kept, take, read = [], False, False
    for word in arguments:
        if take:
            kept.append(word)
            take = False
        elif read:
            kept += _sources_in(word)
            read = False
        elif word in _SOURCES:
            kept.append(word)
            take = True
        elif word in ("-r", "--requirement"):
            read = True
        elif word in _SWITCHES or word.split("=", 1)[0] in _SOURCES:
            kept.append(word)
    return kept


def _sources_in(file):
    """The options that stand in a file of requirements, and in those that it names."""
    kept = []
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            line = re.sub(r"(^|\s)#.*$", "", line).strip()
            if not line.startswith("-"):
                continue
            words = shlex.split(line.replace("=", " ", 1) if line.startswith("--") else line)
            if words[0] in ("-r", "--requirement"):
                words[1] = os.path.join(os.path.dirname(file), words[1])
            kept += _sources(words)
    return kept


def _top_levels(target):
    names = os.listdir(target) if os.path.isdir(target) else []
    return {name.removesuffix(".py") for name in names if not name.endswith((".dist-info", ".data")) and name not in ("bin", "__pycache__")}


if __name__ == "__main__":
    sys.exit(install(sys.argv[1], sys.argv[2:], lambda text: print(text, flush=True)))
