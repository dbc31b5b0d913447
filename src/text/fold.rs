//! What one character becomes: widths, spaces, look-alikes and invisible characters.
//!
//! A character in, a [`Fold`] out; knows no bytes and no encodings. This is no compatibility
//! normalisation (NFKC): ①, ㈱ and ㍻ stay what they are, since making digits and words of
//! decorations would change what is written.

/// What is to be done with a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// It stays.
    Keep,
    /// It is invisible and goes.
    Drop,
    /// Another character stands for it.
    To(char),
    /// It may stand for `-`; what is around it decides.
    Hyphen(Hyphen),
    /// A mark that joins the kana before it; by itself it is shown as the character here.
    Voice { half: bool, alone: char },
}

/// How far a character may pass for a hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hyphen {
    /// A hyphen, minus or short dash: between letters or digits.
    Short,
    /// A long dash, rule or the kana ー: between digits only. Shown as the character here
    /// where it is none.
    Long(char),
}

/// U+FF61 to U+FF9D in full width (Unicode, Halfwidth and Fullwidth Forms).
const KANA: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// U+2F00 to U+2FD5 as ideographs (Unicode, Kangxi Radicals), in the form used in Japan. PDF
/// files give these for the ordinary character: ⾼⽥ for 高田.
const RADICALS: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戸手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨青非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黄黍黒黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// The radicals of the supplement that are whole characters in Japanese (Unicode,
/// EquivalentUnifiedIdeograph.txt).
const MORE_RADICALS: &[(char, char)] = &[
    ('⺟', '母'),
    ('⺠', '民'),
    ('⻁', '虎'),
    ('⻄', '西'),
    ('⻆', '角'),
    ('⻑', '長'),
    ('⻘', '青'),
    ('⻝', '食'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻫', '斉'),
    ('⻭', '歯'),
    ('⻯', '竜'),
    ('⻲', '亀'),
];

/// What becomes of a character.
pub(super) fn fold(c: char) -> Fold {
    match c {
        ..'\u{A0}' | '\u{3041}'..='\u{3098}' | '\u{4E00}'..='\u{9FFF}' => Fold::Keep,
        '\u{FF01}'..='\u{FF5E}' => ascii(c as u32 - 0xFF01 + 0x21),
        '\u{FF61}'..='\u{FF9F}' => half_width(c),
        // Spaces (Unicode, category Zs, without Ogham's).
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Fold::To(' '),
        // Invisible: soft hyphen, zero-width characters, marks of direction (phone numbers copied
        // from address books are full of them), byte order mark, variation selectors.
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{E0100}'..='\u{E01EF}' => Fold::Drop,
        '\u{2D7}' | '\u{2010}'..='\u{2013}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => {
            Fold::Hyphen(Hyphen::Short)
        }
        '\u{2014}' | '\u{2015}' | '\u{2500}' | '\u{2501}' | '\u{30FC}' => Fold::Hyphen(Hyphen::Long(c)),
        // Combining, as file names on macOS have them, and spacing, as plain converters from half
        // width leave them.
        '\u{3099}' | '\u{309B}' => Fold::Voice { half: false, alone: c },
        '\u{309A}' | '\u{309C}' => Fold::Voice { half: true, alone: c },
        // The wave dash: one byte pair in Japanese encodings, which gives U+FF5E or U+301C
        // depending on who converts.
        '\u{301C}' => Fold::To('~'),
        '\u{2E80}'..='\u{2EFF}' => match MORE_RADICALS.iter().find(|(radical, _)| *radical == c) {
            Some((_, ideograph)) => Fold::To(*ideograph),
            None => Fold::Keep,
        },
        '\u{2F00}'..='\u{2FD5}' => nth(RADICALS, c as u32 - 0x2F00),
        '\u{1D400}'..='\u{1D7FF}' => mathematical(c as u32),
        // Tags: ASCII that is not shown, used to hide text from people and not from programs.
        '\u{E0020}'..='\u{E007E}' => ascii(c as u32 - 0xE0000),
        _ => Fold::Keep,
    }
}

