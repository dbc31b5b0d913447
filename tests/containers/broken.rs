//! Every fixture cut at every length, and with single bits turned: no panic, no hang, and what
//! is cut is never taken for whole.

use super::programs::{FOLDER, fixture};
use super::unpack::{Found, Unpack};

const VARIANTS: usize = 1000;

fn open(name: &str, bytes: &[u8]) -> Found {
    Unpack { passwords: vec!["secret".into()], ..Unpack::default() }.all(name, bytes)
}

fn fixtures() -> impl Iterator<Item = (String, Vec<u8>)> {
    let names = std::fs::read_dir(FOLDER).expect("folder").map(|e| e.expect("entry").file_name().into_string());
    names.map(|name| name.expect("ASCII")).filter(|name| !name.ends_with(".sh")).map(|name| {
        let bytes = fixture(&name);
        (name, bytes)
    })
}

#[test]
fn what_is_cut_is_said_or_all_there() {
    for (name, bytes) in fixtures() {
        let whole = open(&name, &bytes);
        let step = bytes.len().div_ceil(VARIANTS).max(1);
        // Fewer bytes than this are not recognised, and are read as they are.
        for length in (14..bytes.len()).step_by(step) {
            let found = open(&name, &bytes[..length]);
            let read_as_text = found.files.contains_key("");
            let all_there =
                whole.files.iter().all(|(path, text)| text.is_empty() || found.files.get(path) == Some(text));
            // An ar has no end: one that is cut between two members is a whole one.
            let all_there = all_there
                || name.ends_with(".a") && found.files.iter().all(|file| whole.files.get(file.0) == Some(file.1));
            assert!(!found.problems.is_empty() || read_as_text || all_there, "{name} cut at {length}: {found:?}");
        }
    }
}

#[test]
fn turned_bits_do_no_harm() {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for (name, bytes) in fixtures() {
        for _ in 0..VARIANTS {
            // Xorshift: the same bits on every run.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut bytes = bytes.clone();
            let at = (random >> 8) as usize % bytes.len();
            bytes[at] ^= 1 << (random & 7);
            open(&name, &bytes);
        }
    }
}
