"""The Python kernels behind a Crossview notebook: `pyspark` (attached to the notebook's Spark session) and `python`."""
