"""The generation cache: replies by model, prompt, sampling and seed, in one SQLite file.

What was drawn once is never drawn again: not after a kill, nor for more samples, another protocol with the same
prompts, or another scores file.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.files import digest
from evals.model import Chat, Model, Reply, message_to_json
from evals.types import Sampling

_TABLE = "create table if not exists replies (key text primary key, reply text not null) without rowid"
_WAIT = 60.0  # seconds for another process to finish writing
_AT_ONCE = 500  # keys in one query; SQLite's oldest limit is 999


class GenerationsError(ValueError):
    """A file of generations that cannot be used; one sentence that says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model whose replies are kept in `file`, and taken from there when they are there.

    `model_digest` stands for all of the model that a reply follows from: its weights, and the precision in which
    they are run. Several processes may use one file at a time.
    """

    model: Model
    model_digest: str
    file: Path

    def reply(
        self,
        chats: Sequence[Chat],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
        on_reply: Callable[[int, Reply], None] | None = None,
    ) -> list[Reply]:
        """See `evals.model.Model.reply`. Raises `GenerationsError` too."""
        keys = [reply_key(self.model_digest, chat, sampling) for chat in chats]
        with _opened(self.file) as connection:
            found = dict(_read(connection, keys))
            missing = [position for position, key in enumerate(keys) if key not in found]
            if on_reply is not None:
                for position in sorted(set(range(len(keys))) - set(missing)):
                    on_reply(position, found[keys[position]])

            def keep(place: int, reply: Reply) -> None:
                position = missing[place]
                found[keys[position]] = reply
                with connection:
                    row = (keys[position], json.dumps(asdict(reply)))
                    connection.execute("insert or replace into replies values (?, ?)", row)
                if on_reply is not None:
                    on_reply(position, reply)

            if missing:
                self.model.reply([chats[position] for position in missing], sampling, on_tokens, keep)
        return [found[key] for key in keys]


def reply_key(model_digest: str, chat: Chat, sampling: Sampling) -> str:
    """`sha256:...` of what a reply follows from. An image counts by its own digest."""
    return digest(
        {
            "model": model_digest,
            "prompt": [message_to_json(message) for message in chat.prompt],
            "sampling": asdict(sampling),
            "seed": chat.seed,
        }
    )


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # An endpoint's replies may come in another thread than this one, one at a time.
        with closing(sqlite3.connect(file, timeout=_WAIT, check_same_thread=False)) as connection:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute(_TABLE)
            yield connection
    except sqlite3.Error as error:
        raise GenerationsError(
            f"{file}, where replies are kept, cannot be used ({error}); remove it, or name another with --cache."
        ) from error


def _read(connection: sqlite3.Connection, keys: Sequence[str]) -> Iterator[tuple[str, Reply]]:
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        for key, reply in connection.execute(f"select key, reply from replies where key in ({marks})", part):
            yield key, Reply(**json.loads(reply))
