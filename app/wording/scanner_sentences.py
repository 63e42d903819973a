"""Sentences of the errors of pictures and labels."""

from collections.abc import Mapping

from app.i18n import N_

SENTENCES: Mapping[str, str] = {
    "scanner.nothing-read": N_("No symbol could be read in the picture."),
    "scanner.not-an-image": N_("The file is not a picture."),
    "scanner.format": N_("Pictures of this kind are not read; send JPEG, PNG, WebP or HEIC."),
    "scanner.too-large": N_("The file is too large; a picture has at most 20 MB."),
    "scanner.too-many-pixels": N_(
        "The picture has too many pixels; at most 50 megapixels are read."
    ),
    "scanner.too-small": N_("The picture is too small to hold a symbol."),
    "scanner.truncated": N_("The picture is damaged or incomplete."),
    "scanner.busy": N_("Many pictures are being read right now. Please try again in a moment."),
    "scanner.timeout": N_(
        "Reading this picture took too long. Photograph the code closer and straight."
    ),
    "scanner.crashed": N_("The reader failed on this picture; others are not affected."),
    "scanner.memory": N_("Reading this picture would need too much memory."),
    "scanner.stopped": N_("The reader is not running."),
    "scanner.key": N_("The number cannot be printed as this symbol."),
    "scanner.size-below-standard": N_("The symbol would be smaller than GS1 allows."),
    "scanner.size-above-standard": N_("The symbol would be larger than GS1 allows."),
    "scanner.resolution": N_("The resolution is too low to print this symbol."),
    "scanner.content": N_("The text does not fit into the symbol."),
    "scanner.unreadable-label": N_(
        "The label could not be read back after it was drawn, so it is not given out."
    ),
}
