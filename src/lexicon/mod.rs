//! Dictionaries: words in, what is known of them out.
//!
//! The lists are text files in `data/`; `build.rs` makes hash tables of them that lie in the
//! binary, so a start costs nothing and only the pages that are touched are ever read. Knows
//! nothing of text around a word.

mod names;
mod places;
#[allow(unreachable_pub, reason = "shared with the build script")]
mod romaji;
#[allow(unreachable_pub, reason = "shared with the build script")]
mod table;

pub use places::{LONGEST_PLACE, Place, place};

pub use names::{
    Name, Part, Title, agrees, fold, given_name, is_given_last, is_reading, is_romaji, is_surname_first, is_western,
    not_a_name, suits_given_name, surname, title,
};
