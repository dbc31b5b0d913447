//! The bare walk over a repository's objects (decoded, not scanned), to hold the whole scan
//! against: `cargo bench --bench history -- REPO`. `benches/make-history.py` makes a repository.

#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::time::Instant;

use sekisho::source::git::{Git, Objects};
use sekisho::source::{Body, Source as _};

fn main() {
    let named = std::env::args_os().skip(1).find(|argument| !argument.to_string_lossy().starts_with("--"));
    let Some(repository) = named.map(PathBuf::from) else {
        println!("usage: cargo bench --bench history -- REPO");
        return;
    };
    for _ in 0..3 {
        let began = Instant::now();
        let mut objects = Objects::open(&Git::at(&repository)).expect("a repository");
        let mut bytes = 0;
        loop {
            let mut items = Vec::new();
            objects.next(&mut items, 256);
            if items.is_empty() {
                break;
            }
            bytes += items.iter().map(|item| if let Body::Bytes(b) = &item.body { b.len() } else { 0 }).sum::<usize>();
        }
        let outline = objects.finish().expect("ends");
        let seconds = began.elapsed().as_secs_f64();
        let (blobs, rate) = (outline.blobs, bytes as f64 / seconds / 1e6);
        println!("{blobs} blobs, {} messages, {bytes} bytes: {seconds:.2} s, {rate:.0} MB/s", outline.messages);
    }
}
