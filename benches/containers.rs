//! What taking containers apart costs: a folder of gzip files and a zip, against reading and
//! inflating the same bytes alone; and a document in a parser process against one without.
//!
//! `cargo bench --bench containers`. Prints one row a measurement: the best of several rounds.

#![allow(clippy::print_stdout)]

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use sekisho::chunk::{Limits, Step};
use sekisho::error::Problem;
use sekisho::extract::isolate::Parser;
use sekisho::extract::{Block, FORMATS, Format, Input, OnDisk, Visit};

const FILES: usize = 200;

fn main() {
    let folder = tempfile::tempdir().expect("folder");
    let text = text(4 << 20);
    let mut unpacked = 0;
    for n in 0..FILES {
        let part = &text[n * 9973..][..50_000 + n * 1000];
        unpacked += part.len();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(part).expect("memory");
        fs::write(folder.path().join(format!("{n}.gz")), encoder.finish().expect("memory")).expect("file");
    }
    let files: Vec<_> = fs::read_dir(folder.path()).expect("folder").map(|e| e.expect("entry").path()).collect();
    let alone = best(|| files.iter().for_each(|file| inflate(file)));
    let taken = best(|| files.iter().for_each(|file| take_apart(format("gzip"), file, None)));
    row("gzip: read and inflate alone", alone, unpacked);
    row("gzip: as members", taken, unpacked);
    println!("{:<40} {:>9.2}", "ratio", taken.as_secs_f64() / alone.as_secs_f64());

    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/archives/7z-LZMA2.7z");
    let program = Path::new(env!("CARGO_BIN_EXE_sekisho"));
    let here = best(|| take_apart(format("7z"), &fixture, None));
    let start = best(|| take_apart(format("7z"), &fixture, Some(&mut Parser::start(program).expect("parser"))));
    let mut parser = Parser::start(program).expect("parser");
    let there = best(|| take_apart(format("7z"), &fixture, Some(&mut parser)));
    println!("{:<40} {:>9.3} ms", "7z of 500 bytes: in this process", here.as_secs_f64() * 1e3);
    println!("{:<40} {:>9.3} ms", "7z of 500 bytes: in a parser process", there.as_secs_f64() * 1e3);
    println!("{:<40} {:>9.3} ms", "7z of 500 bytes: with the process's start", start.as_secs_f64() * 1e3);
}

fn format(name: &str) -> &'static Format {
    FORMATS.iter().find(|format| format.name == name).expect("format")
}

fn best(mut work: impl FnMut()) -> Duration {
    let round = |_| {
        let began = Instant::now();
        work();
        began.elapsed()
    };
    (0..20).map(round).min().unwrap_or_default()
}

fn row(what: &str, time: Duration, bytes: usize) {
    println!("{what:<40} {:>9.0} MB/s", bytes as f64 / time.as_secs_f64() / 1e6);
}

fn inflate(path: &Path) {
    let file = fs::File::open(path).expect("file");
    drain(&mut flate2::read::MultiGzDecoder::new(file));
}

fn take_apart(format: &Format, path: &Path, parser: Option<&mut Parser>) {
    let mut file = fs::File::open(path).expect("file");
    let on_disk = file.try_clone().expect("file");
    let size = file.metadata().expect("file").len();
    let on_disk = OnDisk { file: &on_disk, size };
    let limits = Limits::default();
    let mut input = Input::new(&mut file, "bench", &limits);
    input.file = Some(&on_disk);
    let done = match parser {
        Some(parser) => parser.extract(format, &mut input, &mut Drain),
        None => (format.extract)(&mut input, &mut Drain),
    };
    done.expect("whole");
}

fn drain(bytes: &mut dyn Read) {
    let mut buffer = vec![0; 256 << 10];
    while bytes.read(&mut buffer).expect("whole") > 0 {}
}

struct Drain;

impl Visit for Drain {
    fn member(&mut self, _: Step, bytes: &mut dyn Read) -> io::Result<()> {
        drain(bytes);
        Ok(())
    }

    fn block(&mut self, _: &Block<'_>) -> io::Result<()> {
        Ok(())
    }

    fn problem(&mut self, _: Option<Step>, problem: Problem) {
        panic!("{problem}");
    }
}

/// Text that compresses like text: words of five digits, the same on every run.
fn text(length: usize) -> Vec<u8> {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut out = Vec::with_capacity(length);
    while out.len() < length {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let end = if random.is_multiple_of(12) { "\n" } else { " " };
        out.extend(format!("{:05x}{end}", (random >> 20) % 4000 * 257).bytes());
    }
    out
}
