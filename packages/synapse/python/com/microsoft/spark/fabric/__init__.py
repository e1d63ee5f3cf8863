"""``synapsesql`` for Python, by the name that Fabric's import has."""

from crossview_synapse import install

install()
