"""The period that a question speaks of, in French and English; pure.

Dates are read relative to a day, which the caller gives: a clock in use, or the day on which a
question of an evaluation was asked.
"""

from index.periods.finding import find_period

__all__ = ["find_period"]
