//! Archives made by other programs (`tests/fixtures/archives/make.sh`) come out whole.

use sekisho::error::ProblemKind;

use super::unpack::{Found, Unpack, unpack};

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/archives");

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FOLDER}/{name}")).expect(name)
}

fn plan() -> String {
    "the plan of marker-4711\n".repeat(9)
}

fn list() -> String {
    let row = |n: u32| format!("{n},担当者{n:03},marker-{}\n", n * 7919 % 10007);
    "番号,名前,印\n".to_owned() + &(0..40).map(row).collect::<String>()
}

/// The two texts, wherever they lie, and nothing that went wrong.
fn check_both(name: &str, found: &Found) {
    let text = |ending: &str| {
        let path = found.files.keys().find(|path| path.ends_with(ending));
        found.text(path.unwrap_or_else(|| panic!("{name}: no {ending} in {:?}", found.files.keys())))
    };
    assert_eq!(text("plan.txt"), plan(), "{name}");
    assert_eq!(text(".csv"), list(), "{name}");
    if !name.starts_with("lzh") {
        assert!(found.files.keys().any(|path| path.ends_with("名簿/一覧.csv")), "{name}: {:?}", found.files.keys());
    }
    assert_eq!(found.problems, [], "{name}");
}

#[test]
fn every_archive_comes_out_whole() {
    let mut seen = 0;
    for entry in std::fs::read_dir(FOLDER).expect("folder") {
        let name = entry.expect("entry").file_name().into_string().expect("ASCII");
        let mut unpacking = Unpack { passwords: vec!["wrong".into(), "secret".into()], ..Unpack::default() };
        let found = unpacking.all(&name, &fixture(&name));
        let one = |text: &str| assert_eq!((found.text(text), &*found.problems), (&*plan(), &[][..]), "{name}");
        match name.split(['-', '.']).next().unwrap_or_default() {
            "zip" if name == "zip-stream.zip" => one("-"),
            "cab" if name == "cab-long.cab" => {
                assert_eq!((found.text("plan.txt"), &*found.problems), (&*plan(), &[][..]), "{name}");
                assert_eq!(found.text("rows.csv"), list().repeat(150), "{name}");
            }
            "zip" | "7z" | "cpio" | "lzh" | "cab" => check_both(&name, &found),
            "tar" if name.contains("sparse") => {
                assert!(found.holds("marker-4711") && found.problems.is_empty(), "{name}: {:?}", found.problems);
            }
            "tar" => check_both(&name, &found),
            "plan" if name == "plan.rpm" => {
                assert!(found.holds("marker-4711 in the header") && found.problems.is_empty(), "{found:?}");
                assert!(found.files.keys().any(|path| path.ends_with("etc/plan.txt")), "{:?}", found.files.keys());
            }
            "plan" => one("plan.txt"),
            "ar" => {
                assert_eq!(found.text("a-name-longer-than-fifteen-characters.txt"), plan());
                one("plan.txt");
            }
            _ => continue,
        }
        seen += 1;
    }
    assert!(seen >= 42, "{seen}");
}

#[test]
fn without_the_password_each_member_is_named() {
    for name in ["zip-aes128.zip", "zip-aes192.zip", "zip-aes256.zip", "zip-crypto.zip", "7z-password.7z"] {
        for passwords in [vec![], vec!["wrong".to_owned()]] {
            let found = Unpack { passwords, ..Unpack::default() }.all(name, &fixture(name));
            let mut kinds = found.kinds();
            kinds.sort();
            assert_eq!(
                kinds,
                [("plan.txt", ProblemKind::Encrypted), ("名簿/一覧.csv", ProblemKind::Encrypted)],
                "{name}"
            );
            assert!(!found.holds("plan"), "{name}");
        }
    }
    // Its names are encrypted too.
    assert_eq!(unpack("a.7z", &fixture("7z-password-names.7z")).kinds(), [("", ProblemKind::Encrypted)]);
}
