//! A whole input in memory, for formats that jump about in it.

use super::Input;
use crate::error::{Problem, ProblemKind};

/// Largest document that is kept in memory, in bytes.
const LARGEST: u64 = 256 << 20;

/// All bytes of the input. Fails if it is too long to keep.
pub(super) fn whole(input: &mut Input<'_>) -> Result<Vec<u8>, Problem> {
    let source = input.random_access()?;
    let size = source.size();
    if size > LARGEST {
        return Err(Problem::new(ProblemKind::Limit, format!("bytes in memory > {LARGEST}")));
    }
    let mut bytes = vec![0; size as usize];
    let mut at = 0;
    while at < bytes.len() {
        match source.read_at(&mut bytes[at..], at as u64).map_err(|e| Problem::from_io(&e))? {
            0 => break,
            n => at += n,
        }
    }
    bytes.truncate(at);
    Ok(bytes)
}
