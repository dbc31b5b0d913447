//! Values in the names of files are masked before a record leaves the machine: a roster is often
//! called by the person it is about.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use sekisho::chunk::Origin;
use sekisho::detector::{self, Category, Confidence};
use sekisho::error::Result;
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options};
use sekisho::source::{Body, Item, List};

use super::super::set;

/// Masks what the detectors find in these texts, each by itself.
pub(super) fn mask(texts: &mut [&mut String]) -> Result<()> {
    // A name with a line end in it must not become two.
    let joined: String = texts.iter().map(|text| text.replace(['\r', '\n'], " ") + "\n").collect::<Vec<_>>().concat();
    let mut options = Options::new(Key::new([0; 32]), Instant::now);
    options.max_findings = 0;
    options.rules.inline_allow = false;
    options.rules.min_confidence = Confidence::Low;
    let detectors = detector::builtin().iter().filter(|d| d.category != Category::Client).cloned().map(Arc::new);
    // In names of files a value ends where in a text it would go on: 名簿_090….csv. As long, byte for byte.
    let spaced = joined.replace(['_', '.'], " ");
    let item = |text: &str| Item { origin: Origin::file(Path::new("names")), body: Body::Bytes(text.into()) };
    let mut found = Collect::default();
    set::scanner(detectors.collect(), options)?.run(&mut List::new(vec![item(&joined), item(&spaced)]), &mut found)?;
    let mut hidden = vec![false; joined.len()];
    for finding in found.findings.iter().filter(|finding| finding.origin.inside.is_empty()) {
        let at = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX).min(hidden.len());
        let range = at(finding.start.byte)..at(finding.end.byte);
        hidden.get_mut(range).into_iter().flatten().for_each(|byte| *byte = true);
    }
    if !hidden.contains(&true) {
        return Ok(());
    }
    let mut lines = joined.split_inclusive('\n');
    let mut start = 0;
    for text in texts {
        let Some(line) = lines.next() else { break };
        let name = line.trim_end_matches('\n').char_indices();
        **text = name.map(|(at, c)| if hidden[start + at] && c != '/' { '*' } else { c }).collect();
        start += line.len();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_masked_and_the_rest_stays() {
        let phone = ["090-1234", "-5678"].concat();
        let mut texts = [format!("/home/u/名簿_{phone}.csv"), "/home/u/見積書.xlsx".to_owned(), "a\nb".to_owned()];
        mask(&mut texts.iter_mut().collect::<Vec<_>>()).expect("masked");
        assert!(texts[0].starts_with("/home/u/名簿_***") && texts[0].ends_with(".csv"), "{}", texts[0]);
        assert!(!texts[0].contains("1234"));
        assert_eq!(texts[1], "/home/u/見積書.xlsx");
    }
}
