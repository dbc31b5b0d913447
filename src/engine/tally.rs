//! Counts of what a search does, literal by literal and pattern by pattern.
//!
//! For benchmarks and tests: instructions and times depend on the machine, these do not.

use super::prefilter::Hit;
use super::{Engine, Scratch};

/// How often something was met in some texts.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By literal: its bytes, how often it stood in a text, and how many windows that has made.
    pub literals: Vec<(Vec<u8>, usize, usize)>,
    /// By pattern: hits by number, windows, bytes in them, and matches.
    pub patterns: Vec<[usize; 4]>,
}

impl Engine {
    /// Searches `text` and adds to a tally.
    #[doc(hidden)]
    pub fn tally(&self, text: &[u8], scratch: &mut Scratch, tally: &mut Tally) {
        let Tally { literals, patterns } = tally;
        let all = &self.prefilter.tables.literals;
        literals.extend(all.iter().skip(literals.len()).map(|literal| (literal.bytes.to_vec(), 0, 0)));
        patterns.resize(self.sources.len(), [0; 4]);
        self.prefilter.search(text, &mut scratch.places, |hit| match hit {
            Hit::Literal(literal, at) => {
                let index = all.iter().position(|other| std::ptr::eq(other, literal));
                let Some((_, hits, admitted)) = index.and_then(|index| literals.get_mut(index)) else { return };
                *hits += 1;
                *admitted += literal.waits.iter().filter(|w| w.admits(text, at, literal.bytes.len())).count();
            }
            Hit::Digits(wait, _) => patterns[wait.pattern][0] += 1,
        });
        self.find_windows(text, &(0..text.len()), scratch);
        scratch.windows.drain(|pattern, window| {
            patterns[pattern][1] += 1;
            patterns[pattern][2] += window.range.len();
        });
        self.search(text, 0..text.len(), scratch, |candidate| patterns[candidate.pattern][3] += 1);
    }
}
