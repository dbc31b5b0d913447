//! The schema and its versions: a database of any known version → one of the present version.
//!
//! `user_version` numbers the schema, `application_id` says whose database it is. A step is
//! never changed once it has been released; a new version is a new step at the end.

use rusqlite::{Connection, TransactionBehavior};

/// "SKSO": a database of this program (SQLite's `application_id`).
pub(super) const APPLICATION: i64 = 0x534B_534F;

/// Step *n* makes version *n + 1* out of version *n*.
const STEPS: &[&str] = &[include_str!("schema-1.sql"), include_str!("schema-2.sql"), include_str!("schema-3.sql")];

/// The newest version.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Brings a database to the newest version, all or nothing. Does nothing to one that is there.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    step_through(connection, STEPS)
}

fn step_through(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let newest = steps.len() as i64;
    if version(connection)? >= newest {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let from = version(&transaction)?;
    for step in steps.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", newest)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()
}

/// The version of the schema that a database has.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Whose database it is.
pub(super) fn application(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_leaves_the_old_version() {
        let mut connection = Connection::open_in_memory().expect("memory");
        step_through(&mut connection, &["CREATE TABLE a (x)"]).expect("version 1");
        connection.execute("INSERT INTO a VALUES (7)", []).expect("row");
        assert!(step_through(&mut connection, &["-", "ALTER TABLE a ADD y; nonsense"]).is_err());
        assert_eq!(version(&connection).expect("version"), 1);
        step_through(&mut connection, &["nonsense", "ALTER TABLE a ADD y DEFAULT 8"]).expect("version 2");
        let row: (i64, i64) =
            connection.query_row("SELECT x, y FROM a", [], |r| Ok((r.get(0)?, r.get(1)?))).expect("row");
        assert_eq!((row, version(&connection).expect("version")), ((7, 8), 2));
    }
}
