//! Readings: kana that is a person's name by itself (ヤマダ タロウ), and the reading of a name in
//! kanji that stands beside it.

use super::super::finder::Sighting;
use super::runs::{Kind, Run, Runs};
use crate::lexicon::{self, Part};

/// A reading stands within so many bytes of the name: a bracket, a blank, a comma, a line's end.
const NEAR: usize = 6;

/// Looks at a run of kana and the one behind a blank: surname and given name.
pub(super) fn look(text: &[u8], run: &Run, found: &mut dyn FnMut(Sighting)) {
    if !(2..=7).contains(&run.length) || text.get(run.end) != Some(&b' ') {
        return;
    }
    let Some(next) = Runs::new(text, run.end + 1, run.end + 2).next().filter(|n| n.start == run.end + 1) else {
        return;
    };
    if next.kind != run.kind || !lexicon::is_reading(run.chars(), Part::Surname) {
        return;
    }
    let mut given = next.chars();
    let mut end = next.end;
    // ヤマダ タロウさま has another kind behind it; やまだ たろうさま the same.
    if let Some(n) = (2..=3).find(|&n| given.len() > n + 1 && lexicon::title(&given[given.len() - n..], true).is_some())
    {
        given = &given[..given.len() - n];
        end -= n * 3;
    }
    let long = match run.kind {
        // Words in hiragana with blanks between them are children's text.
        Kind::Hiragana => run.length + given.len() >= 6 && run.length >= 2,
        _ => run.length + given.len() >= 4,
    };
    if long
        && (2..=7).contains(&given.len())
        && lexicon::is_reading(given, Part::Given)
        && !goes_on(text, end, run.kind)
    {
        found(Sighting {
            value: run.start..end,
            reasons: &["surname", "given-name", "kana"],
            proven: false,
            weak: false,
        });
    }
}

/// Is there a third word of the same kind behind a blank? Then it is a sentence or a list.
fn goes_on(text: &[u8], end: usize, kind: Kind) -> bool {
    text.get(end) == Some(&b' ')
        && Runs::new(text, end + 1, end + 2)
            .next()
            .is_some_and(|run| run.start == end + 1 && run.kind == kind && run.length > 1)
}

/// Does kana that `fits` stand directly before `start` or behind `end`? It is handed over without
/// its blanks.
pub(super) fn reading_near(text: &[u8], start: usize, end: usize, fits: impl Fn(&[u16]) -> bool) -> bool {
    behind(text, end).is_some_and(|kana| fits(&kana)) || before(text, start).is_some_and(|kana| fits(&kana))
}

fn behind(text: &[u8], end: usize) -> Option<Vec<u16>> {
    let mut runs = Runs::new(text, end, (end + NEAR + 1).min(text.len()));
    let first =
        runs.next().filter(|run| run.start > end && is_gap(&text[end..run.start]) && run.kind != Kind::Kanji)?;
    let mut kana = first.chars().to_vec();
    if text.get(first.end) == Some(&b' ')
        && let Some(next) = Runs::new(text, first.end + 1, first.end + 2).next()
        && next.start == first.end + 1
        && next.kind == first.kind
    {
        kana.extend_from_slice(next.chars());
    }
    (kana.len() >= 3).then_some(kana)
}

fn before(text: &[u8], start: usize) -> Option<Vec<u16>> {
    let from = start.saturating_sub(64);
    let runs: Vec<Run> = Runs::new(text, from, start).collect();
    let last = runs.last().filter(|run| run.end < start && is_gap(&text[run.end..start]) && run.kind != Kind::Kanji)?;
    let mut kana = Vec::new();
    if let Some(ahead) = runs.len().checked_sub(2).map(|i| &runs[i])
        && ahead.kind == last.kind
        && ahead.end + 1 == last.start
        && text.get(ahead.end) == Some(&b' ')
    {
        kana.extend_from_slice(ahead.chars());
    }
    kana.extend_from_slice(last.chars());
    (kana.len() >= 3).then_some(kana)
}

/// What may stand between a name and its reading.
fn is_gap(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    bytes.len() <= NEAR && text.chars().all(|c| " \t,|/()[]<>\"'\r\n:;「」【】〔〕『』、様".contains(c))
}
