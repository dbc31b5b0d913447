//! Hooks put in place and taken away, among other hooks.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::repo::{Repo, SEKISHO, has, token};

fn executable(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("folder")).expect("folder");
    fs::write(path, text).expect("file");
    fs::set_permissions(path, PermissionsExt::from_mode(0o755)).expect("mode");
}

/// Everything in a folder of hooks but git's samples: name, bytes, mode.
fn hooks(folder: &Path) -> Vec<(String, Vec<u8>, u32)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>())
        .unwrap_or_default()
        .iter()
        .filter(|path| path.extension().is_none_or(|e| e != "sample"))
        .map(|path| {
            let mode = fs::symlink_metadata(path).expect("there").permissions().mode();
            (path.display().to_string(), fs::read(path).unwrap_or_default(), mode)
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_hook_that_was_there_runs_first_and_comes_back() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let folder = repo.path.join(".git/hooks");
    executable(&folder.join("pre-commit"), "#!/bin/sh\necho ran \"$0\" >> ran\n[ ! -e stop ]\n# no newline at the end");
    fs::write(repo.beside("commit-msg-target"), "#!/bin/sh\n").expect("file");
    std::os::unix::fs::symlink(repo.beside("commit-msg-target"), folder.join("commit-msg")).expect("link");
    let before = hooks(&folder);

    let ran = repo.sekisho(&["hook", "install"]);
    assert!(ran.status == 0 && ran.err.contains("runs first"), "{ran:?}");
    let once = hooks(&folder);
    let again = repo.sekisho(&["hook", "install"]);
    assert!(again.status == 0 && again.err.contains("Already installed"), "{again:?}");
    assert_eq!(hooks(&folder), once, "twice is as good as once");

    repo.stage("a", "clean\n");
    repo.git(&["commit", "-qm", "x"]);
    assert!(repo.path.join("ran").exists(), "the other one ran");
    repo.stage("a", token(1));
    assert_ne!(repo.try_git(&["commit", "-qm", "x"]).status, 0);
    repo.stage("a", "clean again\n");
    repo.write("stop", "");
    let stopped = repo.try_git(&["commit", "-qm", "x"]);
    assert!(stopped.status != 0 && !stopped.err.contains("scanned"), "the other one has stopped it: {stopped:?}");

    assert_eq!(repo.sekisho(&["hook", "uninstall"]).status, 0);
    assert_eq!(hooks(&folder), before, "byte for byte");
    assert!(fs::symlink_metadata(folder.join("commit-msg")).expect("there").is_symlink());
    assert_eq!(repo.sekisho(&["hook", "uninstall"]).status, 2, "there is none any more");
}

#[test]
fn a_scanner_that_moved_or_vanished() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let program = repo.beside("it's here/sekisho");
    fs::create_dir_all(program.parent().expect("folder")).expect("folder");
    fs::copy(SEKISHO, &program).expect("copy");
    assert_eq!(repo.run(program.to_str().expect("UTF-8"), &["hook", "install"]).status, 0);
    repo.stage("a", token(1));
    let found = repo.try_git(&["commit", "-qm", "x"]);
    assert!(found.status != 0 && found.out.contains("github-token") || found.err.contains("github-token"), "{found:?}");
    repo.stage("a", "clean\n");
    fs::remove_file(&program).expect("removed");
    let gone = repo.try_git(&["commit", "-qm", "x"]);
    assert!(
        gone.status != 0 && gone.err.contains("the scanner is gone") && gone.err.contains("--no-verify"),
        "{gone:?}"
    );
    // Elsewhere on the path it is found again.
    let folder = Path::new(SEKISHO).parent().expect("folder").display();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let found = repo.run("env", &[&format!("PATH={path}"), "git", "commit", "-qm", "x"]);
    assert!(found.status == 0 && found.err.contains("scanned"), "{found:?}");
}

