//! What is staged, in every way there is.

use super::repo::{Repo, has, token};

#[test]
fn new_lines_are_reported_and_old_ones_are_not() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    assert_eq!(repo.hook(&[]).status, 0, "nothing is staged");
    repo.commit("a.env", format!("one\nOLD={}\nthree\n", token(1)));
    repo.stage("a.env", format!("zero\nOLD={}\nNEW={}\nthree\n", token(1), token(2)));
    let ran = repo.hook(&[]);
    assert_eq!((ran.status, ran.objects("finding").len()), (1, 1), "{ran:?}");
    assert_eq!(ran.objects("finding")[0]["start"]["line"], 3);
    assert!(ran.err.contains("1 staged files scanned, 2 new lines"), "{}", ran.err);
    assert_eq!(repo.hook(&["--whole-files"]).objects("finding").len(), 2);
    // The same value once more, on a line of its own, is new there.
    repo.stage("a.env", format!("OLD={}\nTOKEN={}\n", token(1), token(1)));
    assert_eq!(repo.hook(&[]).objects("finding")[0]["start"]["line"], 2);
    // Text for a person says what to do.
    let text = repo.sekisho(&["hook", "run"]);
    assert!(text.err.contains("git restore --staged") && text.out.contains("github-token"), "{text:?}");
    let text = repo.sekisho(&["hook", "run", "--lang", "ja"]);
    assert!(text.err.contains("コミットを中止しました"), "{text:?}");
    // Nothing to report takes one line.
    repo.stage("a.env", "clean\n");
    let text = repo.sekisho(&["hook", "run"]);
    assert_eq!((text.status, &*text.out, text.err.lines().count()), (0, "", 1), "{text:?}");
}

#[test]
fn a_file_moved_or_copied_or_of_another_mode() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let lines: String = (0..40).map(|n| format!("line number {n}\n")).collect();
    repo.commit("old name", format!("{lines}KEY={}\n", token(1)));
    repo.git(&["mv", "old name", "新しい名前"]);
    assert_eq!(repo.hook(&[]).status, 0, "a mere move brings nothing");
    repo.stage("新しい名前", format!("{lines}KEY={}\nMORE={}\n", token(1), token(2)));
    let ran = repo.hook(&[]);
    assert_eq!(ran.of_findings("path"), ["新しい名前"], "{ran:?}");
    assert_eq!(repo.hook(&["--whole-files"]).objects("finding").len(), 2);
    repo.git(&["reset", "-q", "--hard"]);
    repo.stage("copy", format!("{lines}KEY={}\n", token(1)));
    assert_eq!(repo.hook(&[]).of_findings("path"), ["copy"], "a copy brings it to another place");
    repo.git(&["reset", "-q", "--hard"]);
    repo.git(&["update-index", "--chmod=+x", "old name"]);
    assert_eq!(repo.hook(&[]).status, 0);
    repo.git(&["rm", "-qf", "--cached", "old name"]);
    assert_eq!(repo.hook(&[]).status, 0);
}

#[test]
fn documents_binaries_links_and_other_entries() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("readme", "x\n");
    // A zip with a token in it, stored.
    let mut zip = Vec::new();
    let (name, content) = ("list.txt", format!("KEY={}\n", token(3)));
    let mut crc = crc32fast::Hasher::new();
    crc.update(content.as_bytes());
    let crc = crc.finalize().to_le_bytes();
    let size = (content.len() as u32).to_le_bytes();
    let common: Vec<u8> = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0], &crc[..], &size, &size, &[8, 0, 0, 0]].concat();
    zip.extend([&b"PK\x03\x04"[..], &common, name.as_bytes(), content.as_bytes()].concat());
    let directory = zip.len() as u32;
    zip.extend([&b"PK\x01\x02\x14\0"[..], &common, &[0; 14], name.as_bytes()].concat());
    let end =
        [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &54u32.to_le_bytes(), &directory.to_le_bytes(), &[0, 0]].concat();
    zip.extend(end);
    repo.stage("data.zip", &zip);
    let binary = [&[0, 1, 2, 0xFF][..], token(4).as_bytes(), &[0, 10, 0]].concat();
    repo.stage("program.bin", &binary);
    std::os::unix::fs::symlink(format!("/srv/{}", token(5)), repo.path.join("link")).expect("link");
    repo.git(&["add", "link"]);
    repo.write("later", token(6));
    repo.git(&["add", "--intent-to-add", "later"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},sub", "1".repeat(40))]);
    let ran = repo.hook(&[]);
    assert_eq!(ran.of_findings("path"), ["data.zip", "link", "program.bin"], "{ran:?}");
    assert_eq!(ran.objects("finding")[0]["inside"][0], "list.txt", "{ran:?}");
    assert_eq!(ran.objects("summary")[0]["skipped"]["submodules"], 1, "{ran:?}");
}

#[test]
fn a_large_file_kept_by_lfs_is_looked_at_where_it_is() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    let hash = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    repo.stage("big.csv", format!("version https://git-lfs.github.com/spec/v1\noid sha256:{hash}\nsize 50\n"));
    let ran = repo.hook(&[]);
    assert_eq!(ran.status, 0, "a problem warns: {ran:?}");
    assert!(ran.objects("problem")[0]["message"].as_str().expect("text").contains("git lfs fetch"), "{ran:?}");
    assert!(ran.err.contains("could not be looked at"), "{ran:?}");
    assert_eq!(repo.hook(&["--strict"]).status, 3);
    repo.write(&format!(".git/lfs/objects/4d/7a/{hash}"), token(1));
    assert_eq!(repo.hook(&[]).of_findings("path"), ["big.csv"]);
}

