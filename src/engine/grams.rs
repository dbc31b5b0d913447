//! By which few bytes each of many literals is looked for.
//!
//! Literals in; for each, a stretch of it (a *gram*) out. A gram that many literals share is
//! looked for once, and a rare gram is met less often; the choice weighs one against the other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::Range;

use super::rarity::{bits, share};

/// What looking for one more gram costs, as the share of texts' places at which it would stand.
const EACH: u64 = bits(16);
/// Shorter grams are used only where a literal is shorter.
const SHORTEST: usize = 3;

/// A gram of at most `width` bytes for each literal, none of which is empty.
pub(super) fn choose(literals: &[&[u8]], width: usize) -> Vec<Range<usize>> {
    // Literals that are shorter have no choice, and others may share it with them.
    let short: BTreeSet<&[u8]> = literals.iter().filter(|l| l.len() < SHORTEST).copied().collect();
    cover(literals, |literal| {
        let mut grams: Vec<Range<usize>> = Vec::new();
        for length in 1..=width.min(literal.len()) {
            let all = (0..=literal.len() - length).map(|start| start..start + length);
            grams.extend(all.filter(|gram| length >= SHORTEST || short.contains(&literal[gram.clone()])));
        }
        grams
    })
}

/// One of the grams that `grams_of` offers (at least one) for each literal.
pub(super) fn cover(literals: &[&[u8]], grams_of: impl Fn(&[u8]) -> Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut chosen: Vec<Option<Range<usize>>> = vec![None; literals.len()];
    // Which literals a gram could stand for, and what it costs.
    let mut grams: BTreeMap<&[u8], (u64, BTreeSet<usize>)> = BTreeMap::new();
    for (i, literal) in literals.iter().enumerate() {
        for gram in grams_of(literal) {
            let gram = &literal[gram];
            grams.entry(gram).or_insert_with(|| (share(gram) + EACH, BTreeSet::new())).1.insert(i);
        }
    }
    // The gram that costs least for each literal that it newly stands for; before that, those for
    // which there is no choice, the shortest first. What a gram stands for only shrinks, so
    // that a price that was worked out before is never too high.
    let price = |gram: &[u8], (cost, covers): &(u64, BTreeSet<usize>)| {
        let forced = gram.len() <= SHORTEST && covers.iter().any(|&i| literals[i] == gram);
        (if forced { gram.len() } else { usize::MAX }, cost / covers.len().max(1) as u64)
    };
    let mut queue: BinaryHeap<_> = grams.iter().map(|(gram, entry)| Reverse((price(gram, entry), *gram))).collect();
    while let Some(Reverse((was, gram))) = queue.pop() {
        let Some(entry) = grams.get(gram).filter(|(_, covers)| !covers.is_empty()) else { continue };
        let now = price(gram, entry);
        if now != was {
            queue.push(Reverse((now, gram)));
            continue;
        }
        for i in entry.1.clone() {
            let grams_of_it = grams_of(literals[i]);
            chosen[i] = grams_of_it.iter().find(|place| literals[i][(*place).clone()] == *gram).cloned();
            for other in grams_of_it {
                if let Some((_, covers)) = grams.get_mut(&literals[i][other]) {
                    covers.remove(&i);
                }
            }
        }
    }
    chosen.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(literals: &[&'static str]) -> Vec<&'static str> {
        let bytes: Vec<&[u8]> = literals.iter().map(|l| l.as_bytes()).collect();
        choose(&bytes, 4).into_iter().zip(literals).map(|(range, l)| &l[range]).collect()
    }

    #[test]
    fn grams_are_shared_and_rare() {
        assert_eq!(chosen(&["the_zqxj_the"]), ["zqxj"]);
        assert_eq!(chosen(&["date of birth", "birth_day", "birthdate", "key"]), ["birt", "birt", "birt", "key"]);
        assert_eq!(chosen(&["[tlp", "(tlp", ">tlp:", "\ttlp", " tlp-"]), ["tlp"; 5]);
        assert_eq!(chosen(&["pw", "pw =", "pw' =>"]), ["pw"; 3]);
        assert!(chosen(&[]).is_empty());
    }
}
