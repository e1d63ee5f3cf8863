"""``help()`` of a module: its functions with their signatures and what they say of themselves."""

import inspect


def functions(module):
    """The public functions of a module by name, in the order of ``__all__``."""
    found = {name: getattr(module, name, None) for name in getattr(module, "__all__", [])}
    return {name: each for name, each in found.items() if callable(each) and name != "help"}


def show(module, method="", title=""):
    """Prints the functions of a module, or all about one of them.

    Raises:
        ValueError: naming the functions there are when there is none of this name.
    """
    known = functions(module)
    if method and method not in known:
        raise ValueError(f"{title} has no function {method}. It has: {', '.join(known)}.")
    if method:
        print(f"{method}{inspect.signature(known[method])}\n{inspect.getdoc(known[method]) or ''}")
        return
    print((inspect.getdoc(module) or title) + "\n")
    for name, each in known.items():
        print(f"{name}{inspect.signature(each)} -> {first_line(each)}")
    print(f'\nUse mssparkutils.{title}.help("methodName") for more about a method.')


def first_line(each):
    return (inspect.getdoc(each) or "").split("\n")[0]


def missing(title, names, instead):
    """A module's ``__getattr__`` that names what cannot be here, and says what to do in its place."""

    def getattribute(name):
        if name in names:
            raise NotImplementedError(f"mssparkutils.{title}.{name} is not supported by Crossview: {instead}")
        raise AttributeError(f"module 'notebookutils.{title}' has no attribute {name!r}")

    return getattribute
