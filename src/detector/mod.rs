//! A detector file → [`Detector`]: what to look for, how to judge it, what to tell people.
//!
//! The built-in set is parsed when the crate is built (`build.rs` uses the same parser) and
//! lies in the binary as constants; users' files go through [`parse`] at run time. Matching
//! and judging are not here.

mod builtin;
mod file;
pub mod gitleaks;
mod lint;
mod model;
mod services;
mod skeleton;

pub use builtin::{builtin, sources};
pub use file::{Example, parse, parse_examples, pattern_place};
pub use lint::lint;
pub use model::*;
pub use skeleton::skeleton;
