//! The recipes of docs/git.md, with the real frameworks where they are at hand.

use std::fs;
use std::path::Path;

use super::repo::{Repo, SEKISHO, has, token};

/// A folder on the path where the program has its name.
fn program_folder() -> String {
    let folder = Path::new(SEKISHO).parent().expect("folder").display();
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}

#[test]
fn pre_commit_runs_the_hooks_that_are_offered() {
    if !has("git") || !has("pre-commit") {
        return;
    }
    // What is offered, as a repository of its own: the file stands at its top.
    let offered = Repo::new();
    let hooks = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml")).expect("file");
    offered.commit(".pre-commit-hooks.yaml", &hooks);
    let revision = offered.git(&["rev-parse", "HEAD"]);
    let repo = Repo::new();
    let path = program_folder();
    let config = format!(
        "repos:\n- repo: {}\n  rev: {revision}\n  hooks:\n  - id: sekisho\n  - id: sekisho-commit-msg\n",
        offered.path.display()
    );
    repo.stage(".pre-commit-config.yaml", config);
    let run = |arguments: &[&str]| {
        let set = format!("PATH={path}");
        let home = format!("PRE_COMMIT_HOME={}", repo.beside("cache").display());
        let ran = repo.run("env", &[&[&*set, &*home], arguments].concat());
        (ran.status, ran.out + &ran.err)
    };
    let (status, said) = run(&["pre-commit", "install", "--hook-type", "pre-commit", "--hook-type", "commit-msg"]);
    assert_eq!(status, 0, "{said}");
    repo.stage("a", "clean\n");
    let (status, said) = run(&["git", "commit", "-m", "x"]);
    assert_eq!(status, 0, "{said}");
    repo.stage("a", format!("A={}\n", token(1)));
    let (status, said) = run(&["git", "commit", "-m", "x"]);
    assert!(status != 0 && said.contains("github-token"), "{said}");
    repo.stage("a", "clean again\n");
    let (status, said) = run(&["git", "commit", "-m", &token(2)]);
    assert!(status != 0 && said.contains("github-token"), "{said}");
    // Whole files, as in a check of a whole repository.
    let files = [&["pre-commit", "run", "--all-files", "--config", "files.yaml", "sekisho-files"][..]];
    let offer =
        format!("repos:\n- repo: {}\n  rev: {revision}\n  hooks:\n  - id: sekisho-files\n", offered.path.display());
    repo.write("files.yaml", offer);
    assert_eq!(run(files[0]).0, 0);
    repo.stage("b", format!("A={}\n", token(3)));
    let (status, said) = run(files[0]);
    assert!(status != 0 && said.contains("github-token"), "{said}");
}

/// The fenced block that follows a line of docs/git.md.
fn recipe(after: &str) -> String {
    let docs = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/git.md")).expect("docs/git.md");
    let (_, rest) = docs.split_once(after).expect("the recipe");
    let block = rest.split("```").nth(1).expect("a block");
    block.split_once('\n').expect("lines").1.to_owned()
}

/// Commits with the program on the path; how it ended and what was said.
fn commit(repo: &Repo, message: &str) -> (i32, String) {
    let ran = repo.run("env", &[&*format!("PATH={}", program_folder()), "git", "commit", "-m", message]);
    (ran.status, ran.out + &ran.err)
}

/// A clean commit passes; one with a token, or with one in its message, does not.
fn holds(repo: &Repo) {
    repo.stage("a", "clean\n");
    let (status, said) = commit(repo, "x");
    assert_eq!(status, 0, "{said}");
    repo.stage("a", format!("A={}\n", token(1)));
    let (status, said) = commit(repo, "x");
    assert!(status != 0 && said.contains("github-token"), "{said}");
    repo.stage("a", "clean again\n");
    let (status, said) = commit(repo, &token(2));
    assert!(status != 0 && said.contains("github-token"), "{said}");
}

#[test]
fn lefthook_runs_the_recipe() {
    if !has("git") || !has("lefthook") {
        return;
    }
    let repo = Repo::new();
    repo.write("lefthook.yml", recipe("lefthook (`lefthook.yml`):"));
    let installed = repo.run("lefthook", &["install"]);
    assert_eq!(installed.status, 0, "{installed:?}");
    holds(&repo);
    // What is pushed, which it gets on standard input.
    let bare = repo.beside("bare.git").display().to_string();
    repo.git(&["init", "-q", "--bare", &bare]);
    repo.git(&["remote", "add", "origin", &bare]);
    repo.commit("b", format!("B={}\n", token(3)));
    let push = repo.run("env", &[&*format!("PATH={}", program_folder()), "git", "push", "-q", "origin", "main"]);
    assert!(push.status != 0 && (push.out + &push.err).contains("github-token"));
}

#[test]
fn husky_runs_the_recipe() {
    if !has("git") || !has("husky") {
        return;
    }
    let repo = Repo::new();
    let installed = repo.run("husky", &[]);
    assert_eq!(installed.status, 0, "{installed:?}");
    let told = repo.sekisho(&["hook", "install"]);
    assert!(told.err.contains(".husky/pre-commit"), "{told:?}");
    repo.write(".husky/pre-commit", "sekisho hook run\n");
    repo.write(".husky/commit-msg", "sekisho hook run --commit-msg \"$1\"\n");
    holds(&repo);
}
