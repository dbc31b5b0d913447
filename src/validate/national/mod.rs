//! Identifiers that states give to persons, by the check digit that their law or tax office
//! publishes; one file a part of the world.
//!
//! A candidate, with or without its usual separators, in; whether its check digit, date and parts
//! agree out. One random number in ten passes the weaker of these, so that a detector wants a word
//! that says what the number is. The sources are named in the detectors' files; `tests/oracle.rs`
//! compares every function with an implementation that shares no code with it.

pub(super) mod america;
pub(super) mod arithmetic;
pub(super) mod asia;
pub(super) mod british_isles;
pub(super) mod east_europe;
pub(super) mod north_europe;
pub(super) mod oceania;
pub(super) mod south_europe;
#[cfg(test)]
mod tests;
pub(super) mod united_states;
pub(super) mod west_europe;
