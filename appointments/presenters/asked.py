"""Why somebody is asked, in a sentence for the one who is."""

from django.utils.translation import gettext as _

from appointments.selectors.console import Asked

# A part of less than this many minutes decides nothing that is worth a sentence.
WORTH_SAYING = 0.5


def why_you(asked: Asked) -> str:
    """From what was kept with the offer. Nothing of the colleagues: how busy they are, and whom
    customers like, is between them and the store. Empty when there is nothing to say."""
    appointment, score = asked.appointment, asked.score
    if appointment.realtor_named:
        return _("The customer chose you.")
    if score.get("staff"):
        return _("The store gave it to you.")
    if score.get("rescheduled"):
        return _("It was yours before it was moved.")
    if score.get("held"):
        return _("The time was kept for them with you while they booked.")
    if "minutes_that_day" in score:
        return _("You have more room that day than your colleagues.")
    if "minutes" not in score:
        return ""
    if score.get("relation", 0) <= -WORTH_SAYING:
        return _("They have been with you before.")
    able = [one for one in asked.considered if "rejected" not in one]
    others = [one for one in able if one.get("realtor_id") != appointment.realtor_id]
    if not others:
        return _("You are the one who is free then.")
    reasons = {
        "load": _("You have more room that day than your colleagues."),
        "rating": _("Customers rate your work highly."),
        "travel": _("You are the closest."),
    }
    best = min(reasons, key=lambda name: score.get(name, 0))
    if score.get(best, 0) <= -WORTH_SAYING:
        return reasons[best]
    return _("You are free and usually answer soon.")
