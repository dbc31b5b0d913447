//! The two halves of a credential (the id of a key and its secret, an account and its token) are
//! one finding.
//!
//! The hits of a text in; the secret half raised and told what stands near it, the other half
//! marked as its part, out. A half that is alone stays what it is.

use std::ops::Range;
use std::sync::Arc;

use regex_automata::Input;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use super::Hit;
use crate::detector::{Category, Confidence, Detector, Pair};
use crate::finding::Reason;

/// Hits on each side that are compared with one.
const MOST: usize = 256;

/// What is a detector's other half.
#[derive(Debug)]
pub(super) enum Partner {
    /// What the detector of this index finds.
    Detector(usize, Arc<str>),
    /// What looks like this, by its name in the reasons.
    Pattern(Box<Regex>, Arc<str>),
}

impl Partner {
    /// The partner that a detector names; none if that detector is not in the set. Fails, in
    /// English, on a wrong pattern.
    pub(super) fn new(pair: &Pair, list: &[Arc<Detector>]) -> Result<Option<Partner>, String> {
        let name = Arc::from(&*pair.with);
        let Some(pattern) = &pair.pattern else {
            return Ok(list.iter().position(|d| d.id == pair.with).map(|index| Partner::Detector(index, name)));
        };
        let syntax = syntax::Config::new().unicode(false).utf8(false);
        let regex = Regex::builder().syntax(syntax).build(pattern).map_err(|e| e.to_string())?;
        Ok(Some(Partner::Pattern(Box::new(regex), name)))
    }
}

/// Joins the halves among hits in order of their offset.
pub(super) fn join(list: &[Arc<Detector>], partners: &[Option<Partner>], text: &[u8], hits: &mut [Hit]) {
    for i in 0..hits.len() {
        let detector = hits[i].detector;
        let (Some(partner), Some(pair)) = (&partners[detector], &list[detector].pair) else { continue };
        if hits[i].doubted {
            continue;
        }
        let within = pair.within as usize;
        let name = match partner {
            Partner::Detector(other, name) => {
                let Some(j) = nearest(hits, i, *other, within) else { continue };
                // A postal code beside its address is evidence; both stay what they are.
                let is_half = list[detector].category == Category::Credential;
                hits[j].is_part = is_half && hits[i].confidence.max(pair.confidence) >= hits[j].confidence;
                name
            }
            Partner::Pattern(regex, name) => {
                let around = around(text, &hits[i].value, within);
                let mut inputs = [around.start..hits[i].value.start, hits[i].value.end..around.end].into_iter();
                if !inputs.any(|span| regex.is_match(Input::new(text).span(span))) {
                    continue;
                }
                name
            }
        };
        let name = name.clone();
        let hit = &mut hits[i];
        hit.confidence = hit.confidence.max(pair.confidence);
        hit.reasons.push(Reason::Pair(name));
    }
}

/// The nearest hit of another detector that is sure enough and no part yet.
fn nearest(hits: &[Hit], i: usize, other: usize, within: usize) -> Option<usize> {
    let here = &hits[i].value;
    let distance = |hit: &Hit| hit.value.start.saturating_sub(here.end).max(here.start.saturating_sub(hit.value.end));
    // Hits are in order, so only those around this one are looked at.
    let before = (0..i).rev().take_while(|&j| hits[j].value.start + within + 4096 > here.start).take(MOST);
    let after = (i + 1..hits.len()).take_while(|&j| hits[j].value.start <= here.end + within).take(MOST);
    before
        .chain(after)
        .filter(|&j| {
            let hit = &hits[j];
            hit.detector == other && !hit.is_part && hit.confidence > Confidence::Low && distance(hit) <= within
        })
        .min_by_key(|&j| distance(&hits[j]))
}

/// The text up to a distance around a value, in bytes.
fn around(text: &[u8], value: &Range<usize>, within: usize) -> Range<usize> {
    value.start.saturating_sub(within)..(value.end + within).min(text.len())
}

#[cfg(test)]
mod tests {
    use crate::detect::{Detectors, Scratch, Setting};
    use crate::detector::{Detector, parse};
    use crate::finding::Confidence;
    use std::sync::Arc;

    fn detector(id: &str, pattern: &str, more: &str) -> Arc<Detector> {
        let file = format!(
            "title = {{ en = \"t\", ja = \"t\" }}\nwhy = {{ en = \"w\", ja = \"w\" }}\nseverity = \"high\"\n\
             pattern = '{pattern}'\n{more}\n"
        );
        Arc::new(parse(id, "f", &file).expect("well-formed"))
    }

    fn hits(list: Vec<Arc<Detector>>, text: &str) -> Vec<(String, Confidence, bool, Vec<String>)> {
        let detectors = Detectors::new(list).expect("compiles");
        let mut found = Vec::new();
        let all = 0..text.len();
        detectors.detect(text.as_bytes(), all, Setting::default(), &mut Scratch::default(), &mut found);
        found
            .into_iter()
            .map(|h| {
                let id = detectors.list()[h.detector].id.to_string();
                (id, h.confidence, h.is_part, h.reasons.iter().map(ToString::to_string).collect())
            })
            .collect()
    }

    #[test]
    fn two_halves_are_one() {
        let list = || {
            vec![
                detector("credential/id", "idid-[0-9]{4}", ""),
                detector(
                    "credential/key",
                    "keykey-[0-9]{4}",
                    "pair = { with = \"credential/id\", within = 20, confidence = \"high\" }",
                ),
            ]
        };
        let found = hits(list(), "idid-0001 idid-0002 keykey-0003");
        let parts: Vec<bool> = found.iter().map(|f| f.2).collect();
        assert_eq!(parts, [false, true, false], "{found:?}");
        assert_eq!(found[2].1, Confidence::High);
        assert_eq!(found[2].3, ["pattern", "pair:credential/id"]);
        let apart = hits(list(), "idid-0001                                   keykey-0003");
        assert!(apart.iter().all(|f| !f.2 && f.1 == Confidence::Medium), "{apart:?}");
    }

    #[test]
    fn a_half_that_is_no_secret_is_a_pattern() {
        let pair = "pair = { with = \"account\", pattern = 'AC[0-9]{4}', within = 20, confidence = \"high\" }";
        let found = hits(vec![detector("credential/key", "keykey-[0-9]{4}", pair)], "keykey-0003 of AC1234");
        assert_eq!(found[0].3, ["pattern", "pair:account"]);
        let found = hits(vec![detector("credential/key", "keykey-[0-9]{4}", pair)], "keykey-0003 of AC12");
        assert_eq!((found[0].1, found[0].3.len()), (Confidence::Medium, 1));
    }
}
