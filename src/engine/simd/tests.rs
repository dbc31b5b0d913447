//! Every processor's loops against definitions that go byte by byte.

use super::super::structure::{BLOCK, BLOCKS, Map, Pass, REGION, ones};
use super::super::teddy::Masks;
use super::*;

/// Pseudo-random bytes (xorshift), the same on every run.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A text in which runs of all lengths and kinds occur.
    fn text(&mut self, length: usize) -> Vec<u8> {
        let mut text = Vec::with_capacity(length + 64);
        while text.len() < length {
            let run = (self.next() % 40) as usize;
            match self.next() % 8 {
                0 => text.extend((0..run).map(|_| self.next() as u8)),
                1 => text.extend((0..run).map(|_| b"0123456789"[(self.next() % 10) as usize])),
                2 => text.extend((0..run).map(|_| b"09 -./()"[(self.next() % 8) as usize])),
                3 => text.extend((0..run).map(|_| b"azAZ09"[(self.next() % 6) as usize])),
                4 => text.extend((0..run).map(|_| b"azAZ09-_"[(self.next() % 8) as usize])),
                5 => text.extend((0..run).map(|_| [0xE3, 0x81, 0x82, 0xE2][(self.next() % 4) as usize])),
                6 => text.extend((0..run).map(|_| b"gGhHpP_@`^\x7F"[(self.next() % 11) as usize])),
                _ => text.push(b'@'),
            }
        }
        text.truncate(length);
        text
    }
}

const LENGTHS: [usize; 12] = [0, 1, 15, 63, 64, 65, 127, 1000, REGION - 1, REGION, REGION + 1, 2 * REGION + 777];

/// What the structural pass finds: the places of each map.
type Found = [Vec<usize>; 5];

fn found(processor: Processor, text: &[u8], digits: usize) -> Found {
    let (mut pass, mut map) = (Pass::new(digits), Map::default());
    let mut found = Found::default();
    for start in (0..text.len()).step_by(REGION) {
        processor.structure(&mut pass, text, start, &mut map);
        let maps = [&map.alnum, &map.token, &map.digits, &map.at, &map.lead];
        for (places, map) in found.iter_mut().zip(maps) {
            for (i, &word) in map.iter().enumerate() {
                ones(word, |at| places.push(start + i * BLOCK + at));
            }
        }
        let eventful = |i: &usize| maps[..4].iter().any(|map| map[*i] != 0);
        let eventful: Vec<u8> = (0..BLOCKS).filter(eventful).map(|i| i as u8).collect();
        assert_eq!(map.eventful(), eventful);
        assert_eq!(map.any_lead, map.lead.iter().any(|&w| w != 0));
    }
    found
}

/// The same by definition.
fn expected(text: &[u8], digits: usize) -> Found {
    let reach = |is: &dyn Fn(usize) -> bool, least: usize| {
        let mut length = 0;
        let mut places = Vec::new();
        for at in 0..text.len() {
            length = if is(at) { length + 1 } else { 0 };
            if length == least {
                places.push(at);
            }
        }
        places
    };
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    let token = |at: usize| text[at].is_ascii_alphanumeric() || b"_-".contains(&text[at]);
    let number =
        |at: usize| digit(Some(at)) || b" -./()".contains(&text[at]) && digit(at.checked_sub(1)) && digit(Some(at + 1));
    let all = |test: &dyn Fn(u8) -> bool| (0..text.len()).filter(|&at| test(text[at])).collect();
    [
        reach(&|at| text[at].is_ascii_alphanumeric(), 16),
        reach(&token, 24),
        reach(&number, digits),
        all(&|b| b == b'@'),
        all(&|b| b >= 0xE3),
    ]
}

#[test]
fn structure_is_what_its_definition_says() {
    let mut bytes = Bytes(0x5EED);
    for processor in Processor::available() {
        for length in LENGTHS {
            for digits in [1, 2, 3, 4, 5, 7, 8] {
                let text = bytes.text(length);
                assert_eq!(found(processor, &text, digits), expected(&text, digits), "{processor:?} {length} {digits}");
            }
        }
    }
}

#[test]
fn long_runs_are_reported_once_across_blocks_and_regions() {
    for processor in Processor::available() {
        let text = vec![b'7'; REGION + 100];
        let [alnum, token, digits, ..] = found(processor, &text, 7);
        assert_eq!((alnum, token, digits), (vec![15], vec![23], vec![6]), "{processor:?}");
    }
}

#[test]
fn every_byte_is_classed_alike() {
    for processor in Processor::available() {
        for byte in 0..=255 {
            let text = [byte; BLOCK];
            assert_eq!(found(processor, &text, 5), expected(&text, 5), "{processor:?} {byte:#x}");
        }
    }
}

#[test]
fn maps_are_cleared_behind_a_short_region() {
    for processor in Processor::available() {
        let (mut pass, mut map) = (Pass::new(8), Map::default());
        processor.structure(&mut pass, &vec![b'@'; REGION], 0, &mut map);
        processor.structure(&mut Pass::new(8), b"@", 0, &mut map);
        assert_eq!((map.at[0], map.at[1..].iter().sum::<u64>(), BLOCKS), (1, 0, 256), "{processor:?}");
    }
}

#[test]
fn candidates_are_the_same_on_every_processor_and_miss_nothing() {
    let few: &[&[u8]] = &[b"ghp_", b"pass", b"@", b"\xE3\x81\x82", b"id"];
    let many: Vec<Vec<u8>> = (0..60u8).map(|i| vec![b'a' + i % 26, b'0' + i % 10, b'_', b'a' + i / 3]).collect();
    let many: Vec<&[u8]> = many.iter().map(Vec::as_slice).chain(few.iter().copied()).collect();
    let mut bytes = Bytes(0xFACE);
    for grams in [few, &many] {
        let masks = Masks::new(grams).unwrap();
        for length in LENGTHS {
            let text = bytes.text(length);
            for places in [0..length, length / 3..length, length / 3..length / 2] {
                let run = |processor: Processor| {
                    let mut out = Vec::new();
                    processor.candidates(&masks, &text, places.clone(), &mut out);
                    out
                };
                let portable = run(Processor::Portable);
                for at in places.clone() {
                    let stands = |g: &&[u8]| text[at..].get(..g.len()).is_some_and(|t| t.eq_ignore_ascii_case(g));
                    if grams.iter().any(stands) {
                        assert!(portable.contains(&((at - places.start) as u32)), "{at} of {length}");
                    }
                }
                for processor in Processor::available() {
                    assert_eq!(run(processor), portable, "{processor:?} {length}");
                }
            }
        }
    }
}
