//! The rules of gitleaks and betterleaks (a TOML file) → detectors, as they are.
//!
//! A file's text in; detectors `gitleaks/<id>` and what could not be taken over out. No I/O: a file
//! that is extended is named for the caller to read. What calls a vendor (`validate`, `revoke`) is
//! left out on purpose. Formats: <https://github.com/gitleaks/gitleaks#configuration>, betterleaks'
//! default configuration.

mod filter;
mod go_syntax;
mod pattern;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::model::{
    Allowed, Category, Conditions, Confidence, Detector, Levels, List, Pair, Prefilter, Severity, Str, Target, Variant,
    Words,
};
use crate::error::Place;
use pattern::{condition, pattern};

/// What a file has become.
#[derive(Debug, Default)]
pub struct Rules {
    /// The detectors, in the order of the file.
    pub detectors: Vec<Detector>,
    /// What could not be taken over, in English, each with its rule.
    pub notes: Vec<String>,
    /// A file that this one extends, as it names it.
    pub extends: Option<String>,
}

/// The confidence of two halves that belong together, for lines of ordinary length.
const BYTES_OF_LINE: u32 = 120;

/// How near the other half must stand where a rule does not say, in bytes.
const NEAR: u32 = 2000;

#[derive(Deserialize)]
struct File {
    extend: Option<Extend>,
    #[serde(default)]
    rules: Vec<Rule>,
    allowlist: Option<Allowlist>,
    #[serde(default)]
    allowlists: Vec<Allowlist>,
    /// betterleaks: for all rules.
    filter: Option<String>,
    prefilter: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extend {
    path: Option<String>,
    url: Option<String>,
    #[serde(default)]
    disabled_rules: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    #[serde(default)]
    id: String,
    #[serde(default)]
    description: String,
    regex: Option<String>,
    path: Option<String>,
    #[serde(default)]
    secret_group: u32,
    value_group: Option<u32>,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    keywords: Vec<String>,
    allowlist: Option<Allowlist>,
    #[serde(default)]
    allowlists: Vec<Allowlist>,
    #[serde(default)]
    required: Vec<Other>,
    // betterleaks
    filter: Option<String>,
    confidence: Option<String>,
    #[serde(default)]
    components: Vec<Other>,
    #[serde(default)]
    skip_report: bool,
}

/// Another rule that must have found something near.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Other {
    id: String,
    within_lines: Option<u32>,
    /// `5L`: lines.
    within: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allowlist {
    #[serde(default)]
    condition: String,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    regex_target: String,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(default)]
    commits: Vec<String>,
    /// Of a list for the whole file: the rules that it is for.
    #[serde(default)]
    target_rules: Vec<String>,
}

/// Is it a file of rules, and not one detector of ours?
pub fn is_rules(source: &str) -> bool {
    let Ok(table) = toml::from_str::<toml::Table>(source) else { return false };
    let is_ours = table.contains_key("why") || table.contains_key("variant");
    !is_ours && ["rules", "extend", "allowlist", "allowlists"].iter().any(|key| table.contains_key(*key))
}

/// Reads a file of rules; `file` names it in errors. Fails on wrong TOML alone: a rule that cannot
/// be taken over is named in the notes.
pub fn parse(file: &str, source: &str) -> Result<Rules, Place> {
    let parsed: File = toml::from_str(source)
        .map_err(|e: toml::de::Error| Place::at(file, source, e.span().map_or(0, |s| s.start), e.message()))?;
    let mut rules = Rules::default();
    let mut common = Common::default();
    for list in parsed.allowlist.iter().chain(&parsed.allowlists) {
        let mut notes = Vec::new();
        common.allowed.extend(allowed(list, &mut notes).map(|one| (one, list.target_rules.clone())));
        rules.notes.extend(notes.into_iter().map(|note| format!("the file's allowlist: {note}")));
    }
    for (name, text) in [("filter", &parsed.filter), ("prefilter", &parsed.prefilter)] {
        let Some(text) = text else { continue };
        let mut conditions = Conditions::default();
        match filter::read(text, &mut conditions) {
            Ok(()) => common.allowed.extend(conditions.allowed.into_iter().map(|one| (one, Vec::new()))),
            Err(what) => rules.notes.push(format!("the file's {name}: {what} is not understood")),
        }
    }
    if let Some(extend) = parsed.extend {
        if let Some(url) = extend.url {
            rules.notes.push(format!("extend.url: nothing is fetched ({url})"));
        }
        if !extend.disabled_rules.is_empty() {
            rules
                .notes
                .push("extend.disabledRules: the built-in detectors stay on; name others with --detector".to_owned());
        }
        rules.extends = extend.path;
    }
    let by_id: HashMap<&str, &Rule> = parsed.rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    for (index, rule) in parsed.rules.iter().enumerate() {
        let name = if rule.id.is_empty() { format!("rule {}", index + 1) } else { rule.id.clone() };
        // betterleaks: half of another rule, and nothing by itself.
        if rule.skip_report {
            continue;
        }
        let mut notes = Vec::new();
        match detector(rule, &name, &common, &by_id, &mut notes) {
            Ok(detector) => rules.detectors.push(detector),
            Err(what) => notes.push(format!("left out: {what}")),
        }
        rules.notes.extend(notes.into_iter().map(|note| format!("{name}: {note}")));
    }
    Ok(rules)
}

