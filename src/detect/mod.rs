//! One chunk of text → hits: candidates from the engine, judged by checks, context and each
//! other.
//!
//! Offsets are those of the text that was handed in; the way back to files, and what is done
//! about a hit, are others' business. No I/O.

mod addresses;
mod author;
mod beginnings;
mod conditions;
mod context;
mod document;
mod excerpt;
mod file_names;
mod finder;
mod names;
mod neighbours;
mod pairs;
mod presence;
mod records;
mod starts;
mod structure;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::detector::{Confidence, Detector, Levels, Prefilter};
use crate::engine::{Candidate, Engine, Gate, Pattern};
use crate::finding::Reason;
use crate::validate::{self, Check, Outcome, Value};

use conditions::Conditions;
use context::Words;
use file_names::FileNames;
use finder::{Reach, Sighting};
use pairs::Partner;
use presence::{Presence, Present};
use structure::{Labels, Outline};

pub use document::Document;
pub use excerpt::{excerpt, line, line_before};
pub use file_names::Telling;
pub use structure::{Above, is_label};

/// A place in a text where a detector has found something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Index of the detector.
    pub detector: usize,
    /// The value, in bytes of the text.
    pub value: Range<usize>,
    /// How sure we are.
    pub confidence: Confidence,
    /// The evidence.
    pub reasons: Vec<Reason>,
    /// Something speaks against it; no further evidence raises it.
    pub doubted: bool,
    /// The record it belongs to with other personal data, by its number in the text.
    pub record: Option<u32>,
    /// It is the other half of a credential whose secret half is a hit as well: one finding, not two.
    pub is_part: bool,
}

/// What is known of a text beyond its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// What the text before it says of its rows and keys.
    pub above: Option<&'a Above>,
    /// An extractor has put it together: its rows have tabs between their cells.
    pub is_built: bool,
    /// What its name says.
    pub document: &'a Document,
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Setting { above: None, is_built: false, document: &document::NAMELESS }
    }
}

impl<'a> Setting<'a> {
    /// The setting of a piece of a document.
    pub fn of(document: &'a Document, above: Option<&'a Above>) -> Setting<'a> {
        Setting { above, is_built: false, document }
    }
}

/// Why a detector cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectorError {
    /// Its id.
    pub id: String,
    /// Which of its variants.
    pub variant: usize,
    /// What is wrong with its pattern or prefilter, in English.
    pub what: String,
}

/// A set of detectors, compiled. Immutable and shared by all threads.
#[derive(Debug)]
pub struct Detectors {
    list: Vec<Arc<Detector>>,
    /// By pattern of the engine.
    judges: Vec<Judge>,
    /// By detector: what is its other half.
    partners: Vec<Option<Partner>>,
    /// Files whose names are enough.
    names: FileNames,
    engine: Engine,
    /// The judges of each of the engine's patterns: variants with the same pattern share it.
    of_pattern: Vec<Vec<usize>>,
    presence: Presence,
    /// Finders, each with its judge.
    finders: Vec<(finder::Row, usize)>,
}

/// What judges the candidates of one variant.
#[derive(Debug)]
struct Judge {
    detector: usize,
    service: Option<Arc<str>>,
    confidence: Levels,
    checks: Vec<Check>,
    words: Option<Words>,
    conditions: Option<Conditions>,
    /// Judged by what passwords look like alone.
    is_password: bool,
}

/// What one thread needs for detecting; reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    engine: crate::engine::Scratch,
    candidates: Vec<Candidate>,
    present: Present,
    /// The structure of the last text, if anything in it asked for that.
    outline: Option<Outline>,
    /// Bytes of text since memory was last looked at.
    searched: usize,
}

/// Most memory of one thread for the states of expressions, in bytes, and after how many bytes of
/// text it is looked at.
const MOST_STATES: usize = 8 << 20;
const STATES_EVERY: usize = 4 << 20;

impl Scratch {
    /// What the last search asked.
    pub fn take_asked(&mut self) -> Asked {
        Asked { outline: self.outline.take(), words: self.present.has_looked() }
    }
}

