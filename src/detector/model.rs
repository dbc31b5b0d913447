//! The inert types of a detector. Shared with `build.rs`, so they use nothing else.

use std::borrow::Cow;
use std::sync::Arc;

/// Text that is either part of the binary or read from a user's file.
pub type Str = Cow<'static, str>;
/// A list of such texts.
pub type List = Cow<'static, [Str]>;

/// A text that people see, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: Str,
    /// Japanese.
    pub ja: Str,
}

/// What kind of thing a detector finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Keys, tokens, passwords.
    Credential,
    /// Data about a person.
    Personal,
    /// Marked or recognisable business secrets.
    Confidential,
    /// A client's data by the client ledger.
    Client,
}

impl Category {
    /// All categories.
    pub const ALL: [Category; 4] = [Category::Credential, Category::Personal, Category::Confidential, Category::Client];

    /// The name in ids, options and output.
    pub fn name(self) -> &'static str {
        match self {
            Category::Credential => "credential",
            Category::Personal => "personal",
            Category::Confidential => "confidential",
            Category::Client => "client",
        }
    }

    /// The category of a name.
    pub fn of(name: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// How bad it is when it leaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Hardly any harm by itself.
    Low,
    /// Harm together with other data.
    Medium,
    /// Harm to a person or a system.
    High,
    /// Immediate or irrevocable harm.
    Critical,
}

impl Severity {
    /// The name in detector files and output.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// How sure the scanner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Possible; not reported by default.
    Low,
    /// Likely.
    Medium,
    /// As good as certain.
    High,
}

impl Confidence {
    /// The name in detector files, options and output.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// Confidence by evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// By the pattern alone.
    pub base: Confidence,
    /// With a context word near.
    pub with_context: Confidence,
    /// With a check that proves the value.
    pub with_check: Confidence,
}

/// What must be in the text before a pattern is tried.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Prefilter {
    /// The literals that the pattern itself contains.
    Pattern,
    /// One of these, whatever the case of ASCII letters.
    Literals(List),
    /// At least so many digits in a run broken by single separators only.
    Digits(u8),
    /// Nothing: every byte is searched (declared `slow`).
    Nothing,
}

/// Words whose presence near a value is evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Evidence for it.
    pub words: List,
    /// Evidence against it.
    pub against: List,
    /// How near, in characters.
    pub within: u16,
    /// Without one of `words` there is no finding at all.
    pub required: bool,
    /// The words are names of services: the one that stands near is whose credential it is.
    pub services: bool,
}

/// The other half of a credential (the id of a key, the name of an account), which nearby is
/// evidence, and a part of the same finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The id of the detector that finds it; with a pattern, what it is called in the reasons.
    pub with: Str,
    /// What it looks like, if it is nothing to be reported by itself.
    pub pattern: Option<Str>,
    /// How near, in bytes of text.
    pub within: u32,
    /// The confidence that the two together have.
    pub confidence: Confidence,
}

/// One form in which a detector's values are written, and how that form is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The service whose format it is, where one detector serves several.
    pub service: Option<Str>,
    /// The regular expression; empty where a finder looks instead.
    pub pattern: Str,
    /// What looks for values that no expression describes (names): a function in `detect`, by
    /// its name.
    pub finder: Option<Str>,
    /// What must be there before the pattern is tried.
    pub prefilter: Prefilter,
    /// Names of checks.
    pub validate: List,
    /// Words near it.
    pub context: Option<Context>,
    /// Confidence by evidence.
    pub confidence: Levels,
    /// What a rule of another scanner asks for beyond its expression.
    pub conditions: Option<Arc<Conditions>>,
}

/// What a rule of gitleaks or betterleaks asks for beyond its expression.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// The value's Shannon entropy must be above this, in thousandths of a bit; 0 asks for none.
    pub entropy: u32,
    /// One of these (in lower case) must stand near, whatever its case.
    pub keywords: List,
    /// The file's path must fit this expression.
    pub path: Option<Str>,
    /// The value must fit one of the expressions of each list.
    pub must: Vec<List>,
    /// The value must not look like words.
    pub no_words: bool,
    /// What is no finding after all.
    pub allowed: Vec<Allowed>,
}

/// One list of what a rule allows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allowed {
    /// All kinds of conditions must fit, not just one.
    pub all: bool,
    /// Expressions for the file's path.
    pub paths: List,
    /// Expressions for `target`.
    pub regexes: List,
    /// What `regexes` are compared with.
    pub target: Target,
    /// Words within the value.
    pub stopwords: List,
}

/// A part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// The value.
    #[default]
    Secret,
    /// The whole match.
    Match,
    /// The line or lines of the match.
    Line,
}

/// Names of files that say by themselves what lies in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The names, in lower case: `id_rsa`, `*.kdbx`, `.aws/credentials`; one `*` at most, in the
    /// last part.
    pub names: List,
    /// What the file must begin with, by the name of a test in `detect`; else anything but nothing.
    pub content: Option<Str>,
    /// The program whose file it is.
    pub service: Option<Str>,
    /// How sure the name makes us.
    pub confidence: Confidence,
}

/// One detector, complete but for its examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detector {
    /// `class/name`, the path of its file.
    pub id: Str,
    /// The kind of thing it finds.
    pub category: Category,
    /// Its name for people.
    pub title: Words,
    /// How bad a leak is.
    pub severity: Severity,
    /// Articles of the policy.
    pub articles: List,
    /// What was found and what it opens.
    pub why: Words,
    /// What to do now.
    pub advice: Option<Words>,
    /// Where the format is documented.
    pub references: List,
    /// The forms it takes; at least one, if it has no names of files.
    pub variants: Cow<'static, [Variant]>,
    /// Files whose names are enough.
    pub files: Cow<'static, [Files]>,
    /// Leading characters of the value that are public and may be shown.
    pub show: u8,
    /// Hide the length of the value too.
    pub mask_all: bool,
    /// Yields to others on the same text.
    pub generic: bool,
    /// Yields to these on the same text, though it is not generic: they know whose key it is.
    pub yields_to: List,
    /// Evidence from another detector.
    pub pair: Option<Pair>,
    /// What authors give of themselves in public is no alarm.
    pub public_author: bool,
}
