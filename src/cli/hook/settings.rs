//! A repository's own settings, as they are staged: what they allow holds, what they switch off
//! holds only where the user trusts them, and either is said.

use std::sync::Arc;

use sekisho::config::repository::{FILE, Repository};
use sekisho::detector::Detector;
use sekisho::error::{Error, Place, Result};
use sekisho::message::{GitMessage, Message};
use sekisho::scan::Options;
use sekisho::source::git::Git;

use super::trust;
use crate::cli::{Session, baseline, settings};

/// Applies the settings that a commit has, and the baseline that they name.
pub(super) fn of_commit(
    session: &Session,
    git: &Git,
    commit: &str,
    detectors: &mut Vec<Arc<Detector>>,
    options: &mut Options,
) -> Result<()> {
    let read = |file: &str| git.ask(&["cat-file", "blob", &format!("{commit}:{file}")]).ok();
    let Some(source) = read(FILE) else { return Ok(()) };
    if let Some(file) = apply(session, git, &source, detectors, options)?
        && options.rules.baseline.is_none()
    {
        options.rules.baseline = Some(baseline::of_index(&file, read(&file), baseline::top_of(git)?)?);
    }
    Ok(())
}

/// Applies the settings `source`. Returns the baseline that they name.
pub(super) fn apply(
    session: &Session,
    git: &Git,
    source: &[u8],
    detectors: &mut Vec<Arc<Detector>>,
    options: &mut Options,
) -> Result<Option<String>> {
    let text = std::str::from_utf8(source).map_err(|_| Error::File(Place::whole(FILE, "this is not UTF-8")))?;
    let own = Repository::parse(text).map_err(Error::File)?;
    let tell = |message: GitMessage<'_>| session.say(&Message::Git(message));
    if !own.allowed.is_empty() {
        tell(GitMessage::SettingsAllow { values: own.allowed.len() });
    }
    options.rules.allowed.extend(own.allowed.iter().cloned());
    let lowering = &own.lowering;
    if !lowering.is_empty() {
        let told = lowering.told.join("; ");
        if trust::is_trusted(session, git, source)? {
            tell(GitMessage::SettingsLower(&told));
            options.rules.allowed.extend(lowering.allowed.iter().cloned());
            detectors.retain(|detector| !lowering.switches_off(detector));
            if let Some(level) = &lowering.min_confidence {
                options.rules.min_confidence = settings::confidence(level).ok_or_else(|| {
                    Error::File(Place::whole(FILE, format!("min_confidence: `{level}` is not low, medium or high")))
                })?;
            }
        } else {
            tell(GitMessage::SettingsIgnored(&told));
        }
    }
    if let Some(file) = &own.baseline {
        tell(GitMessage::SettingsBaseline(file));
    }
    Ok(own.baseline)
}
