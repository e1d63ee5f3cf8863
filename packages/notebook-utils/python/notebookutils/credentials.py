"""Secrets by vault and name, as the profile in force says."""

from crossview_session import session

__all__ = ["getSecret", "help"]


def getSecret(akvName: str, secret: str, linkedService: str = "") -> str:  # noqa: N802, N803 - the real package's names
    """The value of a secret.

    ``akvName`` is a Key Vault's name or address, or ``local`` for the secrets of the local services.
    ``linkedService`` is accepted as in Synapse and not used: the profile says how to sign in.
    Raises CrossviewError with code SECRET_UNKNOWN when there is no such vault or secret.
    """
    return session().call("secrets.get", {"vault": akvName, "name": secret})["value"]


def __getattr__(name: str):
    if name in {"getToken", "isValidToken", "getConnectionStringOrCreds", "putSecret", "getSecretWithLS", "getFullConnectionString"}:
        raise NotImplementedError(f"mssparkutils.credentials.{name} is not supported by Crossview. Available: getSecret.")
    raise AttributeError(f"module 'notebookutils.credentials' has no attribute {name!r}")


def help(method: str = "") -> None:  # noqa: A001 - the name is the real package's
    """Print the functions of this module."""
    print("getSecret(akvName: str, secret: str, linkedService: str = '') -> str")
    print((getSecret.__doc__ or "").strip())
