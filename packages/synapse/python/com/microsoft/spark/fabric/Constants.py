"""The option keys of Fabric's connector: ``from com.microsoft.spark.fabric.Constants import Constants``."""

from crossview_synapse.constants import FabricConstants as Constants

__all__ = ["Constants"]
