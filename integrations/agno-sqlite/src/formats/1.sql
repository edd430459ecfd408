-- Format 1. Times are milliseconds since the Unix epoch, IDs are 16 bytes, usages are JSON or NULL if all counts are 0.

-- The totals of each owner, so that checking a limit reads no sessions. The shared owner is '', which is not a valid name.
CREATE TABLE owners (
    owner TEXT PRIMARY KEY,
    newest INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    session INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    usage TEXT,
    title TEXT,
    UNIQUE (owner, id),
    UNIQUE (owner, number)
) STRICT;

-- The state and the body come last, so that reading the other columns does not read them.
CREATE TABLE entries (
    row INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    entry BLOB NOT NULL,
    run BLOB,
    status TEXT NOT NULL,
    messages INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    usage TEXT,
    agent TEXT NOT NULL,
    state BLOB,
    body BLOB NOT NULL,
    UNIQUE (session, version),
    UNIQUE (session, entry)
) STRICT;

-- The state of a session outlives the entry that set it.
CREATE TABLE states (
    session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    version INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;

CREATE TABLE summaries (
    session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    through INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    usage TEXT,
    text TEXT NOT NULL
) STRICT;

-- A lease refers to no session, because a session can be leased before it exists.
CREATE TABLE leases (
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    token BLOB NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
