-- Schema 1. Times are seconds since 1970 as the clock told them; `run` numbers give the order,
-- whatever the clock did. Paths are bytes, as Unix has them.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One sweep, or one session of the watch. Without `ended` it is under way, or was killed.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    complete INTEGER NOT NULL DEFAULT 0,
    clock_back INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    open INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    problems INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What a run covered: `root`, `absent` (a root that could not be walked), `exclusion`.
CREATE TABLE coverage (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    what BLOB NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    times INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run, kind, what)
) STRICT, WITHOUT ROWID;

-- A set of detectors under the options that change results.
CREATE TABLE detector_set (
    id INTEGER PRIMARY KEY,
    base BLOB NOT NULL,
    members BLOB NOT NULL,
    UNIQUE (base, members)
) STRICT;

-- What a report needs to know of a detector, should it be gone by then.
CREATE TABLE detector (
    id TEXT PRIMARY KEY,
    category TEXT NOT NULL,
    severity TEXT NOT NULL,
    articles TEXT NOT NULL,
    title_en TEXT NOT NULL,
    title_ja TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where file systems were mounted: a file below one that is not there now is not gone.
CREATE TABLE mount (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE) STRICT;

-- Files as they were when they were last read. An unchanged one is not written again.
CREATE TABLE file (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    mount INTEGER NOT NULL,
    detector_set INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    run INTEGER NOT NULL,
    content TEXT
) STRICT, WITHOUT ROWID;

-- Findings: masked previews and fingerprints only. `opened` is the run in which it (again)
-- appeared, `seen` the last run that read it, `how` why it is not there any more.
CREATE TABLE finding (
    path BLOB NOT NULL,
    detector TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    member TEXT NOT NULL,
    inside TEXT NOT NULL,
    shown TEXT NOT NULL,
    confidence TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    start_column INTEGER NOT NULL,
    start_byte INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    end_column INTEGER NOT NULL,
    end_byte INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    encoding TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    resolved INTEGER,
    resolved_run INTEGER,
    how TEXT,
    PRIMARY KEY (path, detector, fingerprint, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_resolved ON finding (resolved_run) WHERE resolved_run IS NOT NULL;

-- Findings of a file that were counted beyond those that are kept.
CREATE TABLE beyond (
    path BLOB NOT NULL,
    detector TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (path, detector)
) STRICT, WITHOUT ROWID;

-- What could not be looked at.
CREATE TABLE problem (
    path BLOB NOT NULL,
    inside TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    PRIMARY KEY (path, inside, kind, what)
) STRICT, WITHOUT ROWID;

-- Files with findings that are gone: the stuff of a deletion record.
CREATE TABLE gone_file (
    path BLOB NOT NULL,
    run INTEGER NOT NULL,
    size INTEGER NOT NULL,
    content TEXT,
    first_seen INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    PRIMARY KEY (path, run)
) STRICT, WITHOUT ROWID;
