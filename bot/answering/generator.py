"""Where written answers come from: the port, and its adapter for any LangChain chat model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, Self, TypeAlias

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from bot.answering.errors import (
    GenerationError,
    GeneratorRefusedError,
    GeneratorSettingsError,
    GeneratorTimeoutError,
    GeneratorUnreachableError,
    UnusableAnswerError,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

log = logging.getLogger(__name__)

# Sent where a server of one's own asks for no key: the client library would otherwise take the
# key of the public service from the environment, and send it there.
_NO_KEY: Final = "none"

# Far above what is asked for, and low enough that a hostile reply costs neither time nor memory.
MOST_REPLY_CHARACTERS: Final = 20_000

_FIRST_SERVER_ERROR: Final = 500
# No reply costs more: a server that counts so miscounts, and its figure would spend every budget.
_MOST_TOKENS: Final = 10_000_000
_UNCOUNTED: Final = {"total_tokens": 0}
_NOT_UNDERSTOOD: Final = frozenset({400, 422, 501})


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model; `system` is ours, `user` holds what others wrote."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a chat model wrote; `tokens` are all that the server counted for it, None if untold."""

    text: str
    tokens: int | None


Hear: TypeAlias = Callable[[str], None]


def unheard(piece: str) -> None:
    """Take no notice of a piece: the whole reply is enough."""
    del piece


class Generator(Protocol):
    """A language model that writes one reply."""

    async def generate(self, messages: Sequence[Message], hear: Hear = unheard) -> Reply:
        """Write the reply to a conversation; never blank, nor beyond `MOST_REPLY_CHARACTERS`.

        Args:
            messages: The conversation.
            hear: Is given the reply piece by piece as it comes, or at once where it comes at once;
                a `GenerationError` that it raises ends the reply.

        Raises:
            GenerationError: Whatever failed, perhaps in the middle of the reply. Nothing else is
                raised but cancellation.
        """


