"""What can go wrong with a key or an envelope, named so that a caller can say it plainly."""


class CryptoError(Exception):
    """Anything that this room refuses."""


class EnvelopeRefused(CryptoError):
    """An envelope that cannot be opened as what the caller said it is."""


class WrongKey(EnvelopeRefused):
    """None of the keys at hand is among those that the envelope was sealed to."""


class Tampered(EnvelopeRefused):
    """The envelope was changed, or is not the kind or the report that the caller named."""


class HeaderCut(EnvelopeRefused):
    """The start of an envelope that does not reach to the end of its header."""


class NoRecipient(CryptoError):
    """There is nobody to seal to."""


class WrongPurpose(CryptoError):
    """A key of one purpose was offered for another, such as a triage key for an account."""


class PayloadTooLarge(CryptoError):
    """The payload is larger than an envelope may be."""


class KeyFileRefused(CryptoError):
    """A key file or its folder is absent, damaged, or open to others than its owner."""


class KeysExist(CryptoError):
    """The folder already holds keys; making the first set again would orphan what they sealed."""


class ContentUnreadable(CryptoError):
    """Locked content that was changed, or that belongs to another key or owner."""


class NotACode(CryptoError):
    """A text that cannot be a code; it is never repeated, because it may nearly be one."""

    def __init__(self) -> None:
        super().__init__("This is not a code.")


class DraftUnreadable(CryptoError):
    """A draft whose halves do not fit together, or that was changed."""


class BadSignature(CryptoError):
    """A signature that does not belong to the statement, or whose key nobody listed."""


class NoSuchKey(CryptoError):
    """No listed key has this id, or its private half is not in this folder."""


class KeyNeeded(CryptoError):
    """A key cannot be retired or destroyed: it is in use, or something needs it."""


class PassphraseRefused(CryptoError):
    """A passphrase that is too short, or that does not open what it is meant to."""
