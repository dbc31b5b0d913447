//! Sinks: what a scan finds → text for people, JSON for programs.
//!
//! Everything written here is masked already; file names are made safe for a terminal. Writes
//! to what it is given and decides nothing.

pub mod deletion;
mod json;
pub mod memory;
mod text;

pub use json::{Json, Shape};
pub use text::{Style, Text};

use crate::detector::Words;
use crate::message::Lang;

/// A detector's text in a language.
pub fn pick(words: &Words, lang: Lang) -> &str {
    match lang {
        Lang::En => &words.en,
        Lang::Ja => &words.ja,
    }
}