#[test]
fn folders_of_hooks_elsewhere() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.git(&["config", "core.hooksPath", "my hooks"]);
    let ran = repo.sekisho_in(&repo.path, &["hook", "install"], "", &[]);
    assert!(ran.status == 0 && ran.err.contains("core.hooksPath"), "{ran:?}");
    assert!(repo.path.join("my hooks/pre-commit").exists() && !repo.path.join(".git/hooks/pre-commit").exists());
    repo.stage("a", token(1));
    assert_ne!(repo.try_git(&["commit", "-qm", "x"]).status, 0);
    assert_eq!(repo.sekisho(&["hook", "uninstall"]).status, 0);
    assert!(hooks(&repo.path.join("my hooks")).is_empty());
    // Husky's folder is written anew by Husky.
    repo.git(&["config", "core.hooksPath", ".husky/_"]);
    let ran = repo.sekisho(&["hook", "install"]);
    assert!(ran.status == 2 && ran.err.contains(".husky/pre-commit"), "{ran:?}");
    // Another tool has overwritten ours: neither its hook nor the one that we keep is lost.
    let repo = Repo::new();
    let folder = repo.path.join(".git/hooks");
    executable(&folder.join("pre-commit"), "#!/bin/sh\n# first\n");
    repo.sekisho(&["hook", "install"]);
    executable(&folder.join("pre-commit"), "#!/bin/sh\n# second\n");
    let before = hooks(&folder);
    assert_eq!(repo.sekisho(&["hook", "install"]).status, 2);
    assert_eq!(repo.sekisho(&["hook", "uninstall"]).status, 2);
    let kept = |(name, ..): &&(String, Vec<u8>, u32)| name.contains("pre-commit");
    assert_eq!(hooks(&folder).iter().filter(kept).collect::<Vec<_>>(), before.iter().filter(kept).collect::<Vec<_>>());
}

#[test]
fn all_repositories_at_once() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    executable(&repo.path.join(".git/hooks/pre-commit"), "#!/bin/sh\necho own >> ran\n");
    executable(&repo.path.join(".git/hooks/post-commit"), "#!/bin/sh\necho post >> ran\n");
    executable(&repo.path.join(".git/hooks/pre-push"), "#!/bin/sh\ncat >> pushed\n");
    let ran = repo.sekisho(&["hook", "install", "--global"]);
    assert!(ran.status == 0 && ran.err.contains("core.hooksPath"), "{ran:?}");
    assert_eq!(repo.sekisho(&["hook", "install", "--global", "--pre-push"]).status, 0);
    repo.stage("a", "clean\n");
    repo.git(&["commit", "-qm", "x"]);
    assert_eq!(fs::read_to_string(repo.path.join("ran")).expect("ran"), "own\npost\n");
    repo.stage("a", token(1));
    assert_ne!(repo.try_git(&["commit", "-qm", "x"]).status, 0);
    repo.stage("a", "clean 2\n");
    let bare = repo.beside("bare.git").display().to_string();
    repo.git(&["init", "-q", "--bare", &bare]);
    repo.git(&["push", "-q", &bare, "main"]);
    assert!(fs::read_to_string(repo.path.join("pushed")).expect("ran").starts_with("refs/heads/main "));
    // A repository made later is covered; one that has ours itself is scanned once.
    let later = repo.beside("later");
    repo.git(&["init", "-q", &later.display().to_string()]);
    fs::write(later.join("a"), token(2)).expect("file");
    repo.git_in(&later, &["add", "a"]);
    assert_ne!(repo.git_in(&later, &["commit", "-qm", "x"]).status, 0);
    assert_eq!(repo.sekisho(&["hook", "uninstall", "--global"]).status, 0);
    assert_eq!(repo.try_git(&["config", "--global", "core.hooksPath"]).status, 1, "unset");
    assert_eq!(repo.git_in(&later, &["commit", "-qm", "x"]).status, 0);
    assert_eq!(repo.sekisho(&["hook", "uninstall", "--global"]).status, 2);
    // A folder of somebody else's is added to, not replaced.
    let theirs = repo.beside("theirs");
    executable(&theirs.join("pre-commit"), "#!/bin/sh\n# theirs\n");
    repo.git(&["config", "--global", "core.hooksPath", &theirs.display().to_string()]);
    let before = hooks(&theirs);
    assert_eq!(repo.sekisho(&["hook", "install", "--global"]).status, 0);
    assert_ne!(hooks(&theirs), before);
    assert_eq!(repo.sekisho(&["hook", "uninstall", "--global"]).status, 0);
    assert_eq!(hooks(&theirs), before);
}
