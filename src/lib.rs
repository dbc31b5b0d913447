//! Sekisho.
pub mod chunk;
pub mod decode;
pub mod error;
pub mod text;
pub mod validate;
