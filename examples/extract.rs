//! Prints the text that is found in documents: what the detectors get to see of them.
//!
//! `cargo run --example extract -- FILE…`. Problems go to standard error. For comparing with
//! what other programs get out of the same files.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{self, Read};

use sekisho::chunk::{Limits, Step};
use sekisho::error::Problem;
use sekisho::extract::{Block, HEAD, Input, Kind, Visit, sniff};

struct Print {
    depth: usize,
    name: String,
}

fn main() {
    for name in std::env::args().skip(1) {
        match std::fs::read(&name) {
            Ok(bytes) => Print { depth: 0, name }.look(&bytes),
            Err(e) => eprintln!("{name}: {e}"),
        }
    }
}

impl Print {
    fn look(&mut self, mut bytes: &[u8]) {
        match sniff(&bytes[..bytes.len().min(HEAD)]) {
            Kind::Container(format) if self.depth < 8 => {
                let (limits, name, size) = (Limits::default(), self.name.clone(), Some(bytes.len() as u64));
                let mut input = Input::new(&mut bytes, &name, &limits);
                input.size = size;
                let format = format.refine(&mut input);
                self.depth += 1;
                if let Err(problem) = (format.extract)(&mut input, self) {
                    self.problem(None, problem);
                }
                self.depth -= 1;
            }
            Kind::Unsupported(what) => eprintln!("{}: unsupported: {what}", self.name),
            Kind::NotText(_) => {}
            _ => println!("{}", String::from_utf8_lossy(bytes)),
        }
    }
}

impl Visit for Print {
    fn member(&mut self, _: Step, bytes: &mut dyn Read) -> io::Result<()> {
        let mut content = Vec::new();
        if let Err(e) = bytes.read_to_end(&mut content) {
            self.problem(None, Problem::from_io(&e));
        }
        self.look(&content);
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        println!("{}", block.text);
        Ok(())
    }

    fn problem(&mut self, step: Option<Step>, problem: Problem) {
        let step = step.map(|step| format!(" › {step}")).unwrap_or_default();
        eprintln!("{}{step}: {problem}", self.name);
    }
}
