//! Repositories that would like to run something.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::repo::{Repo, has, token};

#[test]
fn nothing_of_a_repository_is_run() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", format!("A={}\n", token(1)));
    let trap = repo.beside("trap");
    fs::write(&trap, format!("#!/bin/sh\ntouch '{}'\ncat\n", repo.beside("sprung").display())).expect("file");
    fs::set_permissions(&trap, PermissionsExt::from_mode(0o755)).expect("mode");
    let trap = trap.display().to_string();
    repo.stage("b", format!("B={}\n", token(2)));
    repo.stage(".gitattributes", "* diff=evil filter=evil\n");
    for (key, value) in [
        ("core.fsmonitor", &*trap),
        ("core.pager", &trap),
        ("core.sshCommand", &trap),
        ("core.editor", &trap),
        ("core.alternateRefsCommand", &trap),
        ("diff.external", &trap),
        ("diff.evil.command", &trap),
        ("diff.evil.textconv", &trap),
        ("filter.evil.clean", &trap),
        ("filter.evil.smudge", &trap),
        ("filter.evil.process", &trap),
        ("gpg.program", &trap),
        ("log.showSignature", "true"),
        ("log.follow", "true"),
        ("log.mailmap", "true"),
        ("color.ui", "always"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("diff.noprefix", "true"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.orderFile", "/nonexistent"),
        ("format.pretty", "oneline"),
        ("core.quotePath", "true"),
        ("log.showRoot", "false"),
        ("log.diffMerges", "off"),
        ("alias.log", "!false"),
        ("core.abbrev", "4"),
        ("i18n.logOutputEncoding", "UTF-16"),
    ] {
        repo.git(&["config", key, value]);
    }
    for name in ["pre-commit", "post-index-change", "reference-transaction", "post-checkout"] {
        fs::copy(repo.beside("trap"), repo.path.join(".git/hooks").join(name)).expect("hook");
    }
    let _ = fs::remove_file(repo.beside("sprung"));
    let ran = repo.sekisho_in(&repo.path, &["hook", "run", "--format", "jsonl"], "", &[("GIT_EXTERNAL_DIFF", &trap)]);
    assert_eq!(ran.of_findings("path"), ["b"], "{ran:?}");
    assert_eq!(repo.history(&[]).of_findings("path"), ["a", "b"], "{:?}", repo.history(&[]));
    assert_eq!(repo.history(&["--range", "HEAD"]).of_findings("path"), ["a"]);
    assert!(!repo.beside("sprung").exists(), "something was run");
}

#[test]
fn names_that_would_break_lines_or_terminals() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let names = ["new\nline", "tab\there", "quote\"'", "\u{1b}[31mred", "-rf", "名簿", ":100644 x", "\u{1}head"];
    for (name, number) in names.iter().zip(1..) {
        repo.stage(name, format!("A={}\n", token(number)));
    }
    let mut sorted: Vec<&str> = names.to_vec();
    sorted.sort_unstable();
    assert_eq!(repo.hook(&[]).of_findings("path"), sorted);
    assert!(!repo.sekisho(&["hook", "run"]).out.contains('\u{1b}'));
    repo.git(&["commit", "-qm", "x"]);
    assert_eq!(repo.history(&[]).of_findings("path"), sorted);
    assert_eq!(repo.history(&["--range", "HEAD"]).of_findings("path"), sorted);
    repo.sekisho(&["baseline", "create"]);
    let known = repo.sekisho(&["scan", "--baseline", ".sekisho-baseline", "."]);
    assert_eq!(known.status, 0, "{known:?}");
    // An author that looks like the output that we read.
    let author = "\u{1}x\u{2} :100644 000000";
    repo.stage("late", format!("A={}\n", token(20)));
    repo.git(&["commit", "-q", "--author", &format!("{author} <a@b.c>"), "-m", "x"]);
    assert_eq!(repo.history(&[]).of_findings("path").len(), names.len() + 1);
}

#[test]
fn a_repository_of_somebody_else_says_what_to_do() {
    if !has("git") || !has("chown") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", "a\n");
    let changed = std::process::Command::new("chown").args(["-R", "12345"]).arg(&repo.path).status().expect("runs");
    if !changed.success() {
        println!("skipped: needs root");
        return;
    }
    let ran = repo.sekisho(&["git"]);
    assert!(ran.status == 2 && ran.err.contains("safe.directory"), "{ran:?}");
}
