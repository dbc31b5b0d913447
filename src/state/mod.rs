//! The memory of sweeps and of the watch: which files were read, what was found in them, since
//! when, and what is gone.
//!
//! One SQLite database, open in several processes at once. [`Store::scan`] is a scan that reads
//! only what is not known and writes down what it finds; [`Store::findings`] and its neighbours
//! read it for reports. Holds masked previews, fingerprints and names, never a value. Reads no
//! clock; knows no output format.

mod audit;
mod freshness;
mod inventory;
mod known;
mod location;
mod lock;
mod mounts;
mod plan;
mod record;
mod register;
mod rows;
mod run;
mod salvage;
mod schema;
mod set;
mod store;
mod track;
mod view;

pub use audit::{Break, Entry, Head, Moment, verify};
pub use freshness::Gap;
pub use inventory::{Gone, Held};
pub use location::{is_mounted, mount_point};
pub use plan::{Group, Item, Plan, Tally, Today};
pub use register::{Approved, Owners, Register, Shared};
pub use run::{Begun, Coverage, Run, RunKind};
pub use salvage::{Salvaged, move_aside, salvage};
pub use set::DetectorSet;
pub use store::Store;
pub use track::{Tracked, Tracking};
pub use view::{Counts, Remembered, Scope, Standing, Unseen};
