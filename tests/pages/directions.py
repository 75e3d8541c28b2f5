"""Words that say which way: more, less or the same."""

from __future__ import annotations

import re

UP = {
    "fi": r"enemmän|eniten|suurempi|suurin|suurim\w+|suurinta|kasvoi\w*|korkeampi|korkein|pidempi|pisin|ylimmillään"
    r"|korkeimmillaan|suurimmillaan|pisimmillään|noussut|kasvanut",
    "sv": r"fler|mer|mest|större|störst\w*|ökade|högre|högst|längre|längst|största",
}
DOWN = {
    "fi": r"vähemmän|vähiten|pienempi|pienin|pienim\w+|pienintä|väheni\w*|laski|matalampi|matalin|lyhyempi|lyhin"
    r"|alimmillaan|matalimmillaan|pienimmillään|lyhimmillään|laskenut|vähentynyt",
    "sv": r"färre|mindre|minst\w*|minskade|lägre|lägst|kortare|kortast",
}
SAME = {"fi": r"ennallaan|samansuuruinen|muuttunut|muutosta", "sv": r"oförändra\w+|förändrats|ingen"}
NO_DIRECTION = re.compile(r"på högre nivå|längre ner|med hjälp av|till och med|(färre|mindre|fler|mer) än \d")
"""Swedish that compares with a limit or not at all."""


def directions(text: str, lang: str) -> str:
    """The direction words of a text in order, "+" for more, "-" for less and "=" for the same."""
    plain = NO_DIRECTION.sub(" ", text.casefold())
    found = []
    for word in re.findall(r"\w+", plain):
        for sign, words in (("+", UP), ("-", DOWN), ("=", SAME)):
            if re.fullmatch(words[lang], word):
                found.append(sign)
    return "".join(found)
