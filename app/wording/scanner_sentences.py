"""Sentences of the errors of pictures and labels."""

from collections.abc import Mapping

from app.i18n import N_

SENTENCES: Mapping[str, str] = {
    "scanner.nothing-read": N_("No symbol could be read in the picture."),
    "scanner.not-an-image": N_("The file is not a picture."),
    "scanner.format": N_("Pictures of this kind are not read; send JPEG, PNG, WebP or HEIC."),
    "scanner.too-large": N_("The file is too large; a picture has at most 20 MB."),
    "scanner.too-many-pixels": N_(
        "The picture has too many pixels: at most {limit} are read in this format."
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
    "scanner.size-below-standard": N_(
        "A module of {x_dimension} mm is smaller than GS1 allows: at least {limit} mm (GS1 General Specifications {clause})."
    ),
    "scanner.size-above-standard": N_(
        "A module of {x_dimension} mm is larger than GS1 allows: at most {limit} mm (GS1 General Specifications {clause})."
    ),
    "scanner.symbol-not-for-use": N_(
        "GS1 names no size for this symbol where it would be scanned (GS1 General Specifications {clause})."
    ),
    "scanner.label-too-small": N_(
        "The label is {width} × {height} mm; with the smallest size that GS1 allows (GS1 General Specifications {clause}), these symbols and their text need more than {needed_width} × {needed_height} mm."
    ),
    "scanner.resolution": N_("The resolution is too low to print this symbol."),
    "scanner.content": N_("The text does not fit into the symbol."),
    "scanner.element-string": N_(
        "GS1 allows no such content in a symbol: {reason}. Check digits, dates and AIs that stand twice are the usual faults."
    ),
    "scanner.empty": N_("There is nothing to put into the symbol."),
    "scanner.unreadable-label": N_(
        "The label could not be read back after it was drawn, so it is not given out."
    ),
}

REASONS: Mapping[str, str] = {
    "second-read-missing": N_(
        "The code was read once only. Compare it with the pack, character by character."
    ),
    "may-be-part": N_(
        "The digits may be a part of a longer code, or of two codes. Compare them with the pack."
    ),
    "profile-unclear": N_(
        "The bars are too blurred to bear these digits out. Compare them with the pack."
    ),
    "profile-disagrees": N_(
        "The bars in the photo say another number than these digits. Compare them with the pack."
    ),
}
"""Why a read is not sure, by the code that the scanner gives."""

PARTIAL = N_("The file was cut off or damaged: only the part that arrived was searched.")

INCOMPLETE = N_(
    "The time for this picture was over before all of it was searched: there may be a code in it. Photograph the code closer and straight."
)
