//! Repositories of odd kinds: merges of many sides, histories that cross, changed line ends, objects
//! that are borrowed, missing or replaced, indexes that hide their names.

use super::repo::{Repo, has, token};

fn line(key: &str, number: u32) -> String {
    format!("{key}={}\n", token(number))
}

/// A branch from `base` with one more file.
fn branch(repo: &Repo, name: &str, base: &str, content: &str) {
    repo.git(&["checkout", "-q", "-b", name, base]);
    repo.commit(&format!("{name}.env"), content);
}

#[test]
fn an_octopus_brings_what_none_of_its_arms_had() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let base = repo.commit("a", "1\n2\n3\n");
    for (number, name) in (1..).zip(["one", "two", "three"]) {
        branch(&repo, name, &base, &line(name, number));
    }
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-commit", "--no-ff", "one", "two", "three"]);
    let ran = repo.hook(&[]);
    assert_eq!(ran.status, 0, "every line was in some arm: {ran:?}");
    repo.stage("a", format!("1\n2\n3\n{}", line("evil", 4)));
    assert_eq!(repo.hook(&[]).of_findings("path"), ["a"]);
    repo.git(&["commit", "-q", "--no-verify", "-m", "octopus"]);
    let merge = repo.git(&["rev-parse", "HEAD"]);
    assert_eq!(repo.git(&["rev-list", "--parents", "-1", "HEAD"]).split(' ').count(), 5);
    let ran = repo.history(&["--range", &format!("{base}..HEAD")]);
    assert_eq!(ran.of_findings("path"), ["a", "one.env", "three.env", "two.env"], "{ran:?}");
    assert_eq!(ran.of_findings("commit")[0], merge);
    assert_eq!(repo.history(&[]).of_findings("in_head"), ["true"; 4]);
}

#[test]
fn histories_that_cross_say_everything_once() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let base = repo.commit("a", "1\n");
    branch(&repo, "left", &base, &line("left", 1));
    branch(&repo, "right", &base, &line("right", 2));
    // Each takes the other's first commit; then they meet.
    repo.git(&["checkout", "-q", "left"]);
    repo.git(&["merge", "-q", "--no-edit", "right"]);
    repo.git(&["checkout", "-q", "right"]);
    repo.git(&["merge", "-q", "--no-edit", "left~"]);
    repo.commit("right.env", line("right", 2) + &line("more", 3));
    repo.git(&["checkout", "-q", "left"]);
    repo.git(&["merge", "-q", "--no-commit", "--no-ff", "right"]);
    assert_eq!(repo.hook(&[]).status, 0);
    repo.git(&["commit", "-q", "-m", "cross"]);
    for ran in [repo.history(&[]), repo.history(&["--range", &format!("{base}..HEAD")])] {
        assert_eq!(ran.of_findings("path"), ["left.env", "right.env", "right.env"], "{ran:?}");
    }
}

#[test]
fn moved_on_one_side_and_changed_on_the_other() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let lines: String = (0..40).map(|n| format!("line number {n}\n")).collect();
    let base = repo.commit("old.env", line("KEY", 1) + &lines);
    repo.git(&["checkout", "-q", "-b", "moves"]);
    repo.git(&["mv", "old.env", "new.env"]);
    repo.git(&["commit", "-qm", "moved"]);
    repo.git(&["checkout", "-q", "-b", "changes", &base]);
    repo.commit("old.env", line("KEY", 1) + &lines + "the end\n");
    repo.git(&["merge", "-q", "--no-commit", "moves"]);
    assert_eq!(repo.hook(&[]).status, 0, "{:?}", repo.hook(&[]));
    repo.stage("new.env", line("KEY", 1) + &lines + "the end\n" + &line("MORE", 2));
    assert_eq!(repo.hook(&[]).objects("finding").len(), 1);
    repo.git(&["commit", "-q", "--no-verify", "-m", "merged"]);
    // The value is named under both names, and only the present one has it in the last tree.
    let ran = repo.history(&[]);
    assert_eq!(ran.of_findings("path"), ["new.env", "new.env", "old.env"], "{ran:?}");
    assert_eq!(ran.of_findings("in_head"), ["true", "true", "false"], "{ran:?}");
}

