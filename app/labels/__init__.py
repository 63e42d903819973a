"""Labels of registered products: what a till, a phone, a warehouse and an inspector will read.

`single` makes one picture within a request, `sheets` makes PDFs of up to 100,000 labels as a job.
"""

from app.labels.choices import LabelChoice, LabelFormat, LabelKind
from app.labels.single import box_label, product_label

__all__ = ["LabelChoice", "LabelFormat", "LabelKind", "box_label", "product_label"]
