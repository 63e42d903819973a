"""What is known about goods, and what follows from it.

Vertical slices, each with the same file names (`models`, `repository`, `service`, `schemas`):
`registry` (parties, products, lots, serials), `invoices`, `events`, `verification`, `enforcement`.
No web, no pictures: codes and arguments leave this package, sentences are made in `app`.
"""
