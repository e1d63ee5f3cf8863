"""Storage paths of notebooks in Python: what the session's lake mapping says, for fsspec and pandas."""
