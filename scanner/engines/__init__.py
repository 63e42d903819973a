"""The decoders, each behind `read(grey) -> list[Found]`; no other module imports them."""

from scanner.engines.found import Found

__all__ = ["Found"]