/// What a search asked of the structure of its text, and of what stands above it.
#[derive(Debug, Default)]
pub struct Asked {
    outline: Option<Outline>,
    /// Were words looked for there?
    words: bool,
}

impl Asked {
    /// What the text says of the one that goes on at its offset `at`, if it was asked.
    pub fn above(&self, text: &[u8], at: usize) -> Option<Above> {
        self.outline.as_ref().map(|outline| outline.after(text, at))
    }
}

impl Detectors {
    /// Compiles a set. Names the first detector that cannot be used.
    pub fn new(list: Vec<Arc<Detector>>) -> Result<Detectors, DetectorError> {
        let variants =
            || list.iter().enumerate().flat_map(|(d, detector)| detector.variants.iter().map(move |v| (d, v)));
        let wrong = |index: usize, what: String| {
            let detector = variants().nth(index).map_or(0, |(detector, _)| detector);
            let variant = index - variants().position(|(d, _)| d == detector).unwrap_or(index);
            DetectorError { id: list[detector].id.to_string(), variant, what }
        };
        let mut patterns: Vec<Pattern<'_>> = Vec::new();
        let mut of_pattern: Vec<Vec<usize>> = Vec::new();
        let mut known = HashMap::new();
        for (index, (_, v)) in variants().enumerate().filter(|(_, (_, v))| v.finder.is_none() && !v.pattern.is_empty())
        {
            let same = *known.entry((&v.pattern, &v.prefilter)).or_insert(patterns.len());
            if same == patterns.len() {
                patterns.push(Pattern { regex: &v.pattern, gate: gate(&v.prefilter) });
                of_pattern.push(Vec::new());
            }
            of_pattern[same].push(index);
        }
        let engine = Engine::new(&patterns).map_err(|e| wrong(of_pattern[e.pattern][0], e.what))?;
        let mut judges: Vec<Judge> = Vec::with_capacity(of_pattern.len());
        let mut finders = Vec::new();
        for (index, (detector, variant)) in variants().enumerate() {
            if let Some(name) = &variant.finder {
                let finder = finder::find(name).ok_or_else(|| wrong(index, format!("no finder is called `{name}`")))?;
                finders.push((finder, index));
            }
            let mut checks = Vec::with_capacity(variant.validate.len());
            for name in variant.validate.iter() {
                checks.push(validate::find(name).ok_or_else(|| wrong(index, format!("no check is called `{name}`")))?);
            }
            let words = variant.context.clone().map(Words::new);
            let conditions = variant.conditions.as_deref().map(Conditions::new).transpose();
            judges.push(Judge {
                detector,
                service: variant.service.as_deref().map(Arc::from),
                confidence: variant.confidence,
                checks,
                words,
                conditions: conditions.map_err(|what| wrong(index, what))?,
                is_password: variant.validate.iter().any(|name| name == "password" || name == "authorization"),
            });
        }
        let of_detector = |detector: usize, what| wrong(variants().position(|(d, _)| d == detector).unwrap_or(0), what);
        let mut partners = Vec::with_capacity(list.len());
        for (detector, d) in list.iter().enumerate() {
            let partner = d.pair.as_ref().map(|pair| Partner::new(pair, &list)).transpose();
            partners.push(partner.map_err(|what| of_detector(detector, what))?.flatten());
        }
        let names = FileNames::new(&list).map_err(|(detector, what)| of_detector(detector, what))?;
        let presence = Presence::new(judges.iter().map(|judge| judge.words.as_ref().and_then(Words::needed)));
        Ok(Detectors { list, judges, partners, names, engine, of_pattern, presence, finders })
    }

    /// The detectors, in the order of their indexes.
    pub fn list(&self) -> &[Arc<Detector>] {
        &self.list
    }

    /// Would a search that `asked` this have found the same if `above` had stood above its text, and not
    /// `assumed`? Then `asked` becomes what it would have asked.
    pub fn holds(&self, text: &[u8], asked: &mut Asked, assumed: Option<&Above>, above: Option<&Above>) -> bool {
        if asked.words && !self.presence.is_same(assumed, above) {
            return false;
        }
        let Some(outline) = &asked.outline else { return true };
        let other = outline.below(text, above);
        let holds = other.is_some();
        asked.outline = other;
        holds
    }

