"""Types of fields that several endpoints read."""

from traceability.registry.fields import Paragraph
from traceability.registry.fields import Time as Time

Text = Paragraph
"""Free of characters that a page or a database chokes on."""
