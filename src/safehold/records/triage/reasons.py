"""A reason is for whoever checks it later, so it has to say something."""

FEWEST_LETTERS = 10
FEWEST_WORDS = 2
FEWEST_DIFFERENT = 5


class ReasonTooThin(ValueError):
    """The reason says too little; the message asks for more."""


def meaningful(reason: str) -> str:
    """Return the reason without needless spaces.

    Raises ReasonTooThin below ten letters, two words, or five different letters.
    """
    tidy = " ".join(reason.split())
    letters = [letter.casefold() for letter in tidy if letter.isalpha()]
    words = [word for word in tidy.split(" ") if any(letter.isalpha() for letter in word)]
    if (
        len(letters) < FEWEST_LETTERS
        or len(words) < FEWEST_WORDS
        or len(set(letters)) < FEWEST_DIFFERENT
    ):
        raise ReasonTooThin("Say in a few words why. Someone will read this later.")
    return tidy