    /// What a file is by its name alone: its path (or a member's within its archive) and its first
    /// bytes, as many as are at hand.
    pub fn telling(&self, path: &str, head: &[u8]) -> Option<Telling> {
        self.names.find(path, &head[..head.len().min(512)])
    }

    /// Appends to `hits`, by rising offset, everything found whose value begins in `core`.
    /// What the text's structure calls a value (the heading of its column, the key of its list)
    /// is context too.
    pub fn detect(
        &self,
        text: &[u8],
        core: Range<usize>,
        setting: Setting<'_>,
        scratch: &mut Scratch,
        hits: &mut Vec<Hit>,
    ) {
        let Scratch { engine, candidates, present, outline, searched } = scratch;
        *searched += text.len();
        if *searched >= STATES_EVERY {
            *searched = 0;
            engine.bound(MOST_STATES);
        }
        *outline = None;
        present.begin();
        // Where words are required and none stands anywhere in the text or its headings, a match
        // would say nothing.
        let wanted = |pattern: usize| self.presence.admits(&self.of_pattern[pattern], (text, setting.above), present);
        // What stands just outside is evidence too.
        let wide = core.start.saturating_sub(records::REACH)..(core.end + records::REACH).min(text.len());
        self.engine.search_where(text, wide.clone(), engine, wanted, |candidate| candidates.push(candidate));
        let from = hits.len();
        for Candidate { pattern, value, whole } in candidates.drain(..) {
            for &judge in self.of_pattern[pattern].iter().filter(|&&judge| self.presence.has_words(judge, present)) {
                let conditions = self.judges[judge].conditions.as_ref();
                if conditions.is_some_and(|c| !c.hold(text, &value, &whole, &setting.document.path)) {
                    continue;
                }
                let sighting = Sighting { value: value.clone(), reasons: &["pattern"], proven: false, weak: false };
                hits.extend(self.judge(text, setting, judge, sighting, outline));
            }
        }
        for reach in [Reach::Japanese, Reach::Headed, Reach::Surroundings] {
            self.ask_finders(reach, text, &wide, setting, outline, hits, from);
        }
        hits[from..].sort_by(|a, b| {
            (a.value.start, std::cmp::Reverse(a.value.end), a.detector).cmp(&(
                b.value.start,
                std::cmp::Reverse(b.value.end),
                b.detector,
            ))
        });
        if hits.len() - from > 1 {
            neighbours::merge_variants(hits, from);
            neighbours::yield_generic(&self.list, hits, from);
            records::join(text, &self.list, &mut hits[from..]);
        }
        pairs::join(&self.list, &self.partners, text, &mut hits[from..]);
        let mut kept = from;
        for i in from..hits.len() {
            if core.contains(&hits[i].value.start) {
                hits.swap(i, kept);
                kept += 1;
            }
        }
        hits.truncate(kept);
    }

    /// Adds what the finders of this reach find.
    #[allow(clippy::too_many_arguments, reason = "the state of one search")]
    fn ask_finders(
        &self,
        reach: Reach,
        text: &[u8],
        core: &Range<usize>,
        setting: Setting<'_>,
        outline: &mut Option<Outline>,
        hits: &mut Vec<Hit>,
        from: usize,
    ) {
        for &(row, judge) in self.finders.iter().filter(|(row, _)| row.reach == reach) {
            let ranges = match reach {
                Reach::Japanese if text.is_ascii() => Vec::new(),
                Reach::Headed if setting.document.source_code || !self.is_headed(judge, text, setting.above) => {
                    Vec::new()
                }
                Reach::Japanese | Reach::Headed => vec![core.clone()],
                // Whoever is named in source code is mostly who wrote it.
                Reach::Surroundings if setting.document.source_code => Vec::new(),
                Reach::Surroundings => records::surroundings(&self.list, &hits[from..], core),
            };
            for range in ranges {
                (row.find)(text, range, &mut |sighting| {
                    hits.extend(self.judge(text, setting, judge, sighting, outline));
                });
            }
        }
    }

