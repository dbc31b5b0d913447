//! An expression of a rule → a pattern of ours: bounded, with the secret's group named `value`.
//!
//! Go's matches may be of any length; here they may not, since a text is read window by window.
//! Repetitions without a bound get one, as wide as the whole stays within [`LONGEST`] bytes.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Capture, Hir, HirKind, Repetition, print::Printer};

use super::go_syntax::translate;

/// The longest match, in bytes: less than what the engine takes.
const LONGEST: usize = 12 << 10;

/// Bounds that are tried, widest first, for a repetition that had none.
const BOUNDS: [u32; 6] = [8000, 2000, 400, 100, 20, 6];

/// What became of an expression.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The pattern.
    pub(super) regex: String,
    /// It has more groups than one and says nothing of which it means.
    pub(super) is_ambiguous: bool,
}

/// Translates a rule's expression; `group` is the number of the group that is the secret, 0 for the
/// first there is (or the whole match where there is none).
pub(super) fn pattern(source: &str, group: u32) -> Result<Pattern, String> {
    let hir = parse(source)?;
    let groups = hir.properties().explicit_captures_len();
    if group as usize > groups {
        return Err(format!("there is no group {group}"));
    }
    let is_ambiguous = group == 0 && groups > 1;
    let named = if group == 0 && groups > 0 { 1 } else { group };
    let bounded = BOUNDS.iter().map(|&most| rebuild(&hir, named, most));
    let fits = |hir: &Hir| hir.properties().maximum_len().is_some_and(|length| length <= LONGEST);
    let Some(hir) = bounded.into_iter().find(fits) else {
        return Err("its matches may be too long".to_owned());
    };
    Ok(Pattern { regex: print(&hir)?, is_ambiguous })
}

/// An expression for a path or a value, which is searched for as it is.
pub(super) fn condition(source: &str) -> Result<String, String> {
    print(&parse(source)?)
}

fn parse(source: &str) -> Result<Hir, String> {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(&translate(source)).map_err(|e| e.to_string().lines().last().unwrap_or_default().to_owned())
}

fn print(hir: &Hir) -> Result<String, String> {
    let mut regex = String::new();
    Printer::new().print(hir, &mut regex).map_err(|e| e.to_string())?;
    Ok(regex)
}

/// The same expression with the group `named` as `value`, no other groups, and bounds.
fn rebuild(hir: &Hir, named: u32, most: u32) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => {
            let sub = rebuild(&capture.sub, named, most);
            if capture.index != named {
                return sub;
            }
            Hir::capture(Capture { index: 1, name: Some("value".into()), sub: Box::new(sub) })
        }
        HirKind::Repetition(repetition) => {
            // What is repeated within a repetition multiplies.
            let is_simple = repetition.sub.properties().maximum_len().is_some_and(|length| length <= 4);
            let bound = if is_simple { most } else { most.min(64) };
            let max = repetition.max.unwrap_or(bound.max(repetition.min));
            let inner = if is_simple { most } else { most.min(64) };
            let sub = Box::new(rebuild(&repetition.sub, named, inner));
            Hir::repetition(Repetition { min: repetition.min, max: Some(max), greedy: repetition.greedy, sub })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| rebuild(part, named, most)).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(|part| rebuild(part, named, most)).collect()),
        _ => hir.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_groups() {
        let of = |source, group| pattern(source, group).expect("fine").regex;
        assert!(of("key=([a-z]{4,})", 0).contains("(?P<value>"));
        assert!(
            of("(a|b)=([0-9]{8})", 2).contains("(?P<value>(?-u:[0-9]){8})")
                || of("(a|b)=([0-9]{8})", 2).contains("(?P<value>[0-9]{8})")
        );
        assert!(pattern("(a)(b)", 0).expect("fine").is_ambiguous);
        assert!(!of("abc", 0).contains("value"));
        let long = of(r"(?i)-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY-----[\s\S-]{64,}?KEY-----", 0);
        assert!(long.contains("{64,8000}?"), "{long}");
        assert!(pattern("(?:(?:a+b+)+c+)+", 0).is_ok());
        for wrong in ["a(?=b)", "(a", r"\1", "x{9999999}y"] {
            assert!(pattern(wrong, 0).is_err(), "{wrong}");
        }
        assert!(pattern("a", 1).is_err());
    }
}
