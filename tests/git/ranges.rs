//! What commits bring: ranges, pushes, what a server receives.

use std::fs;

use super::repo::{Repo, SEKISHO, has, token};

fn line(key: &str, number: u32) -> String {
    format!("{key}={}\n", token(number))
}

#[test]
fn a_range_is_what_its_commits_have_brought() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let first = repo.commit("a", line("A", 1));
    let second = repo.commit("a", line("A", 1) + &line("B", 2));
    repo.git(&["mv", "a", "moved"]);
    repo.git(&["commit", "-qm", &line("message", 3)]);
    let range = |range: &str| repo.history(&["--range", range]);
    let ran = range(&format!("{first}..HEAD"));
    assert_eq!(ran.of_findings("path"), ["(commit message)", "a"], "{ran:?}");
    assert_eq!(ran.objects("finding")[1]["commit"], *second);
    assert_eq!(range(&format!("{second}..main")).of_findings("path"), ["(commit message)"]);
    assert_eq!(range("HEAD..HEAD").status, 0);
    assert_eq!(range("HEAD").objects("finding").len(), 3);
    for wrong in ["nothing..HEAD", "HEAD..nothing", "--all", "--output=x", "", "a"] {
        assert_eq!(range(wrong).status, 2, "{wrong:?}: {:?}", range(wrong));
    }
    assert!(!repo.path.join("x").exists());
    assert_eq!(repo.sekisho(&["git", "/nonexistent"]).status, 2);
    assert_eq!(repo.sekisho_in(&repo.beside("home"), &["git"], "", &[]).status, 2, "no repository");
    assert_eq!(Repo::new().history(&["--range", "HEAD"]).status, 2, "no commits");
}

#[test]
fn a_merge_is_looked_at_for_what_it_adds_itself() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let base = repo.commit("a", "1\n2\n3\n");
    repo.git(&["checkout", "-qb", "side"]);
    repo.commit("b", line("B", 1));
    repo.git(&["checkout", "-q", "main"]);
    repo.commit("c", "c\n");
    repo.git(&["merge", "-q", "--no-commit", "side"]);
    repo.stage("a", "1\n".to_owned() + &line("evil", 2));
    repo.git(&["commit", "-qm", "merge"]);
    let merge = repo.git(&["rev-parse", "HEAD"]);
    let ran = repo.history(&["--range", &format!("{base}..HEAD")]);
    assert_eq!(ran.of_findings("path"), ["a", "b"], "{ran:?}");
    assert_eq!(ran.objects("finding")[0]["commit"], *merge);
}

#[test]
fn a_push_is_stopped_before_it_leaves() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let bare = repo.beside("bare.git").display().to_string();
    repo.git(&["init", "-q", "--bare", &bare]);
    repo.git(&["remote", "add", "origin", &bare]);
    repo.commit("old", line("OLD", 1));
    repo.git(&["push", "-q", "origin", "main"]);
    assert_eq!(repo.sekisho(&["hook", "install", "--pre-push"]).status, 0);
    repo.commit("clean", "clean\n");
    let push = || repo.try_git(&["push", "-q", "origin", "main"]);
    let pushed = push();
    assert_eq!(pushed.status, 0, "the remote has the old one already: {pushed:?}");
    assert!(pushed.err.contains("1 commits scanned"), "{pushed:?}");
    repo.commit("new", line("NEW", 2));
    let refused = push();
    assert!(refused.status != 0 && refused.err.contains("Push stopped"), "{refused:?}");
    repo.git(&["checkout", "-qb", "other"]);
    assert_ne!(repo.try_git(&["push", "-q", "origin", "other"]).status, 0, "a new branch");
    assert_eq!(repo.try_git(&["push", "-q", "origin", "HEAD~:refs/heads/fine"]).status, 0);
    assert_eq!(repo.try_git(&["push", "-q", "origin", ":fine"]).status, 0, "a deletion sends nothing");
    assert_eq!(repo.sekisho_in(&repo.path, &["hook", "run", "--pre-push", "origin"], "nonsense\n", &[]).status, 2);
    // What the commit hook lets pass by the repository's settings, this one does too.
    repo.commit(".sekisho.toml", format!("[[allow]]\nvalue = \"{}\"\nreason = 'r'\n", token(2)));
    let allowed = repo.try_git(&["push", "-q", "origin", "other"]);
    assert!(allowed.status == 0 && allowed.err.contains("allows 1 values"), "{allowed:?}");
}

#[test]
fn a_server_refuses_what_it_should_not_have() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let bare = repo.beside("bare.git");
    repo.git(&["init", "-q", "--bare", &bare.display().to_string()]);
    let installed = repo.sekisho_in(&bare, &["hook", "install"], "", &[]);
    assert!(installed.status == 0 && bare.join("hooks/pre-receive").exists(), "{installed:?}");
    repo.git(&["remote", "add", "origin", &bare.display().to_string()]);
    // Settings of the repository do not count there.
    repo.commit(".sekisho.toml", format!("[[allow]]\nvalue = \"{}\"\nreason = 'r'\n", token(1)));
    let refused = repo.try_git(&["push", "-q", "origin", "main"]);
    assert!(refused.status != 0 && refused.err.contains("refused"), "{refused:?}");
    assert!(!refused.err.contains(&token(1)[8..]), "{refused:?}");
    assert_eq!(repo.git_in(&bare, &["rev-list", "--all"]).out, "", "nothing has arrived");
    repo.stage(".sekisho.toml", "");
    repo.git(&["commit", "-q", "--amend", "-m", "clean"]);
    let taken = repo.try_git(&["push", "-q", "origin", "main"]);
    assert_eq!(taken.status, 0, "{taken:?}");
    // An annotated tag brings its message.
    repo.git(&["tag", "-a", "v1", "-m", &line("tag", 2)]);
    assert_ne!(repo.try_git(&["push", "-q", "origin", "v1"]).status, 0);
    repo.git(&["tag", "-f", "-a", "v1", "-m", "fine"]);
    assert_eq!(repo.try_git(&["push", "-q", "origin", "v1"]).status, 0);
    assert_eq!(repo.try_git(&["push", "-q", "origin", ":v1"]).status, 0, "a deletion");
    // The program is gone: the push does not pass unseen.
    let hook = fs::read_to_string(bare.join("hooks/pre-receive")).expect("hook");
    fs::write(bare.join("hooks/pre-receive"), hook.replace(SEKISHO, "/gone/sekisho")).expect("hook");
    repo.commit("more", "more\n");
    let refused = repo.try_git(&["push", "-q", "origin", "main"]);
    assert!(refused.status != 0 && refused.err.contains("the scanner is gone"), "{refused:?}");
}
