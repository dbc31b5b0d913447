//! Whose data it is, and when it must be gone.
//!
//! The client ledger (clients, approvals, rules of retention) as text → [`Ledger`]; [`edit`]
//! changes that text and keeps its comments. Reads no clock and no files: the day, the text and
//! the home directory are handed in.

mod date;
pub mod edit;
mod key;
mod ledger;

pub use date::Date;
pub use ledger::{AgeRule, Approval, Client, GRACE_DAYS, Ledger, Notification, is_id};
