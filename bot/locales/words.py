"""The form of a table of sentences, and how dates, numbers and durations are said with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.audit import Deed
from corpus.models import Precision, PublicationDate
from index.generation_writer import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLabels:
    """What stands before each fact about the index."""

    articles: str
    published: str
    languages: str
    outlets: str
    generation: str
    passages: str
    built: str
    model: str
    model_knows: str
    outdated: str
    rollback: str
    language_model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every sentence of the Discord side in one language; `{names}` are filled in with `format`.

    `errors` has the sentences for errors that members meet; `{error}` is the error.
    """

    language: str
    months: tuple[str, ...]
    first_of_month: str
    thousands: str
    sources: str
    nearest: str
    footer: str
    footer_undated: str
    footer_empty: str
    page: str
    link_too_long: str
    article_gone: str
    no_quotes: str
    translated: str
    understood: str
    quotes_button: str
    more_button: str
    share_button: str
    wish_button: str
    more_title: str
    more_label: str
    wrong_title: str
    wrong_label: str
    wrong_hint: str
    thanks: str
    wished: str
    thanks_for_telling: str
    empty_mention: str
    about_title: str
    about: str
    about_stored: str
    about_period: str
    newest: str
    newest_on: str
    nothing_new: str
    nothing_on: str
    add_button: str
    edit_button: str
    remove_button: str
    cancel_button: str
    undo_button: str
    edit_title: str
    text_title: str
    text_label: str
    title_label: str
    outlet_label: str
    published_label: str
    published_shown: str
    url_label: str
    language_shown: str
    length_shown: str
    words_counted: str
    unknown: str
    is_duplicate: str
    is_near: str
    is_cookie_wall: str
    is_paywall: str
    found_under: str
    none_listed: str
    more_listed: str
    really_remove: str
    edited: str
    edited_later: str
    stored: str
    stored_later: str
    removed: str
    cancelled: str
    deeds: Mapping[Deed, str]
    rebuild_button: str
    rollback_button: str
    really_rebuild: str
    really_rebuild_full: str
    really_roll_back: str
    rebuild_started: str
    rebuild_begins: str
    phases: Mapping[Phase, str]
    time_left: str
    rebuilt: str
    rebuilt_articles: str
    rebuilt_passages: str
    rebuild_checked: str
    rebuild_cancelled: str
    rolled_back: str
    in_step: str
    behind: str
    status_labels: StatusLabels
    model_card: str
    foreign_articles: str
    model_well: str
    model_rests: str
    tokens: str
    tokens_of: str
    settings_title: str
    settings_hold: str
    channels_label: str
    channels_hint: str
    every_channel: str
    roles_label: str
    roles_hint: str
    no_roles: str
    log_label: str
    log_hint: str
    no_log: str
    cooldown_label: str
    cooldown_hint: str
    decimal: str
    stats_title: str
    stats_nothing: str
    stats_asked: str
    stats_latency: str
    stats_per_day: str
    stats_answered: str
    stats_wished: str
    stats_unanswered: str
    stats_times: str
    stats_thumbs: str
    stats_helpful: str
    stats_unhelpful: str
    stats_cited: str
    stats_comments: str
    stats_more: str
    stats_picture: str
    form_gone: str
    button_gone: str
    forgotten: str
    nothing_to_forget: str
    unexpected: str
    errors: Mapping[type[Exception], str]

    def number(self, value: int) -> str:
        """Write a whole number with its thousands apart."""
        return f"{value:,}".replace(",", self.thousands)

    def date(self, published: PublicationDate) -> str:
        """Write a date as exactly as it is known."""
        first = published.first
        match published.precision:
            case Precision.YEAR:
                return str(first.year)
            case Precision.MONTH:
                return f"{self.months[first.month - 1]} {first.year}"
            case Precision.DAY:
                day = self.first_of_month if first.day == 1 else str(first.day)
                return f"{day} {self.months[first.month - 1]} {first.year}"

    def seconds(self, seconds: float) -> str:
        """Write a number of seconds as exactly as it is: `0 s`, `2.5 s`."""
        return f"{seconds:g}".replace(".", self.decimal) + " s"

    def duration(self, seconds: float) -> str:
        """Write a time to wait, rounded up: `12 s`, `5 min`, `3 h 20 min`."""
        whole = max(1, int(-(-seconds // 1)))
        if whole < 100:
            return f"{whole} s"
        minutes = -(-whole // 60)
        hours, minutes = divmod(minutes, 60)
        if not hours:
            return f"{minutes} min"
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
