//! The built-in set: constants written by `build.rs` from `detectors/**/*.toml`.

use std::borrow::Cow;

// The constants may not use every type, depending on what the files say.
#[allow(unused_imports)]
use super::model::{Category, Confidence, Context, Detector, Files, Levels, Pair, Prefilter, Severity, Variant, Words};

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The built-in detectors, sorted by id. Costs nothing: they are constants.
pub fn builtin() -> &'static [Detector] {
    BUILTIN
}

/// The files behind [`builtin`] as `(id, text)`, sorted by id; they hold the examples.
pub fn sources() -> &'static [(&'static str, &'static str)] {
    SOURCES
}