    /// Does the text begin with a row of headings, or stand below one, that has a word of the judge's?
    fn is_headed(&self, judge: usize, text: &[u8], above: Option<&Above>) -> bool {
        const LINES: usize = 3;
        const LONGEST: usize = 1 << 10;
        let Some(words) = &self.judges[judge].words else { return false };
        let head = &text[..text.len().min(LONGEST)];
        let is_row = |line: &&[u8]| b",;\t|".iter().any(|d| line.iter().filter(|b| *b == d).count() > 0);
        head.split(|&b| b == b'\n').take(LINES).filter(is_row).any(|line| words.stand_in(line))
            || above.is_some_and(|above| above.labels().any(|label| words.stand_in(label)))
    }

    /// A candidate as a hit, unless a check rejects it or its required context is missing.
    fn judge(
        &self,
        text: &[u8],
        setting: Setting<'_>,
        judge: usize,
        candidate: Sighting,
        outline: &mut Option<Outline>,
    ) -> Option<Hit> {
        let judge = &self.judges[judge];
        let levels = judge.confidence;
        let mut labels = || {
            let outline = outline.get_or_insert_with(|| Outline::of(setting.above, setting.is_built));
            outline.labels(text, candidate.value.start)
        };
        // Most candidates that need a word have none: nothing else needs to be asked then.
        let required = match &judge.words {
            Some(words) if words.required() => Some(words.near(text, &candidate.value, &mut labels)),
            _ => None,
        };
        if required == Some(None) {
            return None;
        }
        let mut confidence = match (candidate.proven, candidate.weak) {
            (true, _) => levels.base.max(levels.with_check),
            (false, true) => Confidence::Low,
            (false, false) => levels.base,
        };
        let mut reasons: Vec<Reason> = candidate.reasons.iter().copied().map(Reason::Named).collect();
        reasons.extend(judge.service.clone().map(Reason::Service));
        let mut doubted = false;
        if !judge.checks.is_empty() {
            let value = String::from_utf8_lossy(&text[candidate.value.clone()]);
            let (before, after) = neighbours::around(text, &candidate.value);
            let value = Value { text: &value, before: &before, after: &after };
            for check in &judge.checks {
                match check(&value) {
                    Outcome::Rejects => return None,
                    Outcome::Fits => {}
                    Outcome::Proves(reason) => {
                        confidence = confidence.max(levels.with_check);
                        reasons.push(Reason::Named(reason));
                    }
                    Outcome::Doubts(reason) => {
                        doubted = true;
                        reasons.push(Reason::Named(reason));
                    }
                }
            }
        }
        let is_author = self.list[judge.detector].public_author
            && (setting.document.public
                || setting.document.source_code && author::is_in_comment(text, &candidate.value)
                || author::is_author(text, &candidate.value));
        if let Some(words) = &judge.words {
            // The structure of the text is not asked where its answer would change nothing.
            let is_moot = (doubted || is_author) && !words.required();
            let mut labels = || if is_moot { Labels::default() } else { labels() };
            if let Some(word) = required.unwrap_or_else(|| words.near(text, &candidate.value, &mut labels)) {
                confidence = confidence.max(levels.with_context);
                reasons.push(words.reason(word));
            }
            if let Some(word) = words.against(text, &candidate.value, &mut labels) {
                doubted = true;
                reasons.push(Reason::Against(word));
            }
        }
        if is_author {
            doubted = true;
            reasons.push(Reason::Named("public-author"));
        }
        if judge.is_password && setting.document.documentation {
            doubted = true;
            reasons.push(Reason::Named("documentation"));
        }
        if doubted {
            confidence = Confidence::Low;
        }
        let (detector, value) = (judge.detector, candidate.value);
        Some(Hit { detector, value, confidence, reasons, doubted, record: None, is_part: false })
    }
}

fn gate(prefilter: &Prefilter) -> Gate {
    match prefilter {
        Prefilter::Pattern => Gate::Pattern,
        Prefilter::Literals(literals) => Gate::literals(literals.iter().cloned()),
        Prefilter::Digits(least) => Gate::Digits(*least),
        Prefilter::Nothing => Gate::Nothing,
    }
}
