"""Contestants that decode pictures, sets of pictures, and the count of what was right."""
