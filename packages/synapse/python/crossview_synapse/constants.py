"""Option keys of ``synapsesql``."""


class Constants:
    """Names that the Synapse connector documents. Case does not matter in an option's key."""

    SERVER = "SERVER"
    USER = "USER"
    PASSWORD = "PASSWORD"
    DATABASE = "DATABASE"
    QUERY = "QUERY"
    DATA_SOURCE = "DATA_SOURCE"
    DATASOURCE = "DATA_SOURCE"
    FILE_FORMAT = "FILE_FORMAT"
    TEMP_FOLDER = "TEMP_FOLDER"
    TEMP_FOLDERS = "TEMP_FOLDER"
    STAGING_STORAGE_ACCOUNT_KEY = "STAGING_STORAGE_ACCOUNT_KEY"
    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"


class FabricConstants:
    """Names of Fabric's connector. Ids of workspaces and artifacts have no effect: the profile says where a name leads."""

    WorkspaceId = "WorkspaceId"
    DatawarehouseId = "DatawarehouseId"
    LakehouseId = "LakehouseId"
    DatabaseName = "DatabaseName"
    FileFormat = "FILE_FORMAT"