/// What holds for all rules of a file.
#[derive(Default)]
struct Common {
    /// With the rules that each list is for; all, if it names none.
    allowed: Vec<(Allowed, Vec<String>)>,
}

fn detector(
    rule: &Rule,
    name: &str,
    common: &Common,
    by_id: &HashMap<&str, &Rule>,
    notes: &mut Vec<String>,
) -> Result<Detector, String> {
    let mut conditions = Conditions { entropy: (rule.entropy * 1000.0).round() as u32, ..Conditions::default() };
    conditions.path = rule.path.as_deref().map(condition).transpose()?.map(Cow::Owned);
    for list in rule.allowlist.iter().chain(&rule.allowlists) {
        conditions.allowed.extend(allowed(list, notes));
    }
    let is_for = |rules: &[String]| rules.is_empty() || rules.iter().any(|id| id == &rule.id);
    conditions.allowed.extend(common.allowed.iter().filter(|(_, rules)| is_for(rules)).map(|(one, _)| one.clone()));
    if let Some(text) = rule.filter.as_deref().filter(|text| !text.trim().is_empty()) {
        let before = conditions.clone();
        if let Err(what) = filter::read(text, &mut conditions) {
            conditions = before;
            notes.push(format!("its filter is not applied: {what} is not understood"));
        }
    }
    let mut regex = String::new();
    if let Some(source) = &rule.regex {
        let pattern = pattern(source, rule.value_group.unwrap_or(rule.secret_group))?;
        if pattern.is_ambiguous {
            notes.push("of its groups the first is taken for the secret".to_owned());
        }
        regex = pattern.regex;
    } else if conditions.path.is_none() {
        return Err("it has neither `regex` nor `path`".to_owned());
    }
    let keywords: Vec<Str> = rule.keywords.iter().map(|word| Cow::Owned(word.to_lowercase())).collect();
    let lower = rule.regex.as_deref().unwrap_or_default().to_lowercase();
    // Nearly all keywords are a part of the expression; then they say nothing new.
    if !keywords.iter().any(|word| lower.contains(&**word)) {
        conditions.keywords = Cow::Owned(keywords);
    }
    let (base, pair) = confidence(rule, by_id, notes);
    let words = Words { en: Cow::Owned(description(rule, name)), ja: Cow::Owned(description(rule, name)) };
    Ok(Detector {
        id: Cow::Owned(format!("gitleaks/{name}")),
        category: Category::Credential,
        title: Words { en: Cow::Owned(name.to_owned()), ja: Cow::Owned(name.to_owned()) },
        severity: Severity::High,
        articles: Cow::Borrowed(&[Cow::Borrowed("7-1")]),
        why: words,
        advice: None,
        references: List::default(),
        variants: Cow::Owned(vec![Variant {
            service: None,
            pattern: Cow::Owned(regex),
            finder: None,
            prefilter: Prefilter::Pattern,
            validate: List::default(),
            context: None,
            confidence: Levels { base, with_context: base, with_check: base },
            conditions: Some(Arc::new(conditions)),
        }]),
        files: Cow::Borrowed(&[]),
        show: 0,
        mask_all: false,
        // Our own detectors know more of their formats.
        generic: true,
        yields_to: List::default(),
        pair,
        public_author: false,
    })
}

fn description(rule: &Rule, name: &str) -> String {
    if rule.description.is_empty() { name.to_owned() } else { rule.description.clone() }
}

