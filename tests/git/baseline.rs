//! Known findings: recorded, recognised, merged by git, pruned.

use std::fs;

use super::repo::{Repo, has, token};

const FILE: &str = ".sekisho-baseline";

fn text(repo: &Repo) -> String {
    fs::read_to_string(repo.path.join(FILE)).expect("baseline")
}

fn entries(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with('#') && line.len() > 2 && !line.starts_with("salt")).collect()
}

#[test]
fn what_is_recorded_raises_no_alarm_anywhere() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("src/a.env", format!("A={}\n", token(1)));
    repo.commit("people.csv", "氏名,メール\n山田太郎,taro.yamada@nifty.ne.jp\n");
    let baseline = |verb: &str| repo.sekisho(&["baseline", verb]);
    assert_eq!(baseline("update").status, 2, "there is none yet");
    let created = baseline("create");
    assert!(created.status == 0 && created.err.contains("entries"), "{created:?}");
    assert_eq!(baseline("create").status, 2, "it is not overwritten");
    let first = text(&repo);
    assert!(!first.contains(&token(1)[4..12]) && !first.contains("yamada"), "{first}");
    let listed = entries(&first);
    assert!(
        listed.is_sorted() && listed.iter().any(|entry| entry.contains(" src/a.env credential/github-token value:"))
    );
    assert!(listed.iter().any(|entry| entry.contains("people.csv personal/") && entry.contains("count:1")), "{first}");
    assert_eq!(baseline("update").status, 0);
    assert_eq!(text(&repo), first, "nothing has changed");

    let known = ["--baseline", FILE, "--format", "jsonl"];
    let scan = |arguments: &[&str]| repo.sekisho(&[&["scan"], arguments, &known].concat());
    assert_eq!(scan(&["."]).status, 0, "{:?}", scan(&["."]));
    assert_eq!(scan(&[&repo.path.display().to_string()]).status, 0, "by its full path");
    let inside =
        repo.sekisho_in(&repo.path.join("src"), &["scan", "--baseline", "../.sekisho-baseline", "a.env"], "", &[]);
    assert_eq!(inside.status, 0, "{inside:?}");
    assert_eq!(repo.history(&["--baseline", FILE]).status, 0);
    // Another place, another value, one more: all are new. Lines may move.
    repo.stage("src/a.env", format!("\n\n# moved\nA={}\nB={}\n", token(1), token(2)));
    repo.stage("b.env", format!("A={}\n", token(1)));
    repo.stage("people.csv", "氏名,メール\n山田太郎,taro.yamada@nifty.ne.jp\n鈴木花子,hanako.suzuki@nifty.ne.jp\n");
    let ran = repo.hook(&["--whole-files", "--baseline", FILE]);
    let tokens = ran.objects("finding").iter().filter(|f| f["category"] == "credential").count();
    let people = ran.objects("finding").iter().filter(|f| f["detector"] == "personal/email-address").count();
    assert_eq!((tokens, people), (2, 1), "{ran:?}");
}

#[test]
fn entries_that_match_nothing_are_named_and_pruned() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.write("a", format!("A={}\n", token(1)));
    repo.write("sub/b", format!("B={}\n", token(2)));
    repo.sekisho(&["baseline", "create"]);
    fs::remove_file(repo.path.join("sub/b")).expect("gone");
    let scan = |path: &str| repo.sekisho(&["scan", "--baseline", FILE, path]);
    assert!(scan(".").err.contains("sub/b [credential/github-token]"), "{:?}", scan("."));
    assert!(!scan("a").err.contains("sub/b"), "out of what was looked at: {:?}", scan("a"));
    assert_eq!(repo.sekisho(&["baseline", "prune", "sub"]).status, 0);
    assert_eq!(entries(&text(&repo)).len(), 1);
    assert!(!scan(".").err.contains("match nothing"));
    // Where something cannot be looked at, nothing is pruned.
    fs::remove_file(repo.path.join("a")).expect("gone");
    repo.write("broken.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03broken");
    let ran = repo.sekisho(&["baseline", "prune"]);
    assert!(ran.status == 3 && entries(&text(&repo)).len() == 1, "{ran:?}");
    fs::remove_file(repo.path.join("broken.gz")).expect("gone");
    repo.sekisho(&["baseline", "prune"]);
    assert_eq!(entries(&text(&repo)).len(), 0);
    for broken in ["", "salt x\n", "nonsense\n"] {
        repo.write(FILE, broken);
        assert_eq!(scan(".").status, 2, "{broken:?}");
    }
}

#[test]
fn history_is_not_the_tree() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("known.env", format!("A={}\n", token(0)));
    let lines = repo.sekisho(&["scan", "--format", "jsonl", "."]).out;
    assert_eq!(lines.matches(r#""type":"finding""#).count(), 1, "{lines}");
    assert!(lines.contains(r#""not_text":{"git history":3}"#), "{lines}");
}

#[test]
fn two_branches_that_add_entries_merge() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("known.env", format!("A={}\n", token(0)));
    repo.sekisho(&["baseline", "create"]);
    repo.git(&["add", FILE]);
    repo.git(&["commit", "-qm", "baseline"]);
    for (branch, number) in [("one", 1), ("two", 2)] {
        repo.git(&["checkout", "-qb", branch, "main"]);
        repo.write(&format!("{branch}.env"), format!("A={}\nB={}\n", token(number), token(number + 10)));
        assert_eq!(repo.sekisho(&["baseline", "update"]).status, 0);
        repo.git(&["add", "."]);
        repo.git(&["commit", "-qm", branch]);
    }
    let merged = repo.try_git(&["merge", "-q", "-m", "both", "one"]);
    assert_eq!(merged.status, 0, "{merged:?}");
    assert_eq!(entries(&text(&repo)).len(), 5);
    let scan = repo.sekisho(&["scan", "--baseline", FILE, "."]);
    assert!(scan.status == 0 && !scan.err.contains("match nothing"), "{scan:?}");
}

#[test]
fn the_repository_names_its_baseline() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.stage("a", format!("A={}\n", token(1)));
    repo.sekisho(&["baseline", "create"]);
    repo.stage(".sekisho.toml", format!("baseline = '{FILE}'\n"));
    assert_eq!(repo.hook(&[]).status, 2, "it is not staged");
    repo.git(&["add", FILE]);
    let ran = repo.hook(&[]);
    assert!(ran.status == 0 && ran.err.contains("names a baseline"), "{ran:?}");
    // The staged one counts, not the one in the work tree.
    repo.write(FILE, "broken");
    assert_eq!(repo.hook(&[]).status, 0);
    // An entry whose file is staged without it is named.
    repo.stage("a", "clean\n");
    assert!(repo.hook(&[]).err.contains("a [credential/github-token]"), "{:?}", repo.hook(&[]));
}
