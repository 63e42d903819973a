"""How people and machines reach Nguồn: HTTP API, pages, identity, command line.

Sentences are made here, in Vietnamese and English, from the codes and arguments of the packages
below (`traceability`, `scanner`, `gs1`).
"""
