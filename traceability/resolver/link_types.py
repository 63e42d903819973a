"""The link types that can be chosen, of GS1's Web Vocabulary (https://ref.gs1.org/voc/).

The words are those of its release 1.17.0 (18 November 2025, https://ref.gs1.org/voc/data/linktypes,
Apache-2.0). `productSustainabilityInfo` is deprecated there and still in use.
"""

NAMESPACE = "https://ref.gs1.org/voc/"

DEFAULT = "defaultLink"
"""Where a request goes that names none."""
DEFAULT_MULTI = "defaultLinkMulti"
"""Variants of the default, told apart by language, media type or context."""
RECALL_STATUS = "recallStatus"
PRODUCT_PAGE = "pip"

LINK_TYPES = frozenset(
    {
        "activityIdeas", "allergenInfo", "appDownload", "backgroundInfo", "brandHomepageClinical",
        "brandHomepagePatient", "careersInfo", "certificationInfo", "consumerHandlingStorageInfo",
        "dpp", "eifu", "epcis", "epil", "eventsInfo", "faqs", "handledBy", "hasRetailers",
        "homepage", "ingredientsInfo", "instructions", "jws", "leaveReview", "locationInfo",
        "logisticsInfo", "loyaltyProgram", "masterData", "menuInfo", "nutritionalInfo",
        "openingHoursInfo", "paymentLink", "pip", "productSustainabilityInfo", "promotion",
        "purchaseSuppliesOrAccessories", "quickStartGuide", "recallStatus", "recipeInfo",
        "registerProduct", "registryEntry", "relatedImage", "relatedVideo", "reportFound",
        "review", "safetyInfo", "scheduleTime", "serviceInfo", "smartLabel", "smpc",
        "socialMedia", "statisticInfo", "subscribe", "support", "sustainabilityInfo",
        "traceability", "tutorial", "userAgreement", "verificationService", "whatsInTheBox",
    }
)  # fmt: skip
"""Words without prefix; `defaultLink` and `linkset` are asked for and never stored."""


def bare(name: str) -> str:
    """A link type without its prefix, however it is written.

    >>> bare("gs1:pip"), bare("https://ref.gs1.org/voc/pip"), bare("https://gs1.org/voc/pip")
    ('pip', 'pip', 'pip')
    """
    for prefix in (NAMESPACE, "https://gs1.org/voc/", "https://www.gs1.org/voc/", "gs1:"):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name
