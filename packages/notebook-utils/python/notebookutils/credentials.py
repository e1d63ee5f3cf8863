"""credentials: tokens of Entra, secrets and linked services, as the profile says."""

import sys
import time

from crossview_session import session

from . import _help

__all__ = [
    "getConnectionStringOrCreds", "getFullConnectionString", "getSecret", "getSecretWithLS", "getToken", "help", "isValidToken",
]
# ruff: noqa: N802, N803


def getToken(audience, name=""):
    """A token of Entra for an audience: Storage, DW, Vault, Synapse, AzureManagement, pbi, kusto … or an address.

    ``name`` is accepted as in Synapse and not used.
    """
    return session().call("credentials.token", {"audience": audience})["token"]


def isValidToken(token):
    """Whether a token has not expired yet."""
    import base64
    import json

    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return float(claims["exp"]) > time.time()
    except (IndexError, KeyError, ValueError, AttributeError):
        return False


def getSecret(akvName, secret, linkedService=""):
    """The value of a secret.

    ``akvName`` is a Key Vault's name or address, or ``local`` for the secrets of the local services.
    ``linkedService`` is accepted as in Synapse and not used: the profile says how to sign in.
    Raises CrossviewError with code SECRET_UNKNOWN when there is no such vault or secret.
    """
    return session().call("secrets.get", {"vault": akvName, "name": secret})["value"]


def getSecretWithLS(linkedService, secret):
    """The value of a secret of the vault that a linked service names: here the vault has the linked service's name."""
    return getSecret(linkedService, secret)


def getConnectionStringOrCreds(linkedService):
    """The connection string or credential of a linked service, as the profile has it under ``linkedServices``."""
    return session().call("credentials.connection", {"name": linkedService})["value"]


def getFullConnectionString(linkedService):
    """The same as ``getConnectionStringOrCreds``."""
    return getConnectionStringOrCreds(linkedService)


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    _help.show(sys.modules[__name__], method, "credentials")


__getattr__ = _help.missing(
    "credentials",
    {"putSecret", "putSecretWithLS", "getPropertiesAll", "setProperties"},
    "secrets are read only here; write them where the profile's secrets point to.",
)
