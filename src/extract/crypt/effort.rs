//! How much hashing of passwords one document may cause.

use crate::error::{Problem, ProblemKind};

/// Rounds of hashing for one document, over all passwords that are tried: some seconds. Office
/// asks for 100 000 a password, so that 300 can be tried.
const MOST: u64 = 30_000_000;

/// What is left of them.
#[derive(Debug)]
pub(in crate::extract) struct Effort(u64);

impl Effort {
    pub(in crate::extract) fn new() -> Effort {
        Effort(MOST)
    }

    /// Accounts for rounds before they are run. Fails if they are too many.
    pub(in crate::extract) fn spend(&mut self, rounds: u64) -> Result<(), Problem> {
        match self.0.checked_sub(rounds) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => Err(Problem::new(ProblemKind::Limit, format!("rounds of password hashing > {MOST}"))),
        }
    }
}
