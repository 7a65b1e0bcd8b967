"""French."""

from __future__ import annotations

from typing import Final

from bot.answering.errors import EmptyQuestionError, QuestionTooLongError, SmallTalkError
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
from corpus.errors import (
    ArticleNotFoundError,
    DamagedFileError,
    DuplicateArticleError,
    ExtractionFailedError,
    FetchError,
    ForbiddenAddressError,
    ForbiddenByRobotsError,
    NoTextError,
    StoreUnavailableError,
    TooLargeError,
    TooLongError,
    TooShortError,
    UnknownTypeError,
)
from index.errors import (
    IndexBusyError,
    IndexUnavailableError,
    ModelUnavailableError,
    NothingToRollBackError,
    RebuildCheckError,
)
from index.generation_writer import Phase

_ASK_THE_ADMIN: Final = "l'administrateur trouvera pourquoi avec `newsdesk doctor`."

FRENCH: Final = Words(
    language="fr",
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    first_of_month="1er",
    thousands="\N{NARROW NO-BREAK SPACE}",
    sources="Sources",
    nearest="Les articles les plus proches",
    footer="D'après {articles} articles, le plus récent : {newest}",
    footer_undated="D'après {articles} articles",
    footer_empty="Aucun article n'est encore enregistré",
    page="page {number} sur {count}",
    link_too_long="(son lien est trop long pour Discord)",
    article_gone="Cet article a été retiré depuis ; ses mots ne peuvent plus être montrés.",
    no_quotes="Cette réponse ne cite rien.",
    translated="Traduction par le modèle de langue :",
    understood="Compris ainsi : *{question}*",
    quotes_button="Passages",
    more_button="Approfondir",
    share_button="Partager",
    wish_button="Signaler ce manque",
    more_title="Approfondir",
    more_label="Que voulez-vous savoir de plus ?",
    wrong_title="Qu'est-ce qui n'allait pas ?",
    wrong_label="Quelques mots aident à faire mieux",
    wrong_hint="Mauvais article, mauvaise date, ne répond pas à la question...",
    thanks="Merci, c'est noté.",
    wished=(
        "C'est noté : les administrateurs de ce serveur voient cette question dans /statistiques."
    ),
    thanks_for_telling="Merci de l'avoir dit ; les responsables de ce bot le verront.",
    empty_mention=(
        "Posez-moi une question sur l'actualité technologique : écrivez-la après mon nom."
    ),
    about_title="Newsdesk {version}",
    about=(
        "Je réponds aux questions à partir de {articles} articles enregistrés sur l'actualité"
        " technologique, avec leurs propres mots pour preuve. S'ils ne savent pas, je le dis."
    ),
    about_stored=(
        "**Ce que je garde sur vous.** Vos questions, les articles qui y ont répondu et vos"
        " pouces, pendant {days} jours, sous un code à la place de votre nom. Je ne lis que ce"
        " qui m'est adressé. Les administrateurs d'un serveur voient ce qui y est resté sans"
        " réponse, sans les noms. `/oublie-moi` l'efface. Qui a changé quel article est gardé par"
        " nom."
    ),
    about_period=(
        "Ils viennent de {outlets} médias ; le plus ancien : {oldest}, le plus récent : {newest}."
    ),
    newest="Les articles les plus récents",
    newest_on="Les articles les plus récents sur « {topic} »",
    nothing_new="Aucun article n'est encore enregistré.",
    nothing_on="Aucun article enregistré ne parle de « {topic} ».",
    add_button="Ajouter",
    edit_button="Modifier",
    remove_button="Retirer",
    cancel_button="Annuler",
    undo_button="Revenir en arrière",
    edit_title="Modifier l'article",
    text_title="Ajouter un article",
    text_label="Le texte",
    title_label="Titre",
    outlet_label="Média",
    published_label="Date (2023, 2023-04 ou 2023-04-19)",
    published_shown="Date",
    url_label="Adresse",
    language_shown="Langue",
    length_shown="Longueur",
    words_counted="{n} mots",
    unknown="inconnu",
    is_duplicate="Cet article est déjà là : numéro {id}, {title}.",
    is_near="Cela ressemble beaucoup au numéro {id}, {title}.",
    is_cookie_wall="Cela ressemble à un bandeau de cookies à la place de l'article.",
    is_paywall="Cela ressemble au début d'un article réservé aux abonnés.",
    found_under="Numéro {id}, trouvable par {passages} passages.",
    none_listed="Il n'y a pas d'article de ce genre.",
    more_listed="Suite à la page {page}.",
    really_remove="Retirer l'article {id} ?",
    edited="L'article {id} est modifié, trouvable ainsi dès maintenant.",
    edited_later=(
        "L'article {id} est modifié ; trouvable ainsi après la prochaine mise à jour de l'index."
    ),
    stored="Ajouté sous le numéro {id} : {passages} passages, trouvable dès maintenant.",
    stored_later=(
        "Enregistré sous le numéro {id} ; trouvable après la prochaine mise à jour de l'index."
    ),
    removed="L'article {id} est retiré.",
    cancelled="Rien n'a été changé.",
    deeds={
        Deed.ADDED: "{person} a ajouté {subject}",
        Deed.REMOVED: "{person} a retiré {subject}",
        Deed.EDITED: "{person} a modifié {subject}",
        Deed.REBUILT: "{person} a reconstruit l'index : génération {subject}",
        Deed.CANCELLED_REBUILD: "{person} a annulé la reconstruction de l'index",
        Deed.CHANGED_SETTINGS: "{person} a changé les réglages : {subject}",
        Deed.ROLLED_BACK: "{person} est revenu à la génération {subject} de l'index",
        Deed.RESTORED: "{person} a remis {subject}",
    },
    rebuild_button="Reconstruire",
    rollback_button="Revenir",
    really_rebuild=(
        "Reconstruire l'index ? Seul ce qui a changé est recalculé ; je continue de répondre."
    ),
    really_rebuild_full=(
        "Reconstruire l'index à partir de rien ? Avec beaucoup d'articles, c'est long ; je continue"
        " de répondre."
    ),
    really_roll_back="Revenir à l'index d'avant la dernière reconstruction ?",
    rebuild_started="La reconstruction a commencé ; le message dans ce salon dit où elle en est.",
    rebuild_begins="L'index est en cours de reconstruction.",
    phases={
        Phase.WAITING: "**Reconstruction de l'index** : attente d'un autre processus Newsdesk",
        Phase.EMBEDDING: "**Reconstruction de l'index** : lecture des articles (passages)",
        Phase.COLLECTING: "**Reconstruction de l'index** : rassemblement (passages)",
        Phase.CHECKING: "**Reconstruction de l'index** : vérification par des questions",
        Phase.PUBLISHING: "**Reconstruction de l'index** : publication",
    },
    time_left="encore {time} environ pour cette étape",
    rebuilt="**L'index est reconstruit** : génération {generation}, en {seconds} s.",
    rebuilt_articles="Articles : {articles}, dont {written} relus.",
    rebuilt_passages="Passages : {passages}, dont {embedded} recalculés.",
    rebuild_checked="Vérification : {found} questions sur {asked} ont trouvé leur article.",
    rebuild_cancelled="La reconstruction est annulée ; l'index actuel reste.",
    rolled_back="La génération {generation} est de nouveau publiée.",
    in_step="à jour avec les articles",
    behind="en retard de {n} changements sur les articles",
    status_labels=StatusLabels(
        articles="Articles :",
        published="Publiés :",
        languages="Langues :",
        outlets="Médias :",
        generation="Génération :",
        passages="Passages :",
        built="Construite :",
        model="Modèle :",
        model_knows="Le modèle connaît :",
        outdated="Périmé :",
        rollback="Retour possible à :",
        language_model="Modèle de langue :",
    ),
    model_card="ce que dit sa fiche",
    foreign_articles=(
        "Les articles dans d'autres langues ({languages}) ne sont trouvés que par leurs mots."
        " Mettez dans EMBEDDING_MODEL un modèle multilingue, comme intfloat/multilingual-e5-small,"
        " puis : newsdesk rebuild"
    ),
    model_well="disponible",
    model_rests="laissé en paix {time} après des échecs",
    tokens="{spent} jetons aujourd'hui",
    tokens_of="{spent} jetons dépensés aujourd'hui sur {per_day}",
    settings_title="Réglages de ce serveur",
    settings_hold="Voici désormais ce qui vaut sur ce serveur :",
    channels_label="Salons pour les questions",
    channels_hint="Vide : tous les salons",
    every_channel="tous les salons",
    roles_label="Rôles de modération",
    roles_hint="Outre Gérer les messages. Vide : ceux des réglages propres du bot",
    no_roles="aucun, outre ceux qui peuvent gérer les messages",
    log_label="Salon du journal",
    log_hint="Où chaque changement est annoncé. Vide : celui des réglages propres du bot",
    no_log="aucun",
    cooldown_label="Pause entre deux questions (secondes)",
    cooldown_hint="Par personne. Vide : celle des réglages propres du bot",
    decimal=",",
    stats_title="Les {days} derniers jours",
    stats_nothing="Rien n'a été demandé.",
    stats_asked="Questions : {n}, dont répondues : {share}",
    stats_latency="La moitié des réponses en {p50}, 95 % en {p95}",
    stats_per_day="Questions par jour",
    stats_answered="Répondues",
    stats_wished="Signalées par les membres",
    stats_unanswered="Sans réponse",
    stats_times="Temps de réponse (s)",
    stats_thumbs="Pouces",
    stats_helpful="en haut",
    stats_unhelpful="en bas",
    stats_cited="Articles les plus cités (réponses)",
    stats_comments="Ce qui n'allait pas",
    stats_more="et {n} de plus",
    stats_picture="Ce que dit le texte ci-dessus, en quatre graphiques.",
    form_gone=(
        "Je ne connais plus ce formulaire : il est trop ancien, ou j'ai redémarré depuis son"
        " ouverture. Rien n'a été fait ; veuillez le rouvrir."
    ),
    button_gone="Je ne connais pas ce bouton : il vient d'une autre version. Rien n'a été fait.",
    forgotten=(
        "C'est fait : {questions} de vos questions, {ratings} de vos pouces et {wishes} de vos"
        " signalements sont effacés. Les boutons sous ces réponses ne fonctionnent plus."
    ),
    nothing_to_forget="Rien n'est enregistré sur vous.",
    unexpected=(
        "Quelque chose d'inattendu s'est produit. Les détails sont dans mon journal sous la"
        " référence {reference}."
    ),
    errors={
        AnswerForgottenError: (
            "Cette réponse est trop ancienne, ou son auteur a voulu qu'elle soit oubliée."
            " Reposez la question !"
        ),
        NotADateError: (
            "« {error.text} » n'est pas une date que je comprends ; écrivez 2023, 2023-04 ou"
            " 2023-04-19."
        ),
        NotAnAddressError: (
            "« {error.text} » n'est pas une adresse que je comprends ; écrivez-la en entier, avec"
            " https:// au début."
        ),
        OtherGenerationError: (
            "Un autre index a été publié depuis que la question vous a été posée ; regardez"
            " `/index état`, et refaites `/index revenir` si vous le voulez toujours."
        ),
        RebuildRunningError: "L'index est déjà en cours de reconstruction ; attendez la fin.",
        NoRebuildError: "Cette reconstruction n'est plus en cours.",
        RebuildCancelledError: "La reconstruction est annulée ; l'index actuel reste.",
        CannotPostError: (
            "Je n'ai pas le droit d'écrire dans ce salon ; il faut les permissions Voir le salon,"
            " Envoyer des messages et Intégrer des liens."
        ),
        RebuildCheckError: (
            "Le nouvel index n'est pas publié : il n'a trouvé l'article que de {error.found}"
            " questions sur {error.asked}. L'index actuel reste."
        ),
        IndexBusyError: (
            "Un autre processus de Newsdesk écrit dans l'index ; attendez qu'il ait fini."
        ),
        NothingToRollBackError: "Il n'y a pas d'index antérieur auquel revenir.",
        NotACooldownError: (
            "« {error.text} » n'est pas une pause que je comprends ; écrivez des secondes, de 0 à"
            " 86400."
        ),
        ChannelNotAllowedError: (
            "Je ne réponds pas aux questions dans ce salon, mais dans {error.channels}."
        ),
        ForeignServerError: "Je ne réponds pas sur ce serveur.",
        CommandChangedError: (
            "Cette commande a changé depuis ma mise à jour. Rechargez Discord (Ctrl+R) et"
            " réessayez ; si cela ne suffit pas, mon administrateur doit me redémarrer."
        ),
        NotAModeratorError: "Seuls les modérateurs peuvent faire cela.",
        NotAnAdminError: "Seuls les administrateurs peuvent faire cela.",
        ServersNotNamedError: (
            "Je suis sur plusieurs serveurs ; l'administrateur doit nommer dans DISCORD_GUILD_IDS"
            " ceux dont j'écoute les modérateurs."
        ),
        DraftGoneError: "Je n'ai plus ce qu'il faut à ce bouton ; veuillez recommencer.",
        NoLinkError: "Il n'y a pas de lien dans ce message.",
        ArticleNotFoundError: "Il n'y a pas d'article « {error.reference} ».",
        DuplicateArticleError: (
            "{error.origin} : cet article est déjà là, c'est le numéro {error.existing_id},"
            " « {error.existing_title} »."
        ),
        TooShortError: (
            "{error.origin} : trop court pour un article : {error.words} mots ; il en faut"
            " {error.least}."
        ),
        TooLongError: (
            "{error.origin} : trop long pour un article : {error.characters:,} caractères ;"
            " {error.limit:,} au plus."
        ),
        NoTextError: "{error.origin} : il n'y a pas de texte.",
        UnknownTypeError: (
            "{error.origin} : {error.kind} n'est pas un type que je lis ; texte, Markdown, HTML et"
            " PDF le sont."
        ),
        TooLargeError: "{error.origin} : trop grand ; {error.limit:,} octets au plus.",
        DamagedFileError: "{error.origin} : le fichier {error.kind} est abîmé.",
        ExtractionFailedError: (
            "{error.origin} : illisible ; la lecture échoue, ou demande trop de temps ou de"
            " mémoire."
        ),
        ForbiddenByRobotsError: (
            "{error.url} : le robots.txt du site demande aux programmes de ne pas lire cette page."
        ),
        ForbiddenAddressError: (
            "{error.url} : je ne lis pas cette adresse, seulement des adresses publiques en http"
            " et https."
        ),
        FetchError: "{error.url} : la page n'a pas pu être lue ({error.reason}).",
        QueueFullError: (
            "Je suis débordé : {error.waiting} questions attendent déjà. Reposez la vôtre dans une"
            " minute."
        ),
        NoTurnError: (
            "Votre question n'a pas eu son tour en {error.minutes:.0f} minutes : on m'en pose trop"
            " en ce moment. Reposez-la plus tard."
        ),
        StillAnsweringError: (
            "{error.waiting} de vos questions attendent déjà ; j'y réponds d'abord."
        ),
        CooldownError: "Un instant : vous pourrez poser la question suivante dans {wait}.",
        QuotaError: (
            "Vous avez posé vos {error.quota} questions du jour ; la prochaine dans {wait}."
        ),
        EmptyQuestionError: "Il n'y a pas de mot dans cette question.",
        SmallTalkError: "Avec plaisir. Interrogez-moi sur l'actualité de mes articles.",
        QuestionTooLongError: (
            "Cette question a {error.length} caractères ; {error.limit} au plus sont acceptés."
        ),
        StoreUnavailableError: f"La base des articles est indisponible ; {_ASK_THE_ADMIN}",
        IndexUnavailableError: f"L'index est indisponible ; {_ASK_THE_ADMIN}",
        ModelUnavailableError: f"Le modèle est indisponible ; {_ASK_THE_ADMIN}",
    },
)
