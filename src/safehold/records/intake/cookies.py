"""Names of the two cookies that hold a draft on the visitor's device.

They say nothing of what they are for: a list of cookies is read by whoever holds the device.
"""

DRAFT_COOKIE = "d"
KEY_COOKIE = "k"
