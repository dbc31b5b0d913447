//! Japanese places as addresses name them: prefectures, districts, municipalities.
//!
//! Words are slices of UTF-16 code units. Source and licence: `data/NOTICE.md`.

use super::table::{self, Table};

const PLACES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/places.bin")));

/// The longest name, in characters.
pub const LONGEST_PLACE: usize = 8;

/// What a place is; of a name that several have, each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// 都道府県
    pub prefecture: bool,
    /// 郡
    pub district: bool,
    /// 市区町村
    pub municipality: bool,
}

/// The place of this name, ヶ and ケ alike.
pub fn place(chars: &[u16]) -> Option<Place> {
    if chars.is_empty() || chars.len() > LONGEST_PLACE {
        return None;
    }
    let mut folded = [0; LONGEST_PLACE];
    for (to, &c) in folded.iter_mut().zip(chars) {
        *to = same(c);
    }
    let value = PLACES.get(table::word(&folded[..chars.len()]));
    (value != 0).then_some(Place { prefecture: value & 1 != 0, district: value & 2 != 0, municipality: value & 4 != 0 })
}

/// ケ is written for ヶ, small kana aside.
fn same(c: u16) -> u16 {
    if c == 0x30B1 { 0x30F6 } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(name: &str) -> Option<Place> {
        place(&name.encode_utf16().collect::<Vec<_>>())
    }

    #[test]
    fn places_of_every_kind() {
        assert!(is("北海道").is_some_and(|p| p.prefecture));
        assert!(is("千代田区").is_some_and(|p| p.municipality));
        assert!(is("さいたま市").is_some_and(|p| p.municipality));
        assert!(is("北佐久郡").is_some_and(|p| p.district));
        assert!(is("龍ケ崎市").is_some_and(|p| p.municipality) && is("龍ヶ崎市").is_some());
        assert_eq!(is("検証市"), None);
        assert_eq!(is(""), None);
        assert_eq!(is("とてもとてもとても長い市"), None);
    }
}
