"""English."""

from __future__ import annotations

from typing import Final

from bot.audit import Deed
from bot.command_sync import CommandChangedError
from bot.fair_queue import NoTurnError, QueueFullError, StillAnsweringError
from bot.index_keeper import (
    NoRebuildError,
    OtherGenerationError,
    RebuildCancelledError,
    RebuildRunningError,
)
from bot.journal import AnswerForgottenError
from bot.limits import NotADateError
from bot.locales.words import StatusLabels, Words
from bot.model_languages import FOREIGN, WHAT_TO_SET
from bot.newsroom_values import DraftGoneError, NoLinkError, NotAnAddressError
from bot.permissions import (
    CannotPostError,
    ForeignServerError,
    NotAModeratorError,
    NotAnAdminError,
    ServersNotNamedError,
)
from bot.rate_limit import CooldownError, QuotaError
from bot.server_settings import ChannelNotAllowedError, NotACooldownError
from index.generation_writer import Phase

ENGLISH: Final = Words(
    language="en",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    first_of_month="1",
    thousands=",",
    sources="Sources",
    nearest="The closest articles",
    footer="From {articles} articles, the newest of {newest}",
    footer_undated="From {articles} articles",
    footer_empty="No articles are stored yet",
    page="page {number} of {count}",
    link_too_long="(its link is too long for Discord)",
    article_gone="This article has been removed since, so its words cannot be shown any more.",
    no_quotes="This answer quotes nothing.",
    translated="Translation by the language model:",
    understood="Understood as: *{question}*",
    quotes_button="Quotes",
    more_button="Ask more",
    share_button="Share",
    wish_button="Log this question",
    more_title="Ask more",
    more_label="What else would you like to know?",
    wrong_title="What was wrong?",
    wrong_label="A few words help to do better",
    wrong_hint="Wrong article, wrong date, does not answer the question, ...",
    thanks="Thank you, noted.",
    wished="Noted: the admins of this server see this question in /stats.",
    thanks_for_telling="Thank you for telling; the people who run this bot will see it.",
    empty_mention="Ask me something about tech news: write your question after my name.",
    about_title="Newsdesk {version}",
    about=(
        "I answer questions from {articles} stored tech news articles, with their own words as"
        " proof. If they do not know, I say so."
    ),
    about_stored=(
        "**What I keep about you.** Your questions to me, which articles they were answered from,"
        " and your thumbs, for {days} days, under a code in the place of your name. I read only"
        " what is addressed to me. A server's admins see what was asked there in vain, without"
        " names. `/forget-me` deletes it. Who changed which article is kept by name."
    ),
    about_period=(
        "They come from {outlets} outlets; the oldest is of {oldest}, the newest of {newest}."
    ),
    newest="The newest articles",
    newest_on="The newest articles on “{topic}”",
    nothing_new="No articles are stored yet.",
    nothing_on="No stored article is about “{topic}”.",
    add_button="Add",
    edit_button="Edit",
    remove_button="Remove",
    cancel_button="Cancel",
    undo_button="Undo",
    edit_title="Edit the article",
    text_title="Add an article",
    text_label="The text",
    title_label="Title",
    outlet_label="Outlet",
    published_label="Date (2023, 2023-04 or 2023-04-19)",
    published_shown="Date",
    url_label="Address",
    language_shown="Language",
    length_shown="Length",
    words_counted="{n} words",
    unknown="unknown",
    is_duplicate="This article is here already: number {id}, {title}.",
    is_near="This reads much like number {id}, {title}.",
    is_cookie_wall="This looks like a cookie banner in the place of the article.",
    is_paywall="This looks like the part of the article before a paywall.",
    found_under="Number {id}, searchable in {passages} passages.",
    none_listed="There is no such article.",
    more_listed="More on page {page}.",
    really_remove="Remove article {id}?",
    edited="Article {id} is changed, searchable so now.",
    edited_later="Article {id} is changed; searchable so after the next catch-up.",
    stored="Added as number {id}: {passages} passages, searchable now.",
    stored_later="Saved as number {id}; searchable after the next catch-up.",
    removed="Article {id} is removed.",
    cancelled="Nothing was changed.",
    deeds={
        Deed.ADDED: "{person} added {subject}",
        Deed.REMOVED: "{person} removed {subject}",
        Deed.EDITED: "{person} edited {subject}",
        Deed.REBUILT: "{person} rebuilt the index: generation {subject}",
        Deed.CANCELLED_REBUILD: "{person} cancelled the rebuild of the index",
        Deed.CHANGED_SETTINGS: "{person} changed the settings: {subject}",
        Deed.ROLLED_BACK: "{person} went back to generation {subject} of the index",
        Deed.RESTORED: "{person} brought back {subject}",
    },
    rebuild_button="Rebuild",
    rollback_button="Go back",
    really_rebuild=(
        "Rebuild the index? Only what changed is computed anew; questions are answered meanwhile."
    ),
    really_rebuild_full=(
        "Rebuild the index from nothing? With many articles this takes long; questions are answered"
        " meanwhile."
    ),
    really_roll_back="Go back to the index before the last rebuild?",
    rebuild_started="The rebuild has begun; the message in this channel tells how far it is.",
    rebuild_begins="The index is being rebuilt.",
    phases={
        Phase.WAITING: "**Rebuilding the index**: waiting for another Newsdesk process",
        Phase.EMBEDDING: "**Rebuilding the index**: reading the articles (passages)",
        Phase.COLLECTING: "**Rebuilding the index**: collecting (passages)",
        Phase.CHECKING: "**Rebuilding the index**: checking with questions",
        Phase.PUBLISHING: "**Rebuilding the index**: publishing",
    },
    time_left="about {time} left for this",
    rebuilt="**The index is rebuilt**: generation {generation}, in {seconds} s.",
    rebuilt_articles="Articles: {articles}, of which {written} read anew.",
    rebuilt_passages="Passages: {passages}, of which {embedded} embedded anew.",
    rebuild_checked="Check: {found} of {asked} questions found their article.",
    rebuild_cancelled="The rebuild was cancelled; the present index stays.",
    rolled_back="Generation {generation} is published again.",
    in_step="in step with the articles",
    behind="{n} changes behind the articles",
    status_labels=StatusLabels(
        articles="Articles:",
        published="Published:",
        languages="Languages:",
        outlets="Outlets:",
        generation="Generation:",
        passages="Passages:",
        built="Built:",
        model="Model:",
        model_knows="Model knows:",
        outdated="Outdated:",
        rollback="Can go back to:",
        language_model="Language model:",
    ),
    model_card="what its model card says",
    foreign_articles=f"{FOREIGN} {WHAT_TO_SET}",
    model_well="available",
    model_rests="not asked for {time}, because it failed",
    tokens="{spent} tokens today",
    tokens_of="{spent} of {per_day} tokens of today spent",
    settings_title="Settings of this server",
    settings_hold="From now on this holds in this server:",
    channels_label="Channels for questions",
    channels_hint="Empty: every channel",
    every_channel="every channel",
    roles_label="Moderator roles",
    roles_hint="Besides Manage Messages. Empty: those of the bot's own settings",
    no_roles="none, besides those who may manage messages",
    log_label="Log channel",
    log_hint="Where each change is told. Empty: that of the bot's own settings",
    no_log="none",
    cooldown_label="Pause between questions (seconds)",
    cooldown_hint="For each person. Empty: that of the bot's own settings",
    decimal=".",
    stats_title="The last {days} days",
    stats_nothing="Nothing was asked.",
    stats_asked="Questions: {n}, of which answered: {share}",
    stats_latency="Half of the answers within {p50}, 95 % within {p95}",
    stats_per_day="Questions a day",
    stats_answered="Answered",
    stats_wished="Logged by members",
    stats_unanswered="Not answered",
    stats_times="Time to the answer (s)",
    stats_thumbs="Thumbs",
    stats_helpful="up",
    stats_unhelpful="down",
    stats_cited="Most cited articles (answers)",
    stats_comments="What was wrong",
    stats_more="and {n} more",
    stats_picture="What the text above says, as four charts.",
    form_gone=(
        "I no longer know this form: it is too old, or I was restarted since it was opened. Nothing"
        " was done; please open it again."
    ),
    button_gone="I do not know this button: it is of another version of me. Nothing was done.",
    forgotten=(
        "Done: {questions} of your questions, {ratings} of your thumbs and {wishes} of your"
        " requests to log a question are deleted. Buttons below those answers no longer work."
    ),
    nothing_to_forget="There is nothing stored about you.",
    unexpected=(
        "Something went wrong that I did not expect. The details are in my log under reference"
        " {reference}."
    ),
    errors={
        AnswerForgottenError: (
            "This answer is too old, or its asker wanted it forgotten. Ask again!"
        ),
        NotADateError: (
            "“{error.text}” is no date that I understand; write 2023, 2023-04 or 2023-04-19."
        ),
        NotAnAddressError: (
            "“{error.text}” is no address that I understand; write all of it, with https:// at the"
            " beginning."
        ),
        OtherGenerationError: (
            "Another index is published by now than when you were asked; look at `/index status`,"
            " and use `/index rollback` again if you still want to."
        ),
        RebuildRunningError: "The index is being rebuilt already; wait until that is done.",
        NoRebuildError: "This rebuild is not running any more.",
        RebuildCancelledError: "The rebuild was cancelled; the present index stays.",
        CannotPostError: (
            "I may not write messages in this channel; the permissions View Channel, Send Messages"
            " and Embed Links are needed."
        ),
        NotACooldownError: (
            "“{error.text}” is no pause that I understand; write seconds, from 0 to 86400."
        ),
        ChannelNotAllowedError: (
            "I do not answer questions in this channel, but in {error.channels}."
        ),
        ForeignServerError: "I do not serve this server.",
        CommandChangedError: (
            "This command is another one since I was updated. Reload Discord (Ctrl+R) and use it"
            " again; if that does not help, my admin has to restart me."
        ),
        NotAModeratorError: "Only moderators may do this.",
        NotAnAdminError: "Only admins may do this.",
        ServersNotNamedError: (
            "I am in several servers; the admin has to name those whose moderators I obey in"
            " DISCORD_GUILD_IDS."
        ),
        DraftGoneError: "I no longer have what this button needs; please begin again.",
        NoLinkError: "There is no link in this message.",
        QueueFullError: (
            "I am busy: {error.waiting} questions wait already. Please ask again in a minute."
        ),
        NoTurnError: (
            "I did not get to your question within {error.minutes:.0f} minutes: too many are asked"
            " just now. Please ask again later."
        ),
        StillAnsweringError: (
            "{error.waiting} of your questions are waiting already; I answer them first."
        ),
        CooldownError: "One moment, please: you can ask again in {wait}.",
        QuotaError: "You have asked your {error.quota} questions of today; the next in {wait}.",
    },
)
