//! `sekisho watch` among real programs: what it notices (`noticing`) and what it does about findings
//! (`actions`); `bench` runs it and hears what it says.
//!
//! `SEKISHO_FULL=1` measures too: 50 000 files in one go, and the time from close to finding.

#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout)] // A skipped test says so, and a measurement speaks.

mod actions;
mod bench;
mod noticing;
#[path = "../tools/mod.rs"]
mod tools;
