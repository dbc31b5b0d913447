//! What a repository may say for itself, and what it may not.

use super::repo::{Repo, has, token};

#[test]
fn values_are_allowed_with_a_reason_and_that_is_said() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.stage("a", format!("A={}\nB={}\n", token(1), token(2)));
    // Only what is staged counts.
    let settings = format!("[[allow]]\nvalue = \"{}\"\nreason = \"a double\"\n", token(1));
    repo.write(".sekisho.toml", &settings);
    assert_eq!(repo.hook(&[]).objects("finding").len(), 2);
    // The settings hold the value themselves, where it is allowed as well.
    repo.git(&["add", ".sekisho.toml"]);
    let ran = repo.hook(&["--show-suppressed"]);
    let of_a: Vec<_> = ran.objects("finding").into_iter().filter(|f| f["path"] == "a").collect();
    assert_eq!(of_a[0]["suppressed"], "allowed: a double", "{ran:?}");
    assert!(of_a[1].get("suppressed").is_none() && ran.err.contains("allows 1 values"), "{ran:?}");
    for wrong in ["[[allow]]\nvalue = 'x'\n", "[[alow]]\n", "off = 1\n", "\u{0}"] {
        repo.stage(".sekisho.toml", wrong);
        let ran = repo.hook(&[]);
        assert!(ran.status == 2 && ran.err.contains(".sekisho.toml"), "{wrong:?}: {ran:?}");
    }
}

#[test]
fn what_lowers_the_scanner_needs_trust_and_is_named() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.stage("src/a", format!("A={}\n", token(1)));
    repo.stage("tests/b", format!("B={}\n", token(2)));
    assert_eq!(repo.sekisho(&["hook", "trust"]).status, 2, "nothing to trust");
    let all = "[[allow]]\npath = 'tests/'\nreason = 'doubles'\n";
    repo.stage(".sekisho.toml", all);
    let ran = repo.hook(&[]);
    assert!(ran.objects("finding").len() == 2 && ran.err.contains("not followed"), "{ran:?}");
    assert_eq!(repo.sekisho(&["hook", "trust"]).status, 0);
    let ran = repo.hook(&[]);
    assert_eq!(ran.of_findings("path"), ["src/a"], "{ran:?}");
    assert!(ran.err.contains("trusted here") && ran.err.contains("tests/"), "{ran:?}");
    // A change has to be trusted anew.
    repo.stage(".sekisho.toml", format!("off = ['credential']\n{all}"));
    assert_eq!(repo.hook(&[]).objects("finding").len(), 2);
    repo.sekisho(&["hook", "trust"]);
    assert_eq!(repo.hook(&[]).status, 0);
    // Another repository with the same settings is not trusted for it.
    let other = Repo::new();
    other.stage("a", token(3));
    other.stage(".sekisho.toml", "off = ['credential']\n");
    assert_eq!(other.hook(&[]).status, 1);
}

#[test]
fn comments_of_other_tools_are_honoured_counted_and_listed() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let tags = ["gitleaks:allow", "pragma: allowlist secret", "trufflehog:ignore", "kingfisher:ignore"];
    let mut text: String = tags.iter().zip(1..).map(|(tag, n)| format!("K{n}={} # {tag}\n", token(n))).collect();
    text += &format!("# secretlint-disable-next-line\nK={}\n", token(9));
    repo.stage("a", text);
    let ran = repo.hook(&["--show-suppressed"]);
    assert_eq!((ran.status, &ran.objects("summary")[0]["suppressed"]), (0, &5.into()), "{ran:?}");
    assert_eq!(ran.of_findings("suppressed")[0], "other-tool: gitleaks:allow");
    assert_eq!(repo.hook(&["--no-inline-allow"]).objects("finding").len(), 5);
    assert!(repo.sekisho(&["hook", "run"]).out.contains("5 suppressed"));
}