#[test]
fn other_line_ends_are_nothing_new() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("dos.env", format!("one\r\nKEY={}\r\nthree\r\n", token(1)));
    repo.write(".gitattributes", "*.env text\n");
    repo.git(&["add", "--renormalize", "."]);
    repo.git(&["add", ".gitattributes"]);
    assert_eq!(repo.git(&["diff", "--cached", "--name-only"]), ".gitattributes\ndos.env");
    assert_eq!(repo.hook(&[]).status, 0, "{:?}", repo.hook(&[]));
    // What the work tree has with other ends than the index is the index's line.
    repo.git(&["commit", "-qm", "x"]);
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.stage("dos.env", format!("one\r\nKEY={}\r\nthree\r\nMORE={}\r\n", token(1), token(2)));
    let ran = repo.hook(&[]);
    assert_eq!(ran.objects("finding").len(), 1, "{ran:?}");
    assert_eq!(ran.objects("finding")[0]["start"]["line"], 4);
}

#[test]
fn borrowed_packed_and_replaced_objects_are_what_they_were() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let first = repo.commit("a", line("KEY", 1) + "two\n");
    repo.git(&["gc", "-q"]);
    let path = repo.beside("borrower");
    repo.git(&["clone", "-q", "--shared", ".", &path.display().to_string()]);
    let mut borrower = Repo::new();
    borrower.path = path;
    borrower.stage("a", line("KEY", 1) + "two\n" + &line("MORE", 2));
    let ran = borrower.hook(&[]);
    assert_eq!(ran.objects("finding").len(), 1, "the old version is the lender's, in a pack: {ran:?}");
    // A replacement does not make an old line new, nor a new one old.
    repo.commit("a", "clean\n");
    repo.git(&["replace", "HEAD", &first]);
    repo.stage("a", line("KEY", 1));
    assert_eq!(repo.hook(&[]).objects("finding").len(), 1, "{:?}", repo.hook(&[]));
}

#[test]
fn what_a_partial_clone_lacks_stops_nothing() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let numbers: String = (0..300).map(|n| format!("{n}\n")).collect();
    repo.commit("a", &numbers);
    repo.commit("b", line("OLD", 1) + &numbers);
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.path.display());
    let path = repo.beside("partial");
    repo.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, &path.display().to_string()]);
    let mut partial = Repo::new();
    partial.path = path;
    partial.git(&["reset", "-q"]);
    // Is it `a`, renamed? Nobody can say without fetching.
    partial.git(&["rm", "-q", "--cached", "a"]);
    partial.stage("c", numbers.clone() + &line("NEW", 2));
    let packed = || {
        let count = partial.git(&["count-objects", "-v"]);
        count.lines().find(|line| line.starts_with("in-pack")).map(str::to_owned)
    };
    let before = packed();
    let ran = partial.hook(&[]);
    assert_eq!((ran.status, ran.of_findings("path")), (1, vec!["c".to_owned()]), "{ran:?}");
    assert_eq!(before, packed(), "nothing was fetched");
    // Git itself fetches, to say in how many lines they differ.
    partial.git(&["commit", "-q", "--no-verify", "-m", "x"]);
    let before = packed();
    let ran = partial.history(&["--range", "HEAD~..HEAD"]);
    assert_eq!(ran.of_findings("path"), ["c"], "{ran:?}");
    assert_eq!(before, packed(), "nothing was fetched");
}

