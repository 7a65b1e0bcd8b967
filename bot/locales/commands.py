"""Names and descriptions of commands in French; the code has them in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from discord import Locale, app_commands

FRENCH_COMMANDS: Final[Mapping[str, str]] = {
    "ask": "demander",
    "Ask the stored tech news articles a question.": (
        "Poser une question aux articles enregistrés sur l'actualité technologique."
    ),
    "Ask Newsdesk about this": "Interroger Newsdesk là-dessus",
    "about": "à-propos",
    "What I know, and what I keep about you.": "Ce que je sais, et ce que je garde sur vous.",
    "forget-me": "oublie-moi",
    "Delete what I keep about you.": "Effacer ce que je garde sur vous.",
    "latest": "nouveautés",
    "The newest articles.": "Les articles les plus récents.",
    "topic": "sujet",
    "Only articles about this": "Seulement les articles à ce sujet",
    "article": "article",
    "Manage the articles.": "Gérer les articles.",
    "add": "ajouter",
    "Add an article from a web address or a file, or type it in.": (
        "Ajouter un article depuis une adresse ou un fichier, ou le saisir."
    ),
    "url": "adresse",
    "The address of the article": "L'adresse de l'article",
    "file": "fichier",
    "Text, Markdown, HTML or PDF": "Texte, Markdown, HTML ou PDF",
    "list": "liste",
    "List the articles, the last added first.": "Lister les articles, le dernier ajouté d'abord.",
    "search": "recherche",
    "Words of the title, the outlet or the address": "Des mots du titre, du média ou de l'adresse",
    "page": "page",
    "The number of the page": "Le numéro de la page",
    "show": "montrer",
    "Show what is known of an article.": "Montrer ce qui est connu d'un article.",
    "Its title, number or address": "Son titre, numéro ou adresse",
    "edit": "modifier",
    "Change the title, outlet, date or address of an article.": (
        "Modifier le titre, le média, la date ou l'adresse d'un article."
    ),
    "remove": "retirer",
    "Remove an article, after asking once more.": "Retirer un article, après confirmation.",
    "Add linked articles": "Ajouter les articles liés",
    "index": "index",
    "Manage the search index.": "Gérer l'index de recherche.",
    "rebuild": "reconstruire",
    "Build the index anew, while the present one goes on answering.": (
        "Reconstruire l'index, pendant que l'actuel continue de répondre."
    ),
    "full": "complet",
    "Take nothing over from the present index": "Ne rien reprendre de l'index actuel",
    "rollback": "revenir",
    "Go back to the index before the last rebuild.": (
        "Revenir à l'index d'avant la dernière reconstruction."
    ),
    "status": "état",
    "Show what is stored and searchable.": "Montrer ce qui est enregistré et trouvable.",
    "settings": "réglages",
    "Show and change what holds in this server.": "Voir et changer ce qui vaut sur ce serveur.",
    "stats": "statistiques",
    "Show how the bot was used, and what it could not answer.": (
        "Montrer comment le bot a servi, et à quoi il n'a pas su répondre."
    ),
    "days": "jours",
    "How many days, today included": "Combien de jours, aujourd'hui compris",
    "since": "depuis",
    "The first day, month or year: 2023, 2023-04 or 2023-04-19": (
        "Le premier jour, mois ou an : 2023, 2023-04 ou 2023-04-19"
    ),
    "until": "jusqu'à",
    "The last day, month or year: 2023, 2023-04 or 2023-04-19": (
        "Le dernier jour, mois ou an : 2023, 2023-04 ou 2023-04-19"
    ),
    "outlet": "média",
    "Only what this outlet published": "Seulement ce que ce média a publié",
    "question": "question",
    "What would you like to know?": "Que voulez-vous savoir ?",
    "private": "privé",
    "Only you see the answer": "Vous seul voyez la réponse",
}


class CommandTranslator(app_commands.Translator):
    """Says commands in French where a person's Discord is in French."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Look the English text up; None leaves it as it is."""
        return FRENCH_COMMANDS.get(string.message) if locale is Locale.french else None
