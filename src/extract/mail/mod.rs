//! Mail: single messages (eml, emlx, mht) and files of them (mbox); calendars and address cards.
//!
//! A stream in; headers as text, bodies and attachments as members out. Charsets of bodies are
//! the loop's business, which is told what the header says. Nothing is kept but a header.

mod flowed;
mod folded;
mod header;
mod lines;
mod mbox;
mod message;
mod recognise;
mod transfer;
mod words;

pub(super) use folded::{extract as extract_folded, is_folded};
pub(super) use mbox::extract as extract_mbox;
pub(super) use message::extract;
pub(super) use recognise::{is_mbox, is_message};
pub(super) use words::base64;
