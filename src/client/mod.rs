//! Whose data it is, and when it must be gone.
//!
//! The client ledger (clients, approvals, rules of retention) as text → [`Ledger`]; [`edit`]
//! changes that text and keeps its comments; [`Clients`] tells whose a file is, [`retention`] when
//! it must be gone. What was provided is registered in a [`Vault`] and recognised by a
//! [`Registry`]: copies and parts of [`documents`], values of tables ([`records`]). Reads no
//! clock, and no files but the vault's own: the day, the text and the home directory are handed
//! in.

mod attribution;
mod bytes;
mod date;
pub mod documents;
pub mod edit;
mod key;
mod ledger;
mod marker;
pub mod records;
mod registry;
pub mod retention;
mod seal;
mod vault;

pub use attribution::{Attributed, By, Clients, absolute};
pub use date::Date;
pub use ledger::{AgeRule, Approval, Client, GRACE_DAYS, Ledger, Notification, is_id};
pub use marker::{Mark, Markers};
pub use registry::{Exact, Home, Registry, hash_of};
pub use seal::SealKey;
pub use vault::{Contents, Vault};
