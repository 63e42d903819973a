"""A camera that is arithmetic: symbols go in, photographs of a cheap phone come out.

`symbol` draws bars and modules, `pack` prints them on a package, `surface` bends and turns it,
`clutter` is what else lies on the table, `photograph` is light, lens, sensor and file. `kinds`
names what can go wrong, each with an axis of strength; `traps` are packages made to mislead;
`studio` takes any picture again by its name. Everything follows from its seed.
"""
