"""``synapsesql`` for Python, by the name that the Synapse connector's import has."""

from crossview_synapse import install

install()
