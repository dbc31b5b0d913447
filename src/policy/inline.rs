//! Comments beside a value that allow it: our own, with detector and reason, and those of other
//! tools, which stand for credentials only.
//!
//! The line and the line above it in, the suppression out.

use super::names;
use crate::detector::{Category, Detector};
use crate::finding::Suppression;

/// The tag of our own comments: `sekisho:allow DETECTOR[,DETECTOR…] [-- reason]`, where a
/// detector is an id, a class (`credential`) or `*`.
const OWN: &str = "sekisho:allow";

/// The same for the line below, where a line has no room for a comment.
const OWN_NEXT: &str = "sekisho:allow-next-line";

/// What other tools call it. They look for credentials, so whoever wrote it spoke of nothing
/// else. `nosec` is not among them: it speaks of code, not of secrets.
const OTHERS: &[&str] = &[
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "pragma: allowlist secret",
    "pragma: whitelist secret",
    "secretlint-disable-line",
    "ggignore",
];

/// The same for the line below.
const OTHERS_NEXT: &[&str] =
    &["pragma: allowlist nextline secret", "pragma: whitelist nextline secret", "secretlint-disable-next-line"];

/// What allows a finding of `detector` on `line`, below the line `before`.
pub(super) fn allow(line: &[u8], before: &[u8], detector: &Detector) -> Option<Suppression> {
    own(line, OWN, &detector.id).or_else(|| own(before, OWN_NEXT, &detector.id)).or_else(|| {
        let other = |line, tags: &[&'static str]| tags.iter().copied().find(|tag| has(line, tag));
        (detector.category == Category::Credential)
            .then(|| other(line, OTHERS).or_else(|| other(before, OTHERS_NEXT)))?
            .map(Suppression::OtherTool)
    })
}

fn own(line: &[u8], tag: &str, id: &str) -> Option<Suppression> {
    let at = memchr::memmem::find(line, tag.as_bytes())?;
    let rest = line[at + tag.len()..].strip_prefix(b" ")?;
    let rest = String::from_utf8_lossy(rest);
    let (listed, reason) = match rest.split_once(" -- ") {
        Some((listed, reason)) => (listed, Some(reason)),
        None => (&*rest, None),
    };
    let listed = listed.split_whitespace().next()?;
    let close = |reason: &str| {
        let reason = reason.trim();
        ["*/", "-->", "#}"].iter().find_map(|end| reason.strip_suffix(end)).unwrap_or(reason).trim().to_owned()
    };
    listed
        .split(',')
        .any(|name| names(name, id))
        .then(|| Suppression::InlineAllow(reason.map(close).filter(|reason| !reason.is_empty())))
}

/// Does the tag stand in the line as a word of its own?
fn has(line: &[u8], tag: &str) -> bool {
    let word = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    memchr::memmem::find_iter(line, tag.as_bytes())
        .any(|at| !word(at.checked_sub(1).and_then(|i| line.get(i))) && !word(line.get(at + tag.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(line: &str) -> Option<Suppression> {
        own(line.as_bytes(), OWN, "credential/github-token")
    }

    #[test]
    fn a_tag_names_detectors_and_a_reason() {
        let with = |reason: &str| Some(Suppression::InlineAllow(Some(reason.to_owned())));
        assert_eq!(allowed("x # sekisho:allow credential/github-token -- test double"), with("test double"));
        assert_eq!(allowed("/* sekisho:allow credential -- 試験用 */"), with("試験用"));
        assert_eq!(allowed("<!-- sekisho:allow * -->"), Some(Suppression::InlineAllow(None)));
        assert_eq!(
            allowed("# sekisho:allow personal/email-address,credential/*"),
            Some(Suppression::InlineAllow(None))
        );
    }

    #[test]
    fn a_tag_for_something_else_or_for_nothing_allows_nothing() {
        assert_eq!(allowed("# sekisho:allow personal/email-address"), None);
        assert_eq!(allowed("# sekisho:allow"), None);
        assert_eq!(allowed("# sekisho:allow credential/github"), None);
        assert_eq!(allowed("# sekisho:allow-next-line credential"), None);
    }

    #[test]
    fn other_tools_speak_of_credentials_only() {
        let detector = |id: &str| crate::detector::builtin().iter().find(|d| d.id == id).cloned().expect("built in");
        let (token, mail) = (detector("credential/github-token"), detector("personal/email-address"));
        let said = |line: &str, before: &str| allow(line.as_bytes(), before.as_bytes(), &token);
        for tag in OTHERS {
            assert_eq!(said(&format!("key = 1 # {tag}"), ""), Some(Suppression::OtherTool(tag)));
            assert_eq!(said("key = 1", &format!("# {tag}")), None, "{tag} stands for its own line");
            assert_eq!(allow(format!("a # {tag}").as_bytes(), b"", &mail), None);
        }
        for tag in OTHERS_NEXT {
            assert_eq!(said("key = 1", &format!("# {tag}")), Some(Suppression::OtherTool(tag)));
            assert_eq!(said(&format!("key = 1 # {tag}"), ""), None);
        }
        assert_eq!(said("key = 1 # nosec", ""), None);
        assert_eq!(said("key = loggignored", ""), None);
        assert_eq!(
            said("key = 1", "// sekisho:allow-next-line credential -- sample"),
            Some(Suppression::InlineAllow(Some("sample".to_owned())))
        );
    }
}
