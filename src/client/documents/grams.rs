//! Winnowing: of every [`WINDOW`] successive runs of [`K`] letters, the one with the least hash.
//!
//! Letters in, a third of their runs out, each with its hash and place. Whoever copies
//! [`K`] + [`WINDOW`] − 1 = 13 letters copies one that is chosen, wherever he begins (Schleimer,
//! Wilkerson and Aiken, "Winnowing", SIGMOD 2003). Works in blocks without branches on the
//! text; the figures are in docs/performance.md. The hash is no secret: what keeps it is sealed.

use super::letters::{Letters, ROOM};

/// Letters in a run.
pub(super) const K: usize = 9;
/// Runs of which one is chosen.
const WINDOW: usize = 5;
/// Letters that the runs of two blocks have in common.
const CARRY: usize = K + WINDOW - 2;
/// Letters looked at together: what is kept of them stays in the first-level cache.
const BLOCK: usize = 1024;
/// Bits of a hash that are kept; a foreign run is taken for a given one of ten million with
/// probability 10⁻⁵, and three of them in line never.
pub(super) const BITS: u32 = 40;

/// A run of letters that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gram {
    /// Its hash, [`BITS`] bits.
    pub(super) hash: u64,
    /// The number of its first letter in the whole input.
    pub(super) at: u64,
    /// Where that letter stands in the text at hand, in bytes; 0 if it stood in the one before.
    pub(super) offset: usize,
}

/// The letters of one input, and what is carried from one piece of its text to the next.
#[derive(Debug)]
pub(super) struct Grams {
    /// Those carried first.
    letters: Letters,
    order: Vec<u64>,
    chosen: Box<[u32; ROOM]>,
    /// The number of the first letter in `letters`.
    first: u64,
    /// The run chosen last.
    last: u64,
}

impl Default for Grams {
    fn default() -> Grams {
        let room = BLOCK + CARRY;
        let chosen = Box::new([0; ROOM]);
        Grams { letters: Letters::default(), order: vec![0; room], chosen, first: 0, last: u64::MAX }
    }
}

impl Grams {
    /// Begins another input.
    pub(super) fn begin(&mut self) {
        self.letters.length = 0;
        self.first = 0;
        self.last = u64::MAX;
    }

    /// Letters of this input so far.
    pub(super) fn letters(&self) -> u64 {
        self.first + self.letters.length as u64
    }

    /// Takes the next piece of the input and hands over its chosen runs in order, with the
    /// letters of each ([`K`] of them).
    pub(super) fn text(&mut self, text: &[u8], mut each: impl FnMut(Gram, &[u32])) {
        self.letters.forget_offsets();
        let mut at = 0;
        while at < text.len() {
            at = self.letters.fill(text, at, BLOCK + CARRY);
            if self.letters.length == BLOCK + CARRY {
                self.block(&mut each);
            }
        }
        // What is left is looked at now, so that a gram is told of in the text it begins in.
        self.block(&mut each);
    }

    /// Chooses among the runs that are complete, and keeps what the next ones share with them.
    fn block(&mut self, each: &mut impl FnMut(Gram, &[u32])) {
        let Letters { codes, offsets, length } = &self.letters;
        let Some(windows) = length.checked_sub(CARRY) else { return };
        if windows == 0 {
            return;
        }
        let runs = windows + WINDOW - 1;
        let mut hash = 0u64;
        for &c in &codes[..K - 1] {
            hash = hash.rotate_left(7) ^ mix(c);
        }
        for ((slot, &new), &old) in self.order[..runs].iter_mut().zip(&codes[K - 1..]).zip(&codes[..]) {
            hash = hash.rotate_left(7) ^ mix(new);
            *slot = order(hash);
            hash ^= mix(old).rotate_left(7 * (K as u32 - 1));
        }
        let chosen = choose(&self.order[..runs], &mut self.chosen, self.last.wrapping_sub(self.first));
        for &run in &self.chosen[..chosen] {
            let run = run as usize;
            let gram = Gram { hash: kept(self.order[run]), at: self.first + run as u64, offset: offsets[run] as usize };
            self.last = gram.at;
            each(gram, &codes[run..run + K]);
        }
        self.letters.keep_last(CARRY);
        self.first += windows as u64;
    }
}

/// Hands over the hash of every run of a short text, chosen or not.
pub(super) fn every(text: &str, each: &mut dyn FnMut(u64)) {
    let (mut letters, mut at) = (Letters::default(), 0);
    while at < text.len() {
        at = letters.fill(text.as_bytes(), at, BLOCK);
        for run in letters.codes[..letters.length].windows(K) {
            each(kept(order(run.iter().fold(0, |hash: u64, &c| hash.rotate_left(7) ^ mix(c)))));
        }
        letters.keep_last(K - 1);
    }
}

