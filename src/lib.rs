//! Sekisho (関所), a data-loss-prevention scanner: finds credentials, personal information and
//! confidential material in files and streams.
//!
//! `argv → Args → Config → `[`scan::Scanner`]` (compiled once, shared) → `[`scan::Sink`].
//! A [`source::Source`] lists items; each is read in windows, taken apart ([`extract`]), made
//! text ([`text`]), decoded ([`decode`]) and searched ([`detect`]); [`policy`] decides what is
//! an alarm. The library prints nothing and reads no environment, clock or terminal.

pub mod chunk;
pub mod client;
pub mod config;
pub mod decode;
pub mod detect;
pub mod detector;
pub mod engine;
pub mod error;
pub mod extract;
pub mod finding;
pub mod hook;
pub mod lexicon;
pub mod message;
pub mod place;
pub mod policy;
pub mod report;
pub mod scan;
pub mod schedule;
pub mod source;
pub mod state;
pub mod text;
pub mod validate;
pub mod watch;