class ChatModelGenerator:
    """A chat model of any provider that LangChain knows, under one time limit for everything.

    Belongs to the event loop of its first call: the client libraries keep connections open in it.
    """

    def __init__(self, model: BaseChatModel, *, timeout_s: float) -> None:
        self._model = model
        self._timeout_s = timeout_s
        self._streams = True

    @classmethod
    def from_settings(
        cls, *, model: str, base_url: str | None, api_key: str | None, timeout_s: float
    ) -> Self:
        """Build the chat model; nothing is sent yet.

        Args:
            model: `provider:model`, as LangChain's `init_chat_model` names them.
            base_url: A server of one's own that speaks the provider's protocol; None is the
                provider's.
            api_key: None takes the provider's own environment variable, but not for a server of
                one's own.
            timeout_s: The longest that `generate` takes.

        Raises:
            GeneratorSettingsError: LLM_MODEL names no known provider, or one whose package is not
                installed; or the provider wants a key in LLM_API_KEY.
        """
        # Half a second of imports that only those pay for who configure a language model.
        from langchain.chat_models import init_chat_model

        provider, _, name = model.partition(":")
        if not provider.strip() or not name.strip():
            reason = f"{model!r} does not have the form provider:model"
            raise GeneratorSettingsError(setting="LLM_MODEL", reason=reason)
        if base_url is not None and api_key is None:
            api_key = _NO_KEY
        given = {"base_url": base_url, "api_key": api_key}
        options: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
        if provider == "openai":
            # The client library asks only the public service to count what it streams. Its own
            # limit for each piece can lose the cancellation by ours (`asyncio.wait_for`).
            options |= {"stream_usage": True, "stream_chunk_timeout": None}
        try:
            chat_model = init_chat_model(
                name,
                model_provider=provider,
                temperature=0,
                # The fallback, quotes, is at hand at once; waiting for a second try is not better.
                max_retries=0,
                **options,
            )
        except ImportError:
            reason = f"the LangChain package for the provider {provider!r} is not installed"
            raise GeneratorSettingsError(setting="LLM_MODEL", reason=reason) from None
        except ValueError:
            reason = f"{model!r} is not a chat model that LangChain can build"
            raise GeneratorSettingsError(setting="LLM_MODEL", reason=reason) from None
        except Exception as error:  # noqa: BLE001 - every provider's library has errors of its own
            reason = f"building the chat model failed with {type(error).__name__}"
            if api_key is None:
                reason = f"the provider {provider!r} wants a key"
            setting = "LLM_MODEL" if api_key else "LLM_API_KEY"
            raise GeneratorSettingsError(setting=setting, reason=reason) from None
        return cls(chat_model, timeout_s=timeout_s)

    async def generate(self, messages: Sequence[Message], hear: Hear = unheard) -> Reply:
        """Write the reply to a conversation; see `Generator`."""
        text = ""
        tokens = 0
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                aclosing(self._written([(m.role, m.content) for m in messages])) as written,
            ):
                async for piece in written:
                    text += piece.text
                    tokens += (piece.usage_metadata or _UNCOUNTED)["total_tokens"]
                    check_length(text)
                    hear(str(piece.text))
        except TimeoutError:
            log.info("the chat model took too long")
            raise GeneratorTimeoutError(timeout_s=self._timeout_s) from None
        check_not_blank(text)
        # Servers that do not count say nothing, or zero.
        return Reply(text, tokens if 0 < tokens <= _MOST_TOKENS else None)

    async def _written(self, conversation: list[tuple[str, str]]) -> AsyncGenerator[AIMessage]:
        """Give the reply as it is written, or as a whole if the server turns out not to stream.

        Raises:
            GenerationError: Whatever fails.
        """
        is_begun = False
        try:
            try:
                if self._streams:
                    async for piece in self._model.astream(conversation):
                        is_begun = True
                        yield piece
                    return
            except Exception as error:
                if is_begun or not _is_about_streaming(error):
                    raise
            whole = await self._model.ainvoke(conversation)
            self._streams = False
            yield whole
        except Exception as error:  # noqa: BLE001 - every provider's library has errors of its own
            log.info("the chat model failed: %s", type(error).__name__)
            # Not from the error: servers repeat keys and prompts in their messages.
            raise self._translated(error) from None

    def _translated(self, error: Exception) -> GenerationError:
        """Tell errors apart by what the client libraries of all providers have in common."""
        status = getattr(error, "status_code", None)
        if isinstance(status, int):
            if status >= _FIRST_SERVER_ERROR:
                return GeneratorUnreachableError(f"the server failed with status {status}")
            return GeneratorRefusedError(status=status, retry_after_s=_retry_after_s(error))
        kinds = {kind.__name__ for cause in _causes(error) for kind in type(cause).__mro__}
        if kinds & {"TimeoutError", "TimeoutException", "APITimeoutError"}:
            return GeneratorTimeoutError(timeout_s=self._timeout_s)
        if kinds & {"OSError", "TransportError", "APIConnectionError"}:
            return GeneratorUnreachableError("no connection, or it was cut")
        return UnusableAnswerError("a reply that does not follow the protocol")


def check_length(text: str) -> None:
    """Raise `UnusableAnswerError` if what is written so far is too long for a reply."""
    if len(text) > MOST_REPLY_CHARACTERS:
        reason = "a reply beyond all measure"
        raise UnusableAnswerError(reason)


def check_not_blank(text: str) -> None:
    """Raise `UnusableAnswerError` if a reply has no word."""
    if not text.strip():
        reason = "an empty reply"
        raise UnusableAnswerError(reason)


def _is_about_streaming(error: Exception) -> bool:
    """Tell whether a server that sent nothing may only not know how to stream."""
    status = getattr(error, "status_code", None)
    # LangChain has no error of its own for an empty stream.
    return status in _NOT_UNDERSTOOD if status is not None else isinstance(error, ValueError)


def _retry_after_s(error: Exception) -> float | None:
    """Read how long the server asks not to be asked; None if it does not say so intelligibly."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return float(Retry().parse_retry_after(headers["retry-after"]))
    except (KeyError, ValueError, OverflowError, InvalidHeader):
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
