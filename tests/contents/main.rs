//! Mail, databases and images through the whole scanner: what is planted is found where it is.

mod built;
mod hostile;
mod image;
mod mail;
mod scanned;
mod sqlite;
mod tables;
