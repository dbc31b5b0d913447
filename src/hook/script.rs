//! The text of the hooks that git calls: a few lines of POSIX shell each.
//!
//! A hook runs what was there before it, then the scanner. A scanner that is gone stops the
//! commit and says how to go on: what was not looked at must not pass for clean.

use std::path::Path;

/// The beginning of the line by which our hooks are known.
pub(super) const MARK: &str = "# sekisho hook:";

/// A hook that git knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// Before a commit: what is staged.
    PreCommit,
    /// Before a commit: its message.
    CommitMsg,
    /// Before a push: its commits.
    PrePush,
    /// On a server, before refs move: the commits that arrive.
    PreReceive,
}

impl Hook {
    /// The name of its file.
    pub fn name(self) -> &'static str {
        match self {
            Hook::PreCommit => "pre-commit",
            Hook::CommitMsg => "commit-msg",
            Hook::PrePush => "pre-push",
            Hook::PreReceive => "pre-receive",
        }
    }

    /// What the scanner is called with.
    fn arguments(self) -> &'static str {
        match self {
            Hook::PreCommit => "hook run",
            Hook::CommitMsg => "hook run --commit-msg \"$1\"",
            Hook::PrePush => "hook run --pre-push \"$1\"",
            Hook::PreReceive => "hook run --pre-receive",
        }
    }

    fn reads_input(self) -> bool {
        matches!(self, Hook::PrePush | Hook::PreReceive)
    }
}

/// The hooks that git calls on a user's machine; `core.hooksPath` hides a repository's own ones,
/// so a folder that stands there has to pass all of these on.
pub(super) const CLIENT_HOOKS: &[&str] = &[
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "pre-auto-gc",
    "post-rewrite",
    "sendemail-validate",
    "reference-transaction",
    "push-to-checkout",
    "post-index-change",
];

/// Which hook runs before ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// The one that was there, kept beside it.
    Kept,
    /// The one that the repository itself has: ours stands in a folder for all repositories.
    Repository,
}

/// The script of a hook; `program` is the scanner.
pub(super) fn script(hook: Hook, program: &Path, before: Before) -> String {
    let name = hook.name();
    let program = quoted(&program.to_string_lossy());
    let (read, feed) = match hook.reads_input() {
        true => ("input=$(cat)\nfeed() { [ -z \"$input\" ] || printf '%s\\n' \"$input\"; }\n", "feed | "),
        false => ("", ""),
    };
    let own = own(name, before);
    let same = match before {
        Before::Repository => format!("  grep -q '^{MARK}' \"$own\" && {{ {feed}\"$own\" \"$@\"; exit; }}\n"),
        Before::Kept => String::new(),
    };
    let arguments = hook.arguments();
    format!(
        "#!/bin/sh\n\
         {MARK} {name}. Written by `sekisho hook install`; `sekisho hook uninstall` takes it away.\n\
         {read}{own}\
         if [ -x \"$own\" ]; then\n{same}  {feed}\"$own\" \"$@\" || exit\nfi\n\
         sekisho={program}\n\
         [ -x \"$sekisho\" ] || sekisho=$(command -v sekisho) || {{\n\
         \x20 echo \"sekisho: the scanner is gone ({name}), so nothing was looked at, and git is stopped.\" >&2\n\
         \x20 echo \"Install it again, or remove this hook: $0 (once without it: --no-verify)\" >&2\n\
         \x20 echo \"sekisho: 検査プログラムが見つからず、検査していないため中止しました。再インストールするか、\" >&2\n\
         \x20 echo \"このフックを削除してください: $0(今回だけ省くには --no-verify)\" >&2\n\
         \x20 exit 1\n}}\n\
         {feed}\"$sekisho\" {arguments}\n"
    )
}

/// The script that passes a hook on to the repository's own.
pub(super) fn pass_on(name: &str) -> String {
    let own = own(name, Before::Repository);
    format!(
        "#!/bin/sh\n{MARK} passes {name} on to the repository's own.\n{own}[ ! -x \"$own\" ] || exec \"$own\" \"$@\"\n"
    )
}

fn own(name: &str, before: Before) -> String {
    match before {
        // Git calls a hook by its path.
        Before::Kept => format!("own=\"${{0%/*}}/{}\"\n", kept(name)),
        Before::Repository => format!("own=$(git rev-parse --git-common-dir)/hooks/{name}\n"),
    }
}

/// The name under which a hook is kept that was there before.
pub(super) fn kept(name: &str) -> String {
    format!("{name}.sekisho-chained")
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_the_shell() {
        let text = script(Hook::PreCommit, Path::new("/a b/it's/$x"), Before::Kept);
        assert!(text.contains("\nsekisho='/a b/it'\\''s/$x'\n"), "{text}");
        assert!(text.starts_with("#!/bin/sh\n# sekisho hook: pre-commit."), "{text}");
        assert!(!text.contains("feed"), "{text}");
    }
}