/// The kana that a voicing mark (or half-voicing mark) makes of `base`, if there is one.
pub(super) fn voiced(base: char, half: bool) -> Option<char> {
    let katakana = ('\u{30A1}'..='\u{30FE}').contains(&base);
    let code = base as u32 - if katakana { 0x60 } else { 0 };
    let step = match (code, half) {
        (0x306F | 0x3072 | 0x3075 | 0x3078 | 0x307B, _) => 1 + u32::from(half),
        (_, true) => return None,
        (0x304B..=0x3061, _) if code % 2 == 1 => 1,
        (0x3064 | 0x3066 | 0x3068 | 0x309D, _) => 1,
        (0x3046, _) => 0x4E,
        // ワ ヰ ヱ ヲ have voiced forms in katakana only.
        (0x308F..=0x3092, _) if katakana => 8,
        _ => return None,
    };
    char::from_u32(base as u32 + step)
}

fn ascii(code: u32) -> Fold {
    char::from_u32(code).map_or(Fold::Keep, Fold::To)
}

fn half_width(c: char) -> Fold {
    match c {
        '\u{FF70}' => Fold::Hyphen(Hyphen::Long('ー')),
        '\u{FF9E}' => Fold::Voice { half: false, alone: '゛' },
        '\u{FF9F}' => Fold::Voice { half: true, alone: '゜' },
        _ => nth(KANA, c as u32 - 0xFF61),
    }
}

/// The `n`th character of a table of characters that are three bytes each.
fn nth(table: &str, n: u32) -> Fold {
    let at = n as usize * 3;
    table.get(at..at + 3).and_then(|c| c.chars().next()).map_or(Fold::Keep, Fold::To)
}

/// Letters and digits of the mathematical alphabets (Unicode, Mathematical Alphanumeric
/// Symbols): thirteen alphabets of 52 letters, Greek, five rows of digits.
fn mathematical(code: u32) -> Fold {
    match code {
        0x1D400..=0x1D6A3 => match (code - 0x1D400) % 52 {
            upper @ ..26 => ascii(0x41 + upper),
            lower => ascii(0x61 + lower - 26),
        },
        0x1D7CE.. => ascii(0x30 + (code - 0x1D7CE) % 10),
        _ => Fold::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_their_length() {
        assert_eq!(KANA.chars().count(), 0xFF9D - 0xFF61 + 1);
        assert_eq!(KANA.len(), 3 * KANA.chars().count());
        assert_eq!(RADICALS.chars().count(), 214);
        assert_eq!(RADICALS.len(), 3 * 214);
    }

    #[test]
    fn widths_spaces_and_look_alikes() {
        let to = |from: &str| -> String {
            from.chars()
                .filter_map(|c| match fold(c) {
                    Fold::Keep => Some(c),
                    Fold::Drop => None,
                    Fold::To(c) => Some(c),
                    Fold::Hyphen(_) => Some('-'),
                    Fold::Voice { alone, .. } => Some(alone),
                })
                .collect()
        };
        assert_eq!(to("ＡＢｃ０９＠．／～！"), "ABc09@./~!");
        assert_eq!(to("ｱﾝｦ｡｢｣､･ｶﾞ"), "アンヲ。「」、・カ゛");
        assert_eq!(to("a\u{3000}b\u{A0}c\u{2009}d\u{202F}e"), "a b c d e");
        assert_eq!(to("葛\u{E0100}辻\u{FE00}\u{200B}\u{FEFF}\u{AD}x\u{202D}1\u{202C}"), "葛辻x1");
        assert_eq!(to("⾼⽥⼾⿊⻑⻄⻘"), "高田戸黒長西青");
        assert_eq!(to("𝐀𝐛𝟎𝟗𝖹𝚣"), "Ab09Zz");
        assert_eq!(to("①㈱㍻№²½"), "①㈱㍻№²½");
        assert_eq!(to("\u{E0041}\u{E0049}"), "AI");
    }

    #[test]
    fn voicing_marks_join_the_kana_that_have_a_voiced_form() {
        let pairs = "かがきぎさざしじそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガコゴツヅトドハバホボウヴワヷヲヺヽヾ";
        let chars: Vec<char> = pairs.chars().collect();
        for pair in chars.chunks(2) {
            assert_eq!(voiced(pair[0], false), Some(pair[1]), "{}", pair[0]);
        }
        for pair in "はぱひぴふぷへぺほぽハパヒピフプヘペホポ".chars().collect::<Vec<_>>().chunks(2)
        {
            assert_eq!(voiced(pair[0], true), Some(pair[1]));
        }
        for c in "あアなナがガんン漢aッっヤわ".chars() {
            assert_eq!(voiced(c, false), None, "{c}");
        }
        assert_eq!(voiced('カ', true), None);
    }
}
