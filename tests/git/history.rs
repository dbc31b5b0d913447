//! All of history, in repositories of every kind.

use std::fs;

use super::repo::{Repo, has, token};

fn line(key: &str, number: u32) -> String {
    format!("{key}={}\n", token(number))
}

#[test]
fn a_finding_has_the_commit_that_brought_it() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    assert_eq!(repo.history(&[]).status, 0, "an empty repository is clean");
    repo.commit("readme", "x\n");
    let first = repo.commit("設定 a.env", line("A", 1));
    let second = repo.commit("設定 a.env", line("A", 1) + &line("B", 2));
    repo.commit("設定 a.env", line("changed around it", 1));
    let third = repo.commit("b.env", line("C", 3));
    repo.git(&["rm", "-q", "b.env"]);
    repo.git(&["commit", "-qm", "away"]);
    for packed in [false, true] {
        if packed {
            repo.git(&["gc", "-q"]);
        }
        let ran = repo.history(&[]);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert_eq!(ran.of_findings("path"), ["b.env", "設定 a.env", "設定 a.env"], "{ran:?}");
        assert_eq!(ran.of_findings("commit"), [&*third, &first, &second]);
        assert_eq!(ran.of_findings("in_head"), ["false", "true", "false"]);
        assert_eq!(ran.of_findings("author"), ["T <t@example.com>"; 3]);
        let summary = &ran.objects("summary")[0];
        assert_eq!((&summary["findings"], &summary["files"]), (&3.into(), &5.into()), "{ran:?}");
        assert!(!ran.out.contains(&token(1)[8..]) && ran.err.contains("5 file contents"), "{ran:?}");
    }
    let text = repo.sekisho(&["git"]);
    assert!(text.out.contains(&format!("since {}", &first[..12])) && text.out.contains("still in HEAD"), "{text:?}");
    // Named by its path it is meant, whatever the environment says.
    let elsewhere = [("GIT_DIR", "/nonexistent"), ("GIT_INDEX_FILE", "/nonexistent")];
    assert_eq!(repo.sekisho_in(&repo.beside("home"), &["git", "../repo"], "", &elsewhere).status, 1);
}

#[test]
fn messages_tags_stashes_and_what_nothing_leads_to() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", "a\n");
    repo.git(&["commit", "-q", "--allow-empty", "-m", &line("message", 1)]);
    repo.git(&["tag", "-a", "v1", "-m", &line("tag", 2)]);
    repo.write("a", line("stashed", 3));
    repo.git(&["stash", "-q"]);
    repo.commit("amended", line("amended away", 4));
    repo.stage("amended", "clean\n");
    repo.git(&["commit", "-q", "--amend", "-m", "clean"]);
    repo.stage("staged.env", line("staged", 5));
    let blob = repo.beside("blob");
    fs::write(&blob, line("dangling", 6)).expect("file");
    let id = repo.git(&["hash-object", "-w", &blob.display().to_string()]);
    repo.git(&["notes", "add", "-m", &line("note", 7)]);
    let ran = repo.history(&[]);
    let paths = ran.of_findings("path");
    let expected = ["(commit message)", "(commit message)", &format!("(unreachable)/{id}"), "a", "amended"];
    assert_eq!(&paths[..2], &expected[..2], "{ran:?}");
    for path in &expected[2..] {
        assert!(paths.iter().any(|p| p == path), "{path} in {paths:?}");
    }
    assert!(paths.iter().any(|p| p == "staged.env"), "{paths:?}");
    assert_eq!(paths.len(), 7, "{paths:?}");
    // Once the reflog has forgotten it, it is still there.
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    let ran = repo.history(&[]);
    assert_eq!(ran.of_findings("path").len(), 7);
    assert!(ran.of_findings("path").iter().any(|path| path == "amended"), "{ran:?}");
}

#[test]
fn bare_shallow_and_linked_repositories() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", line("old", 1));
    repo.commit("a", line("new", 2));
    let url = format!("file://{}", repo.path.display());
    let clone = |name: &str, arguments: &[&str]| {
        let path = repo.beside(name);
        repo.git(&[&["clone", "-q"], arguments, &[&*url, &path.display().to_string()]].concat());
        repo.sekisho_in(&path, &["git", "--format", "jsonl"], "", &[])
    };
    assert_eq!(clone("bare", &["--bare"]).objects("finding").len(), 2);
    let shallow = clone("shallow", &["--depth=1"]);
    assert_eq!(shallow.objects("finding").len(), 1);
    assert!(shallow.err.contains("shallow"), "{shallow:?}");
    let tree = repo.beside("tree");
    repo.git(&["worktree", "add", "-q", "--detach", &tree.display().to_string(), "HEAD~"]);
    let linked = repo.sekisho_in(&tree, &["git", "--format", "jsonl"], "", &[]);
    assert_eq!(linked.of_findings("in_head"), ["true", "false"], "{linked:?}");
    // A submodule is another repository; what it holds is not followed.
    let outer = Repo::new();
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "sub"]);
    outer.git(&["commit", "-qm", "sub"]);
    let ran = outer.history(&[]);
    assert_eq!((ran.status, &ran.objects("summary")[0]["skipped"]["submodules"]), (0, &1.into()), "{ran:?}");
}

