//! Sekisho.
pub mod chunk;
pub mod decode;
pub mod detect;
pub mod detector;
pub mod engine;
pub mod error;
pub mod finding;
pub mod text;
pub mod validate;
