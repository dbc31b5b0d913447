-- Schema 3: whose files are by their content, where they were downloaded from, what clients' files
-- are gone; the audit chain.

-- Whose a file is, by what stands in it (`document`, `record`, `marker`). What folders and domains
-- say is judged anew each time, since the ledger may change without the file.
CREATE TABLE attribution (
    path BLOB NOT NULL,
    client TEXT NOT NULL,
    how TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (path, client, how)
) STRICT, WITHOUT ROWID;

-- The address a file was downloaded from.
CREATE TABLE download (path BLOB PRIMARY KEY, address TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Whose a file was that is gone (a row of `gone_file`), and what said so.
CREATE TABLE gone_client (
    path BLOB NOT NULL,
    run INTEGER NOT NULL,
    client TEXT NOT NULL,
    how TEXT NOT NULL,
    PRIMARY KEY (client, path, run, how)
) STRICT, WITHOUT ROWID;

-- What clients a sweep looked for: a hash of their words, domains and folders.
ALTER TABLE run ADD COLUMN clients TEXT;

-- What was done, each entry hashed together with the hash before it. Only ever added to.
CREATE TABLE audit (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
