//! Whose data it is, and when it must be gone.
//!
//! The client ledger (clients, approvals, rules of retention) as text → [`Ledger`]; [`edit`]
//! changes that text and keeps its comments; [`Clients`] tells whose a file is, [`retention`] when
//! it must be gone. Reads no clock and no files: the day, the text and the home directory are
//! handed in.

mod attribution;
mod date;
pub mod edit;
mod key;
mod ledger;
mod marker;
pub mod retention;

pub use attribution::{Attributed, By, Clients, absolute};

pub use date::Date;
pub use ledger::{AgeRule, Approval, Client, GRACE_DAYS, Ledger, Notification, is_id};
pub use marker::{Mark, Markers};
