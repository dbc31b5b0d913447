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
