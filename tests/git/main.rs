//! Repositories of every odd kind, made by real git: hooks, history, baselines.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

mod baseline;
mod frameworks;
mod history;
mod hostile;
mod install;
mod objects;
mod odd;
mod ranges;
mod repo;
mod settings;
mod staged;
#[path = "../tools/mod.rs"]
mod tools;
