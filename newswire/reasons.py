"""The closed lists of reasons: why something failed, why it is tried again.

One value names the same thing in the ledger, in a dead letter, in a metric's
label and in the message a person reads (CONTRACT.md, section 7). Adding one is
a change of the contract.
"""

from enum import StrEnum


class Stage(StrEnum):
    """The three stages, as they appear in labels, letters and logs."""

    INGEST = "ingest"
    ENRICH = "enrich"
    INDEX = "index"


class Reason(StrEnum):
    """Why an article or a file did not go on; the closed list of the contract."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    BAD_ENCODING = "bad_encoding"
    BAD_FORMAT = "bad_format"
    TRUNCATED = "truncated"
    CORRUPT_ARCHIVE = "corrupt_archive"
    ARCHIVE_BOMB = "archive_bomb"
    UNSAFE_PATH = "unsafe_path"
    ENCRYPTED = "encrypted"
    NOT_REGULAR = "not_regular"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    READER_TIMEOUT = "reader_timeout"
    NO_BODY = "no_body"
    KILL_UNMATCHED = "kill_unmatched"
    BAD_MESSAGE = "bad_message"
    UNKNOWN_SCHEMA = "unknown_schema"
    ENRICHMENT_TIMEOUT = "enrichment_timeout"
    ENRICHMENT_CRASH = "enrichment_crash"
    MAPPING_REJECTED = "mapping_rejected"
    REFUSED = "refused"


class RetryReason(StrEnum):
    """Why a request is sent again; each one passes by itself, so none has a limit of attempts."""

    TOO_MANY_REQUESTS = "too_many_requests"
    BAD_GATEWAY = "bad_gateway"
    UNAVAILABLE = "unavailable"
    GATEWAY_TIMEOUT = "gateway_timeout"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    READ_ONLY = "read_only"
    SHARDS_UNAVAILABLE = "shards_unavailable"
    SERVER_ERROR = "server_error"
    BAD_ANSWER = "bad_answer"
    REFUSED = "refused"
    BROKER = "broker"
    WORKER_CRASH = "worker_crash"


REASONS: dict[Stage, tuple[Reason, ...]] = {
    Stage.INGEST: (
        Reason.EMPTY,
        Reason.TOO_LARGE,
        Reason.NOT_TEXT,
        Reason.BAD_ENCODING,
        Reason.BAD_FORMAT,
        Reason.TRUNCATED,
        Reason.CORRUPT_ARCHIVE,
        Reason.ARCHIVE_BOMB,
        Reason.UNSAFE_PATH,
        Reason.ENCRYPTED,
        Reason.NOT_REGULAR,
        Reason.UNSUPPORTED,
        Reason.UNREADABLE,
        Reason.READER_TIMEOUT,
        Reason.NO_BODY,
        Reason.KILL_UNMATCHED,
    ),
    # The last two never become letters: the article goes on, with the reason in enrichment.errors.
    Stage.ENRICH: (
        Reason.BAD_MESSAGE,
        Reason.UNKNOWN_SCHEMA,
        Reason.TOO_LARGE,
        Reason.ENRICHMENT_TIMEOUT,
        Reason.ENRICHMENT_CRASH,
    ),
    Stage.INDEX: (Reason.BAD_MESSAGE, Reason.UNKNOWN_SCHEMA, Reason.MAPPING_REJECTED, Reason.TOO_LARGE, Reason.REFUSED),
}

RETRY_REASONS: dict[Stage, tuple[RetryReason, ...]] = {
    Stage.INGEST: (RetryReason.BROKER,),
    Stage.ENRICH: (RetryReason.WORKER_CRASH,),
    Stage.INDEX: (
        RetryReason.TOO_MANY_REQUESTS,
        RetryReason.BAD_GATEWAY,
        RetryReason.UNAVAILABLE,
        RetryReason.GATEWAY_TIMEOUT,
        RetryReason.TIMEOUT,
        RetryReason.CONNECTION,
        RetryReason.READ_ONLY,
        RetryReason.SHARDS_UNAVAILABLE,
        RetryReason.SERVER_ERROR,
        RetryReason.BAD_ANSWER,
        RetryReason.REFUSED,
    ),
}
