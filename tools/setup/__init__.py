"""Everything `./run` does before the application starts; standard library only.

The modules, from the ground up: `console` shows what happens, `system` asks the operating system
for packages, `environment` makes `.venv`, `checks` runs what a developer trusts.
"""
