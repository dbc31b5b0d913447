//! Packs and loose objects as this program reads them are those that git reads.

use std::collections::BTreeMap;

use sekisho::source::git::{Git, Objects};
use sekisho::source::{Body, Source as _};

use super::repo::{Repo, has};

/// Every blob and message by its name: SHA-256 of its content would do, its length and a sum do
/// as well.
fn ours(repo: &Repo) -> BTreeMap<String, (usize, u64)> {
    let mut objects = Objects::open(&Git::at(&repo.path)).expect("opens");
    let mut all = BTreeMap::new();
    loop {
        let mut items = Vec::new();
        objects.next(&mut items, 10);
        if items.is_empty() {
            break;
        }
        for item in items {
            let name = item.origin.path.display().to_string();
            let mut bytes = Vec::new();
            match item.body {
                Body::Bytes(content) => bytes = content,
                body => {
                    std::io::Read::read_to_end(&mut body.open().expect("opens"), &mut bytes).expect("reads");
                }
            }
            assert!(all.insert(name.clone(), sum(&bytes)).is_none(), "{name} came twice");
        }
    }
    let outline = objects.finish().expect("ends");
    assert_eq!(outline.met.len() as u64, outline.blobs + outline.messages);
    assert_eq!(outline.met.len(), all.len());
    all
}

fn sum(bytes: &[u8]) -> (usize, u64) {
    (bytes.len(), bytes.iter().fold(0, |sum: u64, &b| sum.wrapping_mul(31).wrapping_add(u64::from(b))))
}

fn gits(repo: &Repo) -> BTreeMap<String, (usize, u64)> {
    let list = repo.git(&["cat-file", "--batch-check=%(objectname) %(objecttype)", "--batch-all-objects"]);
    let mut all = BTreeMap::new();
    for line in list.lines() {
        let (id, kind) = line.split_once(' ').expect("two words");
        let mut content = std::process::Command::new("git");
        let content = content.arg("-C").arg(&repo.path).args(["cat-file", kind, id]).output().expect("git runs").stdout;
        match kind {
            "blob" => all.insert(id.to_owned(), sum(&content)),
            "tree" => None,
            _ => {
                let at = content.windows(2).position(|w| w == b"\n\n").map_or(content.len(), |at| at + 2);
                all.insert(format!("{id} message"), sum(&content[at..]))
            }
        };
    }
    all
}

/// Versions of files that make deltas, an empty file, one that is too long to keep.
fn filled(init: &[&str]) -> Repo {
    let repo = Repo::with(init);
    repo.commit("empty", "");
    for version in 0..25 {
        let lines: String =
            (0..300).map(|n| format!("{n} {}\n", if n % 25 == version { n * 7919 } else { n })).collect();
        repo.commit("file.txt", lines);
        if version % 10 == 0 {
            repo.git(&["tag", "-a", "-m", &format!("tag {version}"), &format!("v{version}")]);
        }
    }
    repo
}

#[test]
fn every_object_comes_out_as_git_has_it() {
    if !has("git") {
        return;
    }
    let repo = filled(&["init", "-q"]);
    repo.commit("long", vec![b'a'; 17 << 20]);
    assert_eq!(ours(&repo), gits(&repo), "loose");
    repo.git(&["repack", "-adfq", "--depth=50"]);
    repo.git(&["prune-packed"]);
    assert_eq!(ours(&repo), gits(&repo), "one pack, deltas by offset");
    repo.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    assert_eq!(ours(&repo), gits(&repo), "deltas by name");
    repo.git(&["-c", "pack.indexVersion=1", "repack", "-adfq"]);
    assert_eq!(ours(&repo), gits(&repo), "index of version 1");
    repo.commit("more", "more\n");
    repo.git(&["repack", "-dq"]);
    repo.commit("even more", "more\nmore\n");
    repo.git(&["multi-pack-index", "write"]);
    assert_eq!(ours(&repo), gits(&repo), "two packs and loose objects");
    // An object in two places comes once.
    repo.git(&["-c", "pack.writeReverseIndex=true", "repack", "-aq"]);
    assert_eq!(ours(&repo), gits(&repo), "the same objects in several packs");
}

#[test]
fn other_hashes_and_borrowed_objects() {
    if !has("git") {
        return;
    }
    let sha256 = filled(&["init", "-q", "--object-format=sha256"]);
    sha256.git(&["gc", "-q"]);
    sha256.commit("loose", "loose\n");
    assert_eq!(ours(&sha256), gits(&sha256));

    let repo = filled(&["init", "-q"]);
    repo.git(&["gc", "-q"]);
    let path = repo.beside("borrower");
    repo.git(&["clone", "-q", "--shared", ".", &path.display().to_string()]);
    let own = gits(&repo);
    let mut borrower = Repo::new();
    borrower.path = path;
    borrower.commit("own", "of its own\n");
    let all = ours(&borrower);
    assert_eq!(all.len(), own.len() + 2);
    assert_eq!(all, gits(&borrower));
}
