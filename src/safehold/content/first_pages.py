"""The words of the first two pages, for any force; they claim only what its profile says.

Facts about national work: NPCC, revised framework of March 2024 (the four parts); College of
Policing and CPS, Operation Soteria and early advice; White Ribbon UK, accreditation.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html

from safehold.domain.force import Force

Piece = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class FirstPage:
    """One page as it stands before an editor changes it."""

    slug: str
    title: str
    browser_title: str
    introduction: str
    body: tuple[Piece, ...]


def home(force: Force) -> FirstPage:
    """Return the first page of a force."""
    lines = [force.phones.all_hours, force.phones.sarc, *force.phones.helplines]
    return FirstPage(
        slug="home",
        title="You have a right to feel safe, and to be safe",
        browser_title=force.name,
        introduction=(
            "What was done to you is not your fault. You can tell the police, or someone else, and "
            "you decide how much to say. Men and boys are as welcome here as anyone."
        ),
        body=(
            ("cards", _ways_on(force, bool(any(lines)))),
            ("heading", "What we are doing"),
            ("columns", _four_parts()),
            _button("See what we are doing", "/what-we-are-doing/"),
            *(_someone_else() if any(lines) else ()),
            ("heading", "Who reads what you send"),
            ("reading", None),
        ),
    )


def what_we_are_doing(force: Force) -> FirstPage:
    """Return the page on what a force does about violence against women and girls."""
    return FirstPage(
        slug="what-we-are-doing",
        title="What we are doing about violence against women and girls",
        browser_title="What we are doing",
        introduction=(
            f"{force.name} works in four parts: prevention, protection, pursuit and preparation. "
            "This page says what each of them means, and who does it."
        ),
        body=(
            ("emergency", None),
            *_meaning(),
            ("heading", "Four parts"),
            ("columns", _four_parts()),
            _say("The same four parts are used by police forces across England and Wales."),
            *_unit(force),
            *(_patrols(force) if force.claims.vigilant else ()),
            *(_courts() if force.claims.soteria else ()),
            *_partners(force),
            *_does_it_work(),
            _button("Tell us", "/report/"),
        ),
    )


def _ways_on(force: Force, has_lines: bool) -> list[dict[str, Any]]:
    emergency = force.phones.emergency
    cards = [
        _card(
            "In danger now",
            f"Call {emergency}. Cannot speak on a mobile? Cough or tap, then press 55.",
            f"tel:{emergency}",
            danger=True,
        ),
        _card(
            "Something was done to you",
            "See who you can tell, the police or someone else, and how.",
            "/report/",
        ),
        _card(
            "A place feels unsafe",
            "No name needed, and nothing has to be a crime.",
            "/report/place/",
        ),
    ]
    if has_lines:
        cards.append(_card("Talk to someone else", "Lines that others run.", "/#someone-else"))
    return cards


def _someone_else() -> tuple[Piece, ...]:
    return (
        ("heading", "Someone else"),
        _say("You do not have to tell the police to get help. Others run these lines."),
        ("helplines", None),
    )


def _four_parts() -> list[dict[str, str]]:
    return [
        {
            "title": "Prevention",
            "text": "Changing attitudes, and the places and hours in which harm gathers.",
        },
        {
            "title": "Protection",
            "text": "Putting the safety of the person who was harmed before everything else.",
        },
        {
            "title": "Pursuit",
            "text": "Investigations that look at the suspect and what he did, not at you.",
        },
        {
            "title": "Preparation",
            "text": "Training, standards and partners, so that we are ready when you call.",
        },
    ]


def _meaning() -> tuple[Piece, ...]:
    return (
        ("heading", "What we mean"),
        _say(
            "Some crimes are done to women and girls far more often than to men, because they are "
            "women and girls:"
        ),
        (
            "list",
            {
                "items": [
                    "domestic abuse, and controlling or coercive behaviour",
                    "rape and other sexual offences",
                    "stalking and harassment",
                    "so-called honour-based abuse",
                    "spiking",
                    "murder",
                ],
                "numbered": False,
            },
        ),
        _say(
            "Much of what women meet is not a crime: remarks, staring, being followed to the next "
            "corner. It still makes a place feel unsafe, and it changes what women do. We want to "
            "know about that too."
        ),
        _button("Tell us about a place", "/report/place/"),
        _say("Men and boys who are harmed in these ways get the same help and the same service."),
    )


def _unit(force: Force) -> tuple[Piece, ...]:
    return (
        ("heading", "The specialist unit"),
        _say(
            "The {} has two tasks: to protect people from someone who abuses them, and to "
            "investigate what was done.",
            force.unit_name,
        ),
    )


def _patrols(force: Force) -> tuple[Piece, ...]:
    return (
        ("heading", force.patrol_name),
        _say(
            "At night, where people go out, trained officers look for men who prey on women: who "
            "follow, who touch, who wait for someone who is alone or has had too much to drink. "
            "Officers in plain clothes tell officers in uniform what they see. Those speak to "
            "him, and make sure that she is safe."
        ),
        _say("They watch what he does. It does not matter what she wears or drinks."),
    )


def _courts() -> tuple[Piece, ...]:
    return (
        ("heading", "Rape investigations and the courts"),
        _say(
            "Under Operation Soteria an investigation of rape begins with the suspect: what he "
            "did, and what he has done before. It does not begin with the life of the person who "
            "reported him. The aim, across the country, is that more than twice as many cases of "
            "rape of adults reach a court."
        ),
        _say(
            "We work more closely with the Crown Prosecution Service, which decides on charges. "
            "Asking its prosecutors for advice early means looking for what a court will need, and "
            "not asking you for what it will not."
        ),
    )


def _partners(force: Force) -> tuple[Piece, ...]:
    partnership = force.claims.partnership_name
    pieces: list[Piece] = [("heading", "Who we work with")]
    if partnership:
        pieces.append(
            _say(
                "No police force can do this alone. Through {} we work with the agencies and "
                "communities that know this best.",
                partnership,
            )
        )
    if force.claims.white_ribbon:
        pieces.append(
            _say(
                "We take part in White Ribbon accreditation. It asks for a plan of three years on "
                "leadership, culture, awareness, and the part of men and boys in ending violence "
                "against women."
            )
        )
    pieces.append(
        _say(
            "Every year from 25 November to 10 December, the 16 Days of Activism call for an end "
            "to violence against women and girls, here as around the world."
        )
    )
    return tuple(pieces)


def _does_it_work() -> tuple[Piece, ...]:
    return (
        ("heading", "Does it work?"),
        _say(
            "There are no figures on this page yet. When there are, each will say what it counts, "
            "over which time, and where it comes from."
        ),
    )


def _say(words: str, *names: str) -> Piece:
    return ("paragraph", format_html("<p>{}</p>", words.format(*names)))


def _button(text: str, target: str) -> Piece:
    return ("action", {"text": text, "target": target})


def _card(title: str, text: str, target: str, *, danger: bool = False) -> dict[str, Any]:
    return {"title": title, "text": text, "target": target, "danger": danger}
