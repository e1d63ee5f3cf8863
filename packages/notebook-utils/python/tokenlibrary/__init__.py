"""``TokenLibrary`` of Synapse, over the same credentials as ``mssparkutils``."""

from notebookutils import credentials


class TokenLibrary:
    """Tokens, secrets and connection strings under the names of Synapse's TokenLibrary."""

    getSecret = staticmethod(credentials.getSecret)  # noqa: N815 - the real package's names
    getSecretWithLS = staticmethod(credentials.getSecretWithLS)  # noqa: N815
    getConnectionString = staticmethod(credentials.getConnectionStringOrCreds)  # noqa: N815
    getFullConnectionString = staticmethod(credentials.getFullConnectionString)  # noqa: N815
    getAccessToken = staticmethod(credentials.getToken)  # noqa: N815
    getToken = staticmethod(credentials.getToken)  # noqa: N815

    @staticmethod
    def getConnectionStringAsMap(linkedService):  # noqa: N802, N803
        """The connection string taken apart: ``{"AccountName": …}``."""
        text = credentials.getConnectionStringOrCreds(linkedService)
        return dict(part.split("=", 1) for part in text.split(";") if "=" in part)

    @staticmethod
    def help():
        """Print the functions."""
        print("\n".join(name for name in vars(TokenLibrary) if not name.startswith("_")))
