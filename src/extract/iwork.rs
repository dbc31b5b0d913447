//! Pages, Numbers and Keynote: a zip whose pictures and previews are looked at, and whose text (in
//! Apple's own archives) cannot be read here, which is said.

use super::{Input, Visit, zip};
use crate::error::{Problem, ProblemKind};

/// Takes the zip apart and ends with the problem.
pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    zip::extract(input, visit)?;
    Err(Problem::new(ProblemKind::Unsupported, "iWork (Pages, Numbers, Keynote)"))
}