#[test]
fn commits_of_a_part_and_commits_of_all() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", "a\n");
    repo.commit("b", "b\n");
    let installed = repo.sekisho(&["hook", "install"]);
    assert_eq!(installed.status, 0, "{installed:?}");
    // `git commit -a` and `git commit FILE` work on an index of their own.
    repo.write("a", format!("KEY={}\n", token(1)));
    repo.write("b", "clean\n");
    assert_ne!(repo.try_git(&["commit", "-qam", "x"]).status, 0);
    assert_eq!(repo.try_git(&["commit", "-qm", "x", "b"]).status, 0, "only b is committed");
    assert_ne!(repo.try_git(&["commit", "-qm", "x", "a"]).status, 0);
    // From a folder inside, and partly staged.
    repo.write("sub/c", format!("KEY={}\n", token(2)));
    repo.git(&["add", "sub/c"]);
    repo.write("sub/c", "clean in the work tree\n");
    assert_ne!(repo.git_in(&repo.path.join("sub"), &["commit", "-qm", "x"]).status, 0);
    assert_eq!(repo.sekisho_in(&repo.path.join("sub"), &["hook", "run"], "", &[]).status, 1);
    repo.git(&["add", "sub/c"]);
    assert_eq!(repo.try_git(&["commit", "-qm", "x"]).status, 0);
    // Amending: what the commit already has is not new.
    assert_eq!(repo.try_git(&["commit", "-q", "--amend", "-m", "y"]).status, 0);
    // The message counts too.
    let refused = repo.try_git(&["commit", "-q", "--allow-empty", "-m", &format!("use {}", token(3))]);
    assert!(refused.status != 0 && refused.err.contains("message"), "{refused:?}");
}

#[test]
fn a_merge_brings_only_what_neither_side_had() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", "1\n2\n3\n4\n5\n");
    repo.git(&["checkout", "-qb", "side"]);
    repo.commit("a", format!("KEY={}\n1\n2\n3\n4\n5\n", token(1)));
    repo.commit("b", format!("KEY={}\n", token(2)));
    repo.git(&["checkout", "-q", "main"]);
    repo.commit("a", "one\n2\n3\n4\n5\n");
    assert_ne!(repo.try_git(&["merge", "-q", "side"]).status, 0, "a conflict");
    let ran = repo.hook(&["--strict"]);
    assert!(ran.status == 3 && ran.objects("problem")[0]["path"] == "a", "unresolved: {ran:?}");
    repo.stage("a", format!("KEY={}\none\n2\n3\n4\n5\n", token(1)));
    let ran = repo.hook(&[]);
    assert_eq!(ran.status, 0, "both sides are known already: {ran:?}");
    repo.stage("a", format!("KEY={}\nmore={}\n", token(1), token(3)));
    assert_eq!(repo.hook(&[]).objects("finding").len(), 1);
}

#[test]
fn indexes_and_repositories_of_other_kinds() {
    if !has("git") {
        return;
    }
    for (init, commands) in [
        (&["init", "-q", "--object-format=sha256"][..], &[][..]),
        (&["init", "-q", "--ref-format=reftable"], &[]),
        (&["init", "-q"], &[&["update-index", "--split-index"][..]]),
        (&["init", "-q"], &[&["update-index", "--untracked-cache"]]),
        (&["init", "-q"], &[&["config", "feature.manyFiles", "true"], &["update-index", "--index-version", "4"]]),
        (&["init", "-q"], &[&["sparse-checkout", "set", "--sparse-index", "inside"]]),
    ] {
        let folder = tempfile::tempdir().expect("folder");
        let known = std::process::Command::new("git").args(init).current_dir(folder.path()).output().expect("git runs");
        if !known.status.success() {
            println!("skipped: needs a git that knows {init:?}");
            continue;
        }
        let repo = Repo::with(init);
        repo.commit("inside/a", "a\n");
        repo.commit("outside/b", "b\n");
        for command in commands {
            repo.git(command);
        }
        repo.stage("inside/a", format!("KEY={}\n", token(1)));
        let ran = repo.hook(&[]);
        assert_eq!(ran.of_findings("path"), ["inside/a"], "{init:?} {commands:?}: {ran:?}");
        repo.git(&["commit", "-qm", "x"]);
        let ran = repo.history(&[]);
        assert_eq!(ran.of_findings("path"), ["inside/a"], "{init:?} {commands:?}: {ran:?}");
    }
}

#[test]
fn other_work_trees_and_places_by_environment() {
    if !has("git") {
        return;
    }
    let repo = Repo::new();
    repo.commit("a", "a\n");
    let tree = repo.beside("tree");
    repo.git(&["worktree", "add", "-q", &tree.display().to_string()]);
    assert_eq!(repo.sekisho_in(&tree, &["hook", "install"], "", &[]).status, 0);
    std::fs::write(tree.join("b"), format!("KEY={}\n", token(1))).expect("file");
    repo.git_in(&tree, &["add", "b"]);
    assert_ne!(repo.git_in(&tree, &["commit", "-qm", "x"]).status, 0, "the hook holds in every work tree");
    assert_eq!(repo.sekisho_in(&tree, &["hook", "run"], "", &[]).status, 1);
    assert_eq!(repo.hook(&[]).status, 0, "nothing is staged in the other one");
    let (folder, path) = (repo.path.join(".git").display().to_string(), repo.path.display().to_string());
    repo.stage("c", token(2));
    let named = [("GIT_DIR", &*folder), ("GIT_WORK_TREE", &*path)];
    assert_eq!(repo.sekisho_in(&repo.beside("home"), &["hook", "run"], "", &named).status, 1);
    let none = repo.sekisho_in(&repo.beside("home"), &["hook", "run"], "", &[]);
    assert!(none.status == 2 && none.err.contains("not a git repository"), "{none:?}");
}
