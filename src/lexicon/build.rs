//! The lists in `src/lexicon/data` → the tables that `names.rs` looks words up in.
//!
//! Part of the build script, not of the library.

use std::collections::BTreeMap;
use std::path::Path;

use super::{romaji, table};

const SURNAME: u8 = 1;
const GIVEN: u8 = 2;
const WESTERN: u8 = 4;

/// Writes every table to `out`. Fails with the name of a list that cannot be read.
pub fn write(data: &Path, out: &Path) -> Result<(), String> {
    let lines = |name: &str| -> Result<Vec<Vec<String>>, String> {
        let path = data.join(name);
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let rows = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
        Ok(rows.map(|l| l.split('\t').map(str::to_owned).collect()).collect())
    };
    let save = |name: &str, bytes: &[u8]| std::fs::write(out.join(name), bytes).map_err(|e| format!("{name}: {e}"));

    let variants: BTreeMap<u16, u16> =
        lines("kanji-variants.tsv")?.iter().filter_map(|row| Some((one(row.first()?)?, one(row.get(1)?)?))).collect();
    let fold = |word: &str| -> Vec<u16> { word.encode_utf16().map(|c| *variants.get(&c).unwrap_or(&c)).collect() };
    save(
        "variants.bin",
        &variants.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat()).collect::<Vec<u8>>(),
    )?;

    let (mut readings, mut agreements, mut spellings) = (Vec::new(), Vec::new(), Vec::new());
    let mut first = Bits::default();
    let mut last = Bits::default();
    for (list, rare, file, kind) in [
        ("surnames.tsv", "surnames-rare.txt", "surnames.bin", SURNAME),
        ("given-names.tsv", "given-names-rare.txt", "given-names.bin", GIVEN),
    ] {
        let mut names: BTreeMap<u64, u8> = BTreeMap::new();
        for row in lines(rare)? {
            let chars = fold(&row[0]);
            mark(&mut first, &mut last, kind, &chars);
            names.insert(table::name(&chars), 3);
        }
        for row in lines(list)? {
            let chars = fold(&row[0]);
            mark(&mut first, &mut last, kind, &chars);
            let tier: u8 = row.get(2).and_then(|t| t.parse().ok()).unwrap_or(2);
            let other = row.get(3).map_or("", String::as_str);
            let flags = if other.contains("word") { 4 } else { 0 } | if other.contains("place") { 8 } else { 0 };
            // Variants of a name that fold to one: the best tier.
            let key = table::name(&chars);
            let best = names.get(&key).map_or(tier, |&known| tier.min(known & 3));
            names.insert(key, best | flags);
            for reading in row.get(1).into_iter().flat_map(|r| r.split('/')).filter(|r| !r.is_empty()) {
                let kana: Vec<u16> = reading.encode_utf16().collect();
                let sound = table::reading(&kana);
                if sound != 0 {
                    readings.push((sound, kind));
                    agreements.push((table::pair(key, sound), kind));
                }
                // A spelling is as good as the most common name that has it.
                if (tier == 1 || kind == SURNAME && tier == 2)
                    && let Some(letters) = romaji::of_reading(&kana)
                {
                    spellings.push((table::romaji(&letters), kind));
                }
            }
        }
        names.remove(&0);
        save(file, &table::build(names))?;
    }
    for (&variant, &base) in &variants {
        first.set(variant, first.get(base));
        last.set(variant, last.get(base));
    }
    for row in lines("western-given-names.txt")? {
        spellings.push((table::romaji(&romaji::common(row[0].as_bytes())), WESTERN));
    }
    spellings.retain(|(key, _)| *key != 0);
    save("readings.bin", &table::build(readings))?;
    save("agreements.bin", &table::build(agreements))?;
    save("romaji.bin", &table::build(spellings))?;
    save("surname-first.bin", &first.0)?;
    save("given-last.bin", &last.0)?;

    let not_names = lines("not-names.txt")?;
    save("not-names.bin", &table::build(not_names.iter().map(|row| (table::word(&fold(&row[0])), 1))))?;

    let places = lines("municipalities.tsv")?;
    let place = |row: &Vec<String>| {
        let value = match row.get(1).map(String::as_str) {
            Some("prefecture") => 1,
            Some("district") => 2,
            _ => 4,
        };
        // ケ is written for ヶ.
        let chars: Vec<u16> = row[0].encode_utf16().map(|c| if c == 0x30B1 { 0x30F6 } else { c }).collect();
        (table::word(&chars), value)
    };
    save("places.bin", &table::build(places.iter().map(place)))?;

    let titles = lines("titles.tsv")?;
    let title = |row: &Vec<String>| {
        let value = match (row.get(1).map(String::as_str), row.get(2).map(String::as_str)) {
            (Some("behind"), Some("honorific")) => 1,
            (Some("behind"), _) => 2,
            _ => 4,
        };
        (table::word(&row[0].encode_utf16().collect::<Vec<_>>()), value)
    };
    save("titles.bin", &table::build(titles.iter().map(title)))?;

    // How well a kanji suits the beginning, the inside and the end of a given name: two bits each.
    let positions = lines("given-name-kanji.tsv")?;
    let suits = |row: &Vec<String>| {
        let count = |i: usize| row.get(i).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
        let often = |n: u32| u8::from(n >= 12);
        (table::name(&fold(&row[0])), often(count(1)) | often(count(2)) << 1 | often(count(3)) << 2)
    };
    save("given-name-kanji.bin", &table::build(positions.iter().map(suits).filter(|(_, v)| *v != 0)))
}

fn one(word: &str) -> Option<u16> {
    let mut units = word.encode_utf16();
    units.next().filter(|_| units.next().is_none())
}

fn mark(first: &mut Bits, last: &mut Bits, kind: u8, chars: &[u16]) {
    if let (SURNAME, Some(&c)) = (kind, chars.first()) {
        first.set(c, true);
    }
    if let (GIVEN, Some(&c)) = (kind, chars.last()) {
        last.set(c, true);
    }
}

/// One bit for each character from U+3000 to U+AFFF.
struct Bits(Vec<u8>);

impl Default for Bits {
    fn default() -> Bits {
        Bits(vec![0; 0x8000 / 8])
    }
}

impl Bits {
    fn set(&mut self, c: u16, yes: bool) {
        if let Some(byte) = c.checked_sub(0x3000).and_then(|i| self.0.get_mut(usize::from(i / 8)))
            && yes
        {
            *byte |= 1 << (c % 8);
        }
    }

    fn get(&self, c: u16) -> bool {
        c.checked_sub(0x3000).and_then(|i| self.0.get(usize::from(i / 8))).is_some_and(|b| b >> (c % 8) & 1 == 1)
    }
}
