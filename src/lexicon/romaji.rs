//! Readings and romanised names → one spelling, so that Sato, Satō, Satou, Satoh and SATOO meet.
//!
//! Shared with `build.rs`, so it uses nothing of the crate. The common spelling is Hepburn's
//! without long vowels; what a reader of passports and business cards meets besides (Kunrei's
//! `si tu ti hu zi`, `oh`, `m` before b, m, p) is brought to it.

/// Hepburn's spelling of a reading in hiragana (code points), `None` if it has other characters.
#[allow(dead_code, reason = "the build script's half")]
pub fn of_reading(kana: &[u16]) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    let mut double = false;
    for &c in kana {
        let c = char::from_u32(u32::from(c))?;
        if c == 'っ' {
            double = true;
            continue;
        }
        if c == 'ー' {
            out.push(*out.last()?);
            continue;
        }
        // ゃゅょ take the vowel of the syllable before them: ki + ya = kya, shi + ya = sha.
        if let Some(small) = "ゃゅょ".chars().position(|s| s == c) {
            (out.pop()? == b'i').then_some(())?;
            let vowel = b"auo"[small];
            if !matches!(out.as_slice(), [.., b's' | b'c', b'h'] | [.., b'j']) {
                out.push(b'y');
            }
            out.push(vowel);
            continue;
        }
        let (_, spelling) =
            SYLLABLES.iter().find(|(kana, _)| kana.chars().any(|k| k == c)).map(|(kana, spellings)| {
                (c, spellings.split(' ').nth(kana.chars().position(|k| k == c).unwrap_or(0)).unwrap_or(""))
            })?;
        if std::mem::take(&mut double) {
            out.push(match spelling.as_bytes().first()? {
                b'c' => b't',
                &first => first,
            });
        }
        out.extend_from_slice(spelling.as_bytes());
    }
    Some(common(&out))
}

#[allow(dead_code, reason = "the build script's half")]
const SYLLABLES: [(&str, &str); 16] = [
    ("あいうえお", "a i u e o"),
    ("かきくけこ", "ka ki ku ke ko"),
    ("さしすせそ", "sa shi su se so"),
    ("たちつてと", "ta chi tsu te to"),
    ("なにぬねの", "na ni nu ne no"),
    ("はひふへほ", "ha hi fu he ho"),
    ("まみむめも", "ma mi mu me mo"),
    ("やゆよ", "ya yu yo"),
    ("らりるれろ", "ra ri ru re ro"),
    ("わゐゑを", "wa i e o"),
    ("がぎぐげご", "ga gi gu ge go"),
    ("ざじずぜぞ", "za ji zu ze zo"),
    ("だぢづでど", "da ji zu de do"),
    ("ばびぶべぼ", "ba bi bu be bo"),
    ("ぱぴぷぺぽ", "pa pi pu pe po"),
    ("んゔ", "n vu"),
];

/// The common spelling of a romanised name in ASCII letters of any case.
pub fn common(name: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(name.len());
    for (i, &byte) in name.iter().enumerate() {
        let c = byte.to_ascii_lowercase();
        let next = name.get(i + 1).map_or(0, u8::to_ascii_lowercase);
        match (out.as_slice(), c) {
            // Long vowels: oo, ou, uu, and oh at the end or before a consonant.
            ([.., b'o'], b'o' | b'u') | ([.., b'u'], b'u') => {}
            ([.., b'o'], b'h') if !matches!(next, b'a' | b'i' | b'u' | b'e' | b'o' | b'y') => {}
            (_, b'm') if matches!(next, b'b' | b'm' | b'p') => out.push(b'n'),
            ([.., b's'], b'i') | ([.., b't'], b'i') if !out.ends_with(b"h") => {
                let sh = out.pop() == Some(b's');
                out.extend_from_slice(if sh { b"shi" } else { b"chi" });
            }
            ([.., b't'], b'u') => out.extend_from_slice(b"su"),
            ([.., b'z'], b'i') => {
                out.pop();
                out.extend_from_slice(b"ji");
            }
            ([.., b'h'], b'u') if !matches!(out.as_slice(), [.., b's' | b'c', b'h']) => {
                out.pop();
                out.extend_from_slice(b"fu");
            }
            // Kunrei: sya → sha, tya → cha, zya → ja; also jya → ja.
            ([.., b's'], b'y') => out.push(b'h'),
            ([.., b't'], b'y') => {
                out.pop();
                out.extend_from_slice(b"ch");
            }
            ([.., b'z'], b'y') => {
                out.pop();
                out.push(b'j');
            }
            ([.., b'j'], b'y') => {}
            // An apostrophe or hyphen after n: Jun'ichi.
            (_, b'\'' | b'-') => {}
            _ => out.push(c),
        }
    }
    out
}
