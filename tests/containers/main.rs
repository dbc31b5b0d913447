//! Containers: those of other programs, hostile ones, broken ones; here and in a parser process.

mod bombs;
mod broken;
mod build;
mod isolation;
mod nested;
mod programs;
mod streams;
mod unpack;
mod zip;
