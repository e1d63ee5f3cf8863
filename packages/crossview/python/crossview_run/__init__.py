"""Runs a notebook from the command line and shows what each cell gives, while it gives it."""
