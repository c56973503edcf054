"""Time expressions of an article, normalised to TIMEX3 and to days of the calendar."""

from services.enrich.dates.find import find_times

__all__ = ["find_times"]
