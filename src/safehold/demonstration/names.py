"""Invented names, and the ways in which one name gets written down.

Forenames are ordinary ones in families of spellings; surnames are put together from parts, so that
no pair of the two is taken from a list of people.
"""

from random import Random

# The first of each family is how the person writes it; the rest is what others write.
WOMEN = (
    ("Katherine", "Catherine", "Kathryn", "Kate", "Katie"),
    ("Aisha", "Ayesha", "Aysha", "Aishah"),
    ("Siobhan", "Shivaun", "Chevonne", "Siobhán"),
    ("Agnieszka", "Agnes", "Agneszka", "Aga"),
    ("Rebecca", "Rebekah", "Becky", "Becca"),
    ("Elizabeth", "Elisabeth", "Lizzie", "Beth"),
    ("Oluwaseun", "Seun", "Oluseun"),
    ("Natalia", "Natalya", "Nathalia", "Talia"),
    ("Priyanka", "Priyanca", "Priya"),
    ("Mei Ling", "Meiling", "Mei-Ling", "May Ling"),
    ("Jacqueline", "Jaqueline", "Jackie"),
    ("Leila", "Layla", "Leyla", "Laila"),
    ("Philippa", "Phillipa", "Pippa"),
    ("Zuzanna", "Susanna", "Zuzana"),
    ("Gwenllian", "Gwenlian", "Gwen"),
    ("Fatima", "Fatimah", "Fatma"),
    ("Alison", "Allison", "Alyson", "Ali"),
    ("Tamsin", "Tamzin", "Tamsyn"),
)
MEN = (
    ("Muhammad", "Mohammed", "Mohamed", "Mo"),
    ("Stephen", "Steven", "Stefan", "Steve"),
    ("Aleksander", "Alexander", "Aleksandr", "Alex"),
    ("Geoffrey", "Jeffrey", "Geoff"),
    ("Sean", "Shaun", "Shawn", "Seán"),
    ("Yusuf", "Yousef", "Yousuf", "Yussuf"),
    ("Krzysztof", "Kristof", "Chris", "Krystof"),
    ("Mark", "Marc", "Marcus"),
    ("Rhys", "Reece", "Rhyss"),
    ("Harpreet", "Harprit", "Harry"),
    ("Anthony", "Antony", "Tony"),
    ("Nathaniel", "Nathanial", "Nathan"),
    ("Callum", "Calum", "Cal"),
    ("Babatunde", "Babatunda", "Tunde"),
    ("Graham", "Graeme", "Grahame"),
    ("Dmitri", "Dimitri", "Dmitry"),
    ("Vincent", "Vinsent", "Vince"),
    ("Lewis", "Louis", "Lou"),
)
SURNAME_STARTS = (
    "Ald",
    "Brask",
    "Corv",
    "Dunsel",
    "Elv",
    "Fanth",
    "Garrow",
    "Hask",
    "Istel",
    "Jorv",
    "Kelv",
    "Lorr",
    "Mosk",
    "Nald",
    "Orrel",
    "Pask",
    "Quill",
    "Ravv",
    "Sask",
    "Tarv",
    "Ulv",
    "Vann",
    "Wexel",
    "Yarrel",
)
SURNAME_ENDS = (
    "acott",
    "amby",
    "anneck",
    "athorne",
    "ellick",
    "endale",
    "enny",
    "ickson",
    "immer",
    "inghay",
    "issop",
    "olloway",
    "onwick",
    "orthy",
    "uddle",
    "umfrey",
)
# What a tired hand or a bad line does to a name: the first that fits is one spelling more.
MISSPELLINGS = (
    ("ck", "k"),
    ("ll", "l"),
    ("nn", "n"),
    ("rr", "r"),
    ("th", "t"),
    ("ss", "s"),
    ("mf", "mph"),
    ("ey", "y"),
    ("ay", "ey"),
    ("y", "ie"),
    ("dd", "d"),
    ("v", "w"),
    ("e", "i"),
)


def surnames(chance: Random) -> list[str]:
    """Return every surname that the parts make, shuffled."""
    made = [start + end for start in SURNAME_STARTS for end in SURNAME_ENDS]
    chance.shuffle(made)
    return made


def spellings_of_surname(surname: str) -> tuple[str, ...]:
    """Return the surname and the ways in which it is misheard, the right one first."""
    found = [surname]
    for right, wrong in MISSPELLINGS:
        written = surname[0] + surname[1:].replace(right, wrong, 1)
        if written not in found:
            found.append(written)
    middle = len(surname) // 2
    found.append(
        surname[: middle - 1] + surname[middle] + surname[middle - 1] + surname[middle + 1 :]
    )
    return tuple(dict.fromkeys(found))
