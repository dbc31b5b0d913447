//! Walks folders, reads every file and inflates the gzip files among them: the least that any
//! scanner must do. What `sekisho scan` takes on top is measured against this.
//!
//! `cargo run --release --example inflate -- FOLDER…` prints the number of files and bytes.

#![allow(clippy::print_stdout)]

use std::fs::File;
use std::io::Read;

fn main() -> std::io::Result<()> {
    let (mut files, mut bytes) = (0_u64, 0_u64);
    let mut buffer = vec![0; 256 << 10];
    let mut folders: Vec<_> = std::env::args_os().skip(1).map(std::path::PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                let file = File::open(entry.path())?;
                files += 1;
                let is_gzip = entry.path().extension().is_some_and(|e| e == "gz");
                let mut input: Box<dyn Read> = match is_gzip {
                    true => {
                        Box::new(flate2::read::MultiGzDecoder::new(std::io::BufReader::with_capacity(64 << 10, file)))
                    }
                    false => Box::new(file),
                };
                loop {
                    match input.read(&mut buffer) {
                        Ok(0) | Err(_) => break,
                        Ok(n) => bytes += n as u64,
                    }
                }
            }
        }
    }
    println!("{files} files, {bytes} bytes");
    Ok(())
}