/// What decides which run is chosen, made of the rolling hash.
fn order(hash: u64) -> u64 {
    let spread = (hash ^ (hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    spread ^ (spread >> 32)
}

/// What is kept of it. The chosen ones are small numbers; this spreads them again.
fn kept(order: u64) -> u64 {
    order.wrapping_mul(0x94D0_49BB_1331_11EB) >> (64 - BITS)
}

/// Writes the number of the least of every [`WINDOW`] into `chosen`, each once; `last` was chosen
/// before. Says how many.
fn choose(order: &[u64], chosen: &mut [u32; ROOM], last: u64) -> usize {
    // The upper half decides, the lower half says which one it is: the first of equal ones.
    let mut values = order.iter().enumerate().map(|(i, &order)| order & !0xFFFF_FFFF | i as u64);
    let mut next = || values.next().unwrap_or(u64::MAX);
    let (v0, v1, v2) = (next(), next(), next());
    let mut before = next();
    // Minima of two runs, the first of them four, three and two before this one.
    let (mut one, mut two, mut three) = (v0.min(v1), v1.min(v2), v2.min(before));
    let mut count = 0;
    let mut told = last & 0xFFFF_FFFF;
    for this in values {
        let four = before.min(this);
        let least = one.min(three).min(four) & 0xFFFF_FFFF;
        chosen[count % ROOM] = least as u32;
        count += usize::from(least != told);
        told = least;
        before = this;
        (one, two, three) = (two, three, four);
    }
    count
}

fn mix(c: u32) -> u64 {
    u64::from(c).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(pieces: &[&str]) -> Vec<(u64, u64)> {
        let mut grams = Grams::default();
        let mut out = Vec::new();
        for piece in pieces {
            grams.text(piece.as_bytes(), |gram, _| out.push((gram.hash, gram.at)));
        }
        out
    }

    fn sample(n: usize) -> String {
        let mut state = 7u64;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                char::from_u32(0x4E00 + ((state >> 40) % 700) as u32).unwrap_or('x')
            })
            .collect()
    }

    /// The slow twin: every window by itself.
    fn naive(text: &str) -> Vec<(u64, u64)> {
        let codes: Vec<u32> = text.chars().map(u32::from).collect();
        let order: Vec<u64> =
            codes.windows(K).map(|run| order(run.iter().fold(0u64, |h, &c| h.rotate_left(7) ^ mix(c)))).collect();
        let mut out: Vec<(u64, u64)> = Vec::new();
        for (from, window) in order.windows(WINDOW).enumerate() {
            let least = (0..WINDOW).min_by_key(|&i| (window[i] >> 32, i)).unwrap_or(0);
            let at = (from + least) as u64;
            if out.last().is_none_or(|last| last.1 != at) {
                out.push((kept(window[least]), at));
            }
        }
        out
    }

    #[test]
    fn blocks_and_pieces_make_no_difference() {
        for n in [0, 8, 12, 13, 14, 100, BLOCK - 1, BLOCK + CARRY, BLOCK + CARRY + 1, 5000] {
            let text = sample(n);
            let whole = naive(&text);
            assert_eq!(grams(&[&text]), whole, "{n} letters");
            let chars: Vec<char> = text.chars().collect();
            for size in [1, 5, 13, 700] {
                let pieces: Vec<String> = chars.chunks(size).map(|c| c.iter().collect()).collect();
                let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
                assert_eq!(grams(&pieces), whole, "{n} letters in pieces of {size}");
            }
        }
    }

    #[test]
    fn thirteen_letters_in_common_are_one_gram_in_common() {
        let text = sample(3000);
        let all: std::collections::HashSet<u64> = grams(&[&text]).into_iter().map(|(hash, _)| hash).collect();
        let chars: Vec<char> = text.chars().collect();
        for from in 0..chars.len() - 13 {
            let part: String = chars[from..from + 13].iter().collect();
            assert!(grams(&[&part]).iter().any(|(hash, _)| all.contains(hash)), "from {from}");
        }
    }

    #[test]
    fn offsets_lead_to_the_letter() {
        let text = "…、 本契約に関する一切の紛争については、東京地方裁判所を第一審の専属的合意管轄裁判所とする。";
        let mut grams = Grams::default();
        grams.text(text.as_bytes(), |gram, letters| {
            let here = text[gram.offset..].chars().next().map(u32::from);
            assert_eq!(here, Some(letters[0]));
        });
    }
}
