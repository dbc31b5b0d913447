//! Any bytes as whatever they look like, taken apart to the end, in this process: no panic, no
//! endless loop, and no more members than the budget allows.

#![no_main]

use std::io::{self, Read};

use libfuzzer_sys::fuzz_target;
use sekisho::chunk::{Limits, Step};
use sekisho::error::Problem;
use sekisho::extract::{Block, HEAD, Input, Kind, Visit, sniff};

const MOST: usize = 4 << 20;

struct Look {
    limits: Limits,
    depth: usize,
    left: usize,
}

impl Look {
    fn look(&mut self, bytes: &[u8]) {
        let Kind::Container(format) = sniff(&bytes[..bytes.len().min(HEAD)]) else { return };
        let limits = self.limits.clone();
        let mut reader = bytes;
        let mut input = Input::new(&mut reader, "input", &limits);
        input.size = Some(bytes.len() as u64);
        let format = format.refine(&mut input);
        let _ = (format.extract)(&mut input, self);
    }

    fn spend(&mut self, n: usize) -> io::Result<()> {
        self.left = self.left.saturating_sub(n + 1);
        if self.left == 0 { Err(io::Error::other("budget spent")) } else { Ok(()) }
    }
}

impl Visit for Look {
    fn member(&mut self, _: Step, bytes: &mut dyn Read) -> io::Result<()> {
        let mut content = Vec::new();
        let _ = bytes.take(self.left as u64).read_to_end(&mut content);
        self.spend(content.len())?;
        if self.depth < 3 {
            self.depth += 1;
            self.look(&content);
            self.depth -= 1;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        assert!(block.marks.is_sorted_by_key(|mark| mark.at));
        self.spend(block.text.len())
    }

    fn problem(&mut self, _: Option<Step>, _: Problem) {}
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { nesting: 4, members: 1_000, bytes: MOST as u64, ..Limits::default() };
    Look { limits, depth: 0, left: MOST }.look(bytes);
});