/// How sure the rule is, alone and with the other half that it asks for.
fn confidence(rule: &Rule, by_id: &HashMap<&str, &Rule>, notes: &mut Vec<String>) -> (Confidence, Option<Pair>) {
    let own = match rule.confidence.as_deref() {
        Some("high") => Confidence::High,
        Some("low") => Confidence::Low,
        _ => Confidence::Medium,
    };
    let mut others = rule.required.iter().chain(&rule.components);
    let Some(other) = others.next() else { return (own, None) };
    if others.next().is_some() {
        notes.push("it asks for several other rules; the first is looked for".to_owned());
    }
    let regex = by_id.get(other.id.as_str()).and_then(|rule| rule.regex.as_deref());
    let Some(Ok(pattern)) = regex.map(|regex| pattern(regex, 0)) else {
        notes.push(format!("the rule `{}` that it asks for is not there", other.id));
        return (own, None);
    };
    let lines = other.within.as_deref().and_then(|within| within.strip_suffix('L')).and_then(|n| n.parse().ok());
    let within = other.within_lines.or(lines).map_or(NEAR, |lines: u32| (lines + 1).saturating_mul(BYTES_OF_LINE));
    let pair =
        Pair { with: Cow::Owned(other.id.clone()), pattern: Some(Cow::Owned(pattern.regex)), within, confidence: own };
    (Confidence::Low, Some(pair))
}

/// A list of what is allowed; none if nothing of it can be used.
fn allowed(list: &Allowlist, notes: &mut Vec<String>) -> Option<Allowed> {
    let mut conditions = |sources: &[String]| -> Vec<Str> {
        let mut done = Vec::new();
        for source in sources {
            match condition(source) {
                Ok(regex) => done.push(Cow::Owned(regex)),
                Err(what) => notes.push(format!("an expression of its allowlist is left out: {what}")),
            }
        }
        done
    };
    let (paths, regexes) = (conditions(&list.paths), conditions(&list.regexes));
    let is_all = matches!(list.condition.to_ascii_uppercase().as_str(), "AND" | "&&");
    if !list.commits.is_empty() {
        notes.push("commits of its allowlist are not looked at".to_owned());
        // All of it would have to hold, and this part cannot be asked.
        if is_all {
            return None;
        }
    }
    let target = match list.regex_target.as_str() {
        "match" => Target::Match,
        "line" => Target::Line,
        _ => Target::Secret,
    };
    let stopwords: Vec<Str> = list.stopwords.iter().cloned().map(Cow::Owned).collect();
    let is_empty = paths.is_empty() && regexes.is_empty() && stopwords.is_empty();
    (!is_empty).then_some(Allowed {
        all: is_all,
        paths: Cow::Owned(paths),
        regexes: Cow::Owned(regexes),
        target,
        stopwords: Cow::Owned(stopwords),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_rules() {
        let source = r#"
            title = "x"
            [extend]
            useDefault = true
            path = "base.toml"
            [[rules]]
            id = "acme"
            description = "ACME key"
            regex = '''(?i)acme[\w.-]{0,20}=([a-z0-9]{32})(?:['"\s]|$)'''
            entropy = 3.5
            keywords = ["ACME"]
            [[rules.allowlists]]
            condition = "AND"
            regexTarget = "line"
            regexes = ['''(?i)sample''']
            paths = ['''docs/''']
            [[rules]]
            id = "dump"
            path = '''(?i)\.acmedump$'''
            [[rules]]
            id = "look"
            regex = '''a(?=b)'''
            [[rules]]
            id = "empty"
            [allowlist]
            stopwords = ["never"]
        "#;
        assert!(is_rules(source) && !is_rules("why = 1") && !is_rules("[[["));
        let rules = parse("r.toml", source).expect("fine");
        assert_eq!(rules.extends.as_deref(), Some("base.toml"));
        let ids: Vec<&str> = rules.detectors.iter().map(|d| &*d.id).collect();
        assert_eq!(ids, ["gitleaks/acme", "gitleaks/dump"]);
        let conditions = rules.detectors[0].variants[0].conditions.clone().expect("some");
        assert_eq!((conditions.entropy, conditions.keywords.len(), conditions.allowed.len()), (3500, 0, 2));
        assert!(conditions.allowed[0].all && conditions.allowed[0].target == Target::Line);
        assert_eq!(rules.notes.len(), 2, "{:?}", rules.notes);
        assert!(rules.notes[0].starts_with("look: left out") && rules.notes[1].starts_with("empty: left out"));
        assert!(parse("r.toml", "rules = 3").is_err());
    }

    #[test]
    fn a_rule_that_asks_for_another() {
        let source = r#"
            [[rules]]
            id = "id"
            regex = "ID-[0-9]{8}"
            skipReport = true
            [[rules]]
            id = "secret"
            confidence = "high"
            regex = "S-([0-9a-f]{32})"
            components = [{ id = "id", within = "5L" }]
        "#;
        let rules = parse("r.toml", source).expect("fine");
        assert_eq!(rules.detectors.len(), 1);
        let detector = &rules.detectors[0];
        let pair = detector.pair.clone().expect("a pair");
        assert_eq!((pair.within, pair.confidence), (720, Confidence::High));
        assert_eq!(detector.variants[0].confidence.base, Confidence::Low);
    }
}