#[test]
fn what_is_missing_is_a_problem() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("big", "many words\n".repeat(400));
    repo.commit("small", line("A", 1));
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.path.display());
    let path = repo.beside("partial");
    repo.git(&["clone", "-q", "--no-checkout", "--filter=blob:limit=1k", &url, &path.display().to_string()]);
    let ran = repo.sekisho_in(&path, &["git", "--format", "jsonl"], "", &[]);
    assert_eq!(ran.of_findings("path"), ["small"], "{ran:?}");
    let problems = ran.objects("problem");
    assert_eq!((&problems[0]["path"], &problems[0]["kind"]), (&"big".into(), &"vanished".into()), "{ran:?}");
    assert_eq!(problems.len(), 1, "nothing is fetched: {ran:?}");
    // No trees either: commits are listed as far as it goes, and that is said.
    let path = repo.beside("treeless");
    repo.git(&["clone", "-q", "--no-checkout", "--filter=tree:0", &url, &path.display().to_string()]);
    let ran = repo.sekisho_in(&path, &["git", "--format", "jsonl"], "", &[]);
    assert!(ran.status == 3 && !ran.objects("problem").is_empty(), "{ran:?}");
}

#[test]
fn damage_is_a_problem_and_the_rest_is_looked_at() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", line("A", 1));
    let id = repo.git(&["rev-parse", "HEAD:a"]);
    repo.commit("b", line("B", 2));
    let object = repo.path.join(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    let whole = fs::read(&object).expect("object");
    fs::set_permissions(&object, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("mode");
    for broken in [&whole[..whole.len() / 2], &whole[..1], b"", b"no zlib at all"] {
        fs::write(&object, broken).expect("object");
        let ran = repo.history(&[]);
        assert_eq!((ran.status, ran.of_findings("path")), (1, vec!["b".to_owned()]), "{ran:?}");
        assert_eq!(ran.objects("problem")[0]["path"], "a", "{ran:?}");
        assert_eq!(ran.objects("summary")[0]["complete"], false);
    }
    fs::write(&object, &whole).expect("object");
    for version in 0..5 {
        repo.commit("c", (0..200).map(|n| format!("{} line {n}\n", n * (n + version))).collect::<String>());
    }
    repo.git(&["repack", "-adfq"]);
    let mut packs = fs::read_dir(repo.path.join(".git/objects/pack")).expect("folder").flatten().map(|e| e.path());
    let pack = packs.find(|path| path.extension().is_some_and(|e| e == "pack")).expect("a pack");
    let whole = fs::read(&pack).expect("pack");
    fs::set_permissions(&pack, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("mode");
    assert_eq!(repo.history(&[]).objects("finding").len(), 2);
    let mut state = 4711u32;
    for round in 0..24 {
        let mut broken = whole.clone();
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let at = 12 + state as usize % (broken.len() - 32);
        match round % 3 {
            0 => broken.truncate(at),
            1 => broken[at] ^= 0x55,
            _ => broken[at..].iter_mut().take(40).for_each(|b| *b = 0),
        }
        fs::write(&pack, &broken).expect("pack");
        let ran = repo.history(&[]);
        // A flipped bit may spare every blob; but nothing that is lost goes unsaid.
        let lost = ran.objects("finding").len() < 2;
        assert!(!lost || !ran.objects("problem").is_empty(), "round {round} at {at}: {ran:?}");
        assert!(ran.status != 0 && !ran.err.contains("internal error"), "{ran:?}");
    }
    fs::write(pack.with_extension("idx"), "no index").unwrap_or_default();
    fs::remove_file(pack.with_extension("idx")).expect("index");
    let ran = repo.history(&[]);
    assert!(ran.status == 2 || !ran.objects("problem").is_empty(), "a pack without index: {ran:?}");
}

#[test]
fn replacements_and_grafts_hide_nothing() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", line("A", 1));
    let last = repo.commit("a", "clean\n");
    let blob = repo.git(&["rev-parse", "HEAD~:a"]);
    let clean = repo.git(&["rev-parse", "HEAD:a"]);
    repo.git(&["replace", &blob, &clean]);
    let ran = repo.history(&[]);
    assert_eq!(ran.of_findings("path"), ["a"], "{ran:?}");
    repo.git(&["replace", "-d", &blob]);
    fs::create_dir_all(repo.path.join(".git/info")).expect("folder");
    fs::write(repo.path.join(".git/info/grafts"), format!("{last}\n")).expect("file");
    let ran = repo.history(&[]);
    assert_eq!(ran.of_findings("path"), ["a"], "the graft cuts history off, but not for us: {ran:?}");
}

#[test]
fn comments_and_limits_hold_in_history_too() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", format!("KEY={} # sekisho:allow credential -- sample\n", token(1)));
    repo.commit("b", (2..8).map(|n| line("KEY", n)).collect::<String>());
    let ran = repo.history(&["--max-findings", "2"]);
    let summary = &ran.objects("summary")[0];
    assert_eq!((&summary["findings"], &summary["suppressed"]), (&6.into(), &1.into()), "{ran:?}");
    assert_eq!(ran.objects("finding").len(), 2);
    assert_eq!(repo.history(&["--show-suppressed"]).objects("finding").len(), 7);
    assert_eq!(repo.history(&["--no-inline-allow"]).objects("finding").len(), 7);
    assert!(repo.history(&["--reveal"]).out.contains(&token(2)));
}