/// Settings are found in every kind of index, also where names do not stand in it as they are.
#[test]
fn the_settings_of_the_repository_are_found_in_every_index() {
    if !has("git") {
        return;
    }
    for commands in [
        &[][..],
        &[&["update-index", "--index-version", "3"][..]],
        &[&["update-index", "--index-version", "4"]],
        &[&["update-index", "--split-index"]],
        &[&["sparse-checkout", "set", "--sparse-index", "inside"]],
    ] {
        let repo = Repo::new();
        let allow = format!("[[allow]]\nvalue = \"{}\"\nreason = 'r'\n", token(1));
        repo.commit(".sekisho.toml", &allow);
        repo.commit("inside/a", "a\n");
        repo.commit(".sekisho-other", "x\n");
        repo.git(&["rm", "-q", "--cached", ".sekisho-other"]);
        for command in commands {
            repo.git(command);
        }
        repo.stage("inside/a", line("KEY", 1));
        let ran = repo.hook(&[]);
        assert!(ran.status == 0 && ran.err.contains("allows 1 values"), "{commands:?}: {ran:?}");
        // From a folder inside, and on an index of its own.
        let ran = repo.sekisho_in(&repo.path.join("inside"), &["hook", "run"], "", &[]);
        assert!(ran.status == 0 && ran.err.contains("allows 1 values"), "{commands:?}: {ran:?}");
        repo.sekisho(&["hook", "install"]);
        repo.git(&["reset", "-q"]);
        repo.write("inside/a", line("KEY", 1));
        let made = repo.try_git(&["commit", "-q", "-a", "-m", "x"]);
        assert!(made.status == 0 && made.err.contains("allows 1 values"), "{commands:?}: {made:?}");
        repo.git(&["rm", "-q", "--cached", ".sekisho.toml"]);
        repo.stage("inside/b", line("KEY", 1));
        assert_eq!(repo.hook(&[]).status, 1, "{commands:?}: they are not staged any more");
    }
}

#[test]
fn before_the_first_commit_the_way_out_is_another() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.stage("a", line("KEY", 1));
    let first = repo.sekisho(&["hook", "run"]);
    assert!(first.err.contains("git rm --cached FILE") && !first.err.contains("restore"), "{first:?}");
    assert_eq!(repo.try_git(&["rm", "-q", "--cached", "a"]).status, 0, "and it works");
    repo.commit("b", "b\n");
    repo.stage("a", line("KEY", 1));
    let later = repo.sekisho(&["hook", "run"]);
    assert!(later.err.contains("git restore --staged FILE"), "{later:?}");
    assert_eq!(repo.try_git(&["restore", "--staged", "a"]).status, 0);
}

/// Every file of a folder, at any depth.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("folder").flatten() {
        if entry.path().is_dir() { all.extend(files(&entry.path())) } else { all.push(entry.path()) }
    }
    all.sort();
    all
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_in_a_hook_leaves_nothing_behind() {
    use std::os::unix::process::CommandExt as _;
    use std::time::Duration;
    if !has("git") || !has("kill") {
        return;
    }
    let repo = Repo::new();
    repo.stage("big", vec![b'a'; 40 << 20]);
    let temporary = repo.beside("tmp");
    std::fs::create_dir(&temporary).expect("folder");
    let before = files(&repo.path);
    for wait in [5, 30, 80] {
        let mut command = repo.prepared(super::repo::SEKISHO, &repo.path);
        command.args(["hook", "run", "--whole-files"]).env("TMPDIR", &temporary).process_group(0);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut child = command.spawn().expect("starts");
        std::thread::sleep(Duration::from_millis(wait));
        // As a terminal does: to everything that runs in the foreground.
        let group = format!("-{}", child.id());
        std::process::Command::new("kill").args(["-INT", "--", &group]).status().expect("kill runs");
        child.wait().expect("ends");
        let at_work = || {
            let all = std::fs::read_dir("/proc").expect("processes").flatten();
            all.filter(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|at| at == repo.path)).count()
        };
        for tries in 0.. {
            if at_work() == 0 {
                break;
            }
            assert!(tries < 500, "a process is left");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(files(&repo.path), before);
        assert!(files(&temporary).is_empty(), "{:?}", files(&temporary));
    }
    assert_eq!(repo.hook(&[]).status, 0, "and the next one runs");
}
