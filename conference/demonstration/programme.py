"""The demonstration: the Prague conference of 17 December 2013 with a programme of our own.

The real programme was never published, so this one is an illustration and names no speaker but the paper's author.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")
SLUG = "prague-2013"
PAPER_SLUG = "destined-to-cooperate-summary"
HALL_CODE = "vltava"
CLOCK_FROM = datetime(2013, 12, 17, 9, 55, tzinfo=PRAGUE)
AUTHOR = ("tomas-karasek", "Tomáš Karásek", "Author of AMO Policy Paper 5/2013")
ROOMS = (("main-hall", "Main hall"), ("small-hall", "Small hall"))
STAFF = (("organiser", "organiser"), ("moderator", "desk"), ("chair", "chair"))
PRACTICAL = (
    "Registration opens at 08:45 in the foyer. The working language is English; the round table in the small "
    "hall is held in Czech. The hall code is shown on the screen in each room."
)
# Invented like the programme, so that the practical page has something to show.
VENUE = {
    "wifi_network": "Conference demonstration",
    "wifi_password": "pragmatic partnership",
    "interpretation": "In the main hall, English on channel 1 and Czech on channel 2. Receivers are at registration.",
    "cloakroom": "In the foyer, opposite the registration desk, until 18:30.",
    "emergency": "Call 112. The first-aid kit is at the registration desk; exits are marked in green.",
}


def at(clock: str) -> datetime:
    """The time of day on 17 December 2013 in Prague."""
    hours, minutes = clock.split(":")
    return datetime(2013, 12, 17, int(hours), int(minutes), tzinfo=PRAGUE)


# slug, kind, start, end, room, language, attribution, title, abstract
ITEMS = (
    ("registration", "registration", "08:45", "09:30", "", "en", "on_record", "Registration and coffee", ""),
    (
        "welcome",
        "talk",
        "09:30",
        "09:45",
        "main-hall",
        "en",
        "on_record",
        "Welcome and opening",
        "Why this question now, and how the day works.",
    ),
    (
        "destined-to-cooperate",
        "keynote",
        "09:45",
        "10:30",
        "main-hall",
        "en",
        "on_record",
        "Destined to cooperate? The paper and its argument",
        "The author presents the policy paper: what power, identity and institutions each explain about two decades of "
        "NATO and Russia, and what he recommends. Questions from the hall follow.",
    ),
    ("coffee-morning", "break", "10:30", "10:50", "", "en", "on_record", "Coffee", ""),
    (
        "power",
        "panel",
        "10:50",
        "12:15",
        "main-hall",
        "en",
        "on_record",
        "Power: rivals by geography?",
        "Missile defence, arms control and the neighbourhood in between: where interests collide and where they "
        "only seem to.",
    ),
    ("lunch", "break", "12:15", "13:15", "", "en", "on_record", "Lunch", ""),
    (
        "identity",
        "panel",
        "13:15",
        "14:35",
        "main-hall",
        "en",
        "chatham_house",
        "Identity: how each side sees the other",
        "Images of friend and foe, and who profits from them. Held under the Chatham House rule.",
    ),
    ("coffee-afternoon", "break", "14:35", "14:55", "", "en", "on_record", "Coffee", ""),
    (
        "institutions",
        "panel",
        "14:55",
        "16:10",
        "main-hall",
        "en",
        "on_record",
        "Institutions: what the NATO-Russia Council can carry",
        "From Afghanistan transit to counter-terrorism: which practical work lasts when politics turns cold.",
    ),
    (
        "kulaty-stul",
        "talk",
        "14:55",
        "16:10",
        "small-hall",
        "cs",
        "those_present",
        "Kulatý stůl pro studenty a začínající analytiky",
        "Otevřená debata bez záznamu. Jen pro přítomné.",
    ),
    (
        "closing",
        "talk",
        "16:10",
        "16:30",
        "main-hall",
        "en",
        "on_record",
        "Closing remarks",
        "What we take home.",
    ),
    ("reception", "social", "16:30", "18:00", "", "en", "on_record", "Reception", ""),
)

# item, name, text, what the desk did, reason
QUESTIONS = (
    (
        "destined-to-cooperate",
        "Jana",
        "Which of your three explanations would you drop first if you had to choose one?",
        "live",
        "",
    ),
    (
        "destined-to-cooperate",
        "",
        "Does practical cooperation survive a political crisis, or is it the first thing to go?",
        "published",
        "",
    ),
    (
        "destined-to-cooperate",
        "Student of IR, Brno",
        "What should a small member state such as the Czech Republic ask for in the NATO-Russia Council?",
        "published",
        "",
    ),
    (
        "power",
        "",
        "Is a joint missile defence still a realistic aim, or only a way to talk?",
        "published",
        "",
    ),
    ("destined-to-cooperate", "", "Can we have the slides?", "pending", ""),
    (
        "destined-to-cooperate",
        "",
        "When is the next train to Brno?",
        "declined",
        "The registration desk in the foyer can help with travel.",
    ),
)
