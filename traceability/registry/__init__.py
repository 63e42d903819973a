"""The registry: who makes what, under which code, in which lots and serials.

A tour: `parties` and `registrations` keep the organisations and what the authority decided about
them, `areas` the dated list of provinces and communes. `products` holds the trade items with
their owner and `authorisations` the others who may use a code; `lots` and `serials` the goods
themselves; `completeness` says which of the elements asked for by law a record has. `importing`
and `exporting` move whole tables in and out, `search` finds names without their diacritics.

Services check and flush, and never commit. All SQL is in `repository` (and, for words, in
`search`); every read of it starts from what the actor may read.
"""
