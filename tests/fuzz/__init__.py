"""Fuzzers: `./run fuzz NAME`. Their rules are tested on their seeds with every other test."""
