//! Natural words in a text, told by which letters follow each other.
//!
//! A text in, how much it looks like English or romaji out. Needs no dictionary, so that names and
//! jargon count as words too.

/// For each pair of letters, how much more often it stands in words than in random text: `i` is
/// even, each letter up or down half a bit. Counted over 25,000 words of program documentation
/// and source, and (one part in five) 9,000 Japanese names in Hepburn romaji.
const PAIRS: [&[u8; 26]; 26] = [
    b"elmlfflgkemnnnfkannoigjfjg",
    b"jefdjcbajeakcbicahhdjaaafa",
    b"ldhflffniakjgdnfaiilhebbda",
    b"kffinfdblaahedjebiifhdcbda",
    b"mhmnkjifidglkohjhponfjhkhd",
    b"idegijbakaahcdjdaiigjaaada",
    b"kbdcmcehjaafehhdaihdlbaaba",
    b"laadlaaaoaadddlbagdggabada",
    b"jjmlkjlggeklmpnialnneiefhj",
    b"eaaafaaaiaaaaafaaadafaaaaa",
    b"mbbdlccclaadadkcacgekabada",
    b"ldfinedanafleelfaeijhdaaja",
    b"ohefmcbamacfhclkadiejaaaca",
    b"meklmineldigfimgbfmnigcafd",
    b"gilkfhifhdjklojkanlkniidgd",
    b"lcfdlddgjaejeckjalhjhbbafa",
    b"aaaaaaaaaaabaaaaaaaaiaaaaa",
    b"neiipfhbnaghiinhailkjgdaia",
    b"mdjenffomaghgfkkdflomdeahc",
    b"neigogdkoadihfmhammjideejc",
    b"hiigjgieifjjknfialllgabbfe",
    b"iadblbaaiaacdbfbabdcaaaaaa",
    b"lacchaaehaacbfgbagebaaaaaa",
    b"eaecgdaafaabdabgabdhaaabaa",
    b"kbdaeaaadaadegjiabgfhaaaaa",
    b"haaaiaaadaaaaafaaaaahaaaaa",
];

/// How sure a text must be, in half bits: 64 to 1. Of random base62 one in 300 gets there.
const SURE: i32 = 12;

/// Whether the text has words in it.
pub fn has_words(text: &str) -> bool {
    likeness(text) >= SURE
}

/// The evidence that the letters are words and not random, in half bits; below zero against it.
/// A change from lower to upper case begins a new word, everything but letters ends one.
pub(super) fn likeness(text: &str) -> i32 {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    pairs
        .filter(|(a, b)| a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
        .filter(|(a, b)| !(a.is_ascii_lowercase() && b.is_ascii_uppercase()))
        .map(|(a, b)| {
            let index = |letter: &u8| usize::from(letter.to_ascii_lowercase() - b'a');
            i32::from(PAIRS[index(a)][index(b)]) - i32::from(b'i')
        })
        .sum()
}

/// Whether the case changes within: `AdminUserToken`.
pub(super) fn has_humps(text: &str) -> bool {
    text.as_bytes().windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    #[test]
    fn words_and_names() {
        for text in [
            "correct horse battery",
            "UserServiceImpl",
            "authorization_code",
            "application/json",
            "Tanaka",
            "sakurai1980",
        ] {
            assert!(has_words(text), "{text} {}", likeness(text));
        }
        for text in ["", "a", "9f86d081", "kX9vQ2mLpZ", "xkcdjq", "あいう", "Zm9vYmFyQk"] {
            assert!(!has_words(text), "{text} {}", likeness(text));
        }
    }

    #[test]
    fn random_texts_are_not_words() {
        let mut random = specimen::Random::new();
        for (alphabet, length, most) in [
            (specimen::BASE62, 20, 60),
            (specimen::BASE62, 40, 15),
            (specimen::BASE36, 32, 30),
            (specimen::BASE32, 16, 80),
        ] {
            let hits = (0..2000).filter(|_| has_words(&random.text(alphabet, length))).count();
            assert!(hits <= most, "{} x{length}: {hits} of 2000", alphabet.len());
        }
    }
}
