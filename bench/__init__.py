"""Measurements: `./run bench NAME`. Each prints a table, and with --json one object."""
