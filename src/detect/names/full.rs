//! A run of kanji → a full name, with or without a space, or a surname with an honorific.
//!
//! Nothing is a name by its surname alone. Words that would split into two names are kept out by
//! lists (`lexicon`) and by the rules of [`strength`], which were chosen on running text: see
//! `docs/personal.md` for what they let through.

use super::super::finder::Sighting;
use super::evidence::Evidence;
use super::kana;
use super::runs::{Kind, Run, char_at, kind_of};
use crate::lexicon::{self, Name, Part, Title};

/// Kanji at the end of words, not of given names of one or two kanji.
const WORD_ENDINGS: &str = "人達通道建時桜歌市町村区県府郡州線駅橋社店部課局会校院園館寺堂屋所場式型号風系流派用化的性法論語学士者員長官表書類品物金費料\
    国港湾島川河山谷沢池湖海岸坂峠丘森林野原田畑台城宮門口前後上下中内外間側東西南北左右城跡県立製氏家族系統党軍団隊組号機車船";

/// How sure it is that two words together are a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Both are listed, one of them rarely or as something else too.
    Fair,
    /// Both are listed and in common use.
    Good,
}

/// Looks at one run and what stands around it.
///
/// `last`: where the name ends that was found before this run without help of another.
pub(super) fn look(text: &[u8], before: &Run, run: &Run, last: usize, found: &mut dyn FnMut(Sighting)) {
    if !run.is_short() {
        return;
    }
    let chars = run.chars();
    // 々 and half of a word split by a line's end begin no name.
    let first = chars.iter().position(|&c| lexicon::is_surname_first(c));
    let Some(first) = first else { return };
    let behind = title_behind(chars);
    let lead = title_before(chars, first);
    let (tail, title) = behind.map_or((0, None), |(length, title)| (length, Some(title)));
    let from = run.start + lead * 3;
    let to = run.end - tail * 3;
    let mut folded = [0u16; super::runs::KEPT];
    let Some(name) = chars.get(lead..chars.len() - tail).filter(|name| !name.is_empty()) else { return };
    // 中央区長 is a place's.
    if tail > 0 && lexicon::place(&chars[lead..=chars.len() - tail]).is_some() {
        return;
    }
    for (place, &c) in folded.iter_mut().zip(name) {
        *place = lexicon::fold(c);
    }
    let name = &folded[..name.len()];
    let honoured = title.or_else(|| (tail == 0).then(|| title_after(text, run.end)).flatten());
    let free = !glued(text, before, run, tail > 0 || honoured.is_some());
    let titled = lead > 0 || honoured.is_some();
    let mut evidence = Evidence::new(text, from, titled, last);

    // 山田太郎, 森博
    if free && (2..=7).contains(&name.len()) && lexicon::is_given_last(name[name.len() - 1]) {
        // More is taken for a name where something else says that one stands here.
        let alone = (name.len() > 2).then(|| split(name, false)).flatten();
        let weak = alone.is_none_or(|(_, strength)| strength == Strength::Fair && name.len() < 4);
        let personal = honoured == Some(Title::Honorific);
        let is_shown = |_: &(usize, Strength)| {
            if name.len() > 2 || personal { evidence.of(to) } else { evidence.around(to) }
        };
        let lenient = weak.then(|| split(name, true)).flatten().filter(is_shown);
        let shown = lenient.is_some();
        let split = lenient.or(alone);
        if let Some((at, _)) = split.filter(|_| !lexicon::not_a_name(name)) {
            let read = kana::reading_near(text, from, run.end, |kana| agrees(&name[..at], &name[at..], kana));
            let sighting = full_name(from..to, read, titled, weak && !shown);
            return found(if shown { evidence.named(sighting) } else { sighting });
        }
    }
    // A surname of the list and an unlisted given name whose reading stands beside it: 関 璃々亜(セキ リリア).
    if free && (2..=6).contains(&name.len()) && tail == 0 {
        let read = |kana: &[u16]| (1..name.len()).any(|at| surname_read(&name[..at], kana));
        if lexicon::is_surname_first(name[0]) && kana::reading_near(text, from, run.end, read) {
            return found(Sighting { value: from..to, reasons: &["surname", "furigana"], proven: true, weak: false });
        }
    }
    // 山田 太郎, 山田　太郎, 山田・太郎
    if tail == 0 && (1..=4).contains(&name.len()) && spaced(text, name, run, &mut evidence, found) {
        return;
    }
    // 山田さくら, 山田エリカ
    if tail == 0 && (2..=4).contains(&name.len()) && with_kana(text, name, from, run, found) {
        return;
    }
    // 山田様, 山田さん, 山田課長
    if let Some(title) = honoured
        && (1..=4).contains(&name.len())
        && free
        && (name.len() > 1 || title == Title::Honorific && is_single(name[0]))
        && lexicon::surname(name).is_some_and(|n| takes(title, n) || name.len() == 1)
        && !lexicon::not_a_name(name)
    {
        found(Sighting { value: from..to, reasons: &["surname", "honorific"], proven: false, weak: false });
    }
}

fn full_name(value: std::ops::Range<usize>, read: bool, titled: bool, weak: bool) -> Sighting {
    let reasons: &'static [&'static str] = match (read, titled) {
        (true, _) => &["surname", "given-name", "furigana"],
        (false, true) => &["surname", "given-name", "honorific"],
        (false, false) => &["surname", "given-name"],
    };
    Sighting { value, reasons, proven: read || titled, weak }
}

/// Is one kanji a surname wherever it is honoured? 神様, 王様, 奥様 and 源氏 are not.
fn is_single(c: u16) -> bool {
    "森林関原東辻堀星谷岡島西南北秦菅桂角泉畑浜堤柳榊橘萩梶峰滝沖牧".encode_utf16().any(|s| s == c)
}

/// Is a surname honoured in this way a person? A place has a 店長 and a 知事 too.
fn takes(title: Title, surname: Name) -> bool {
    match title {
        Title::Honorific => surname.tier < 3 && !(surname.tier == 2 && surname.word),
        Title::Post => surname.tier == 1 && !surname.place && !surname.word,
        Title::Before => false,
    }
}

/// Where the characters split into a surname and a given name, and how sure that is.
fn split(name: &[u16], shown: bool) -> Option<(usize, Strength)> {
    let most = name.len().saturating_sub(1).min(4);
    // Two kanji and the rest is by far the most frequent; of equals it wins.
    let order = [2, 3, 1, 4].into_iter().filter(|&at| at <= most);
    order
        .filter_map(|at| strength(&name[..at], &name[at..], shown).map(|s| (at, s)))
        .max_by_key(|&(at, s)| (s, at == 2))
}

/// Are these two a surname and a given name? Where a title, a label or a list shows that a name
/// stands here, less is asked.
fn strength(surname: &[u16], given: &[u16], shown: bool) -> Option<Strength> {
    let s = lexicon::surname(surname)?;
    // 昭・平 昭和56年
    if ERAS.iter().any(|era| era.encode_utf16().eq(given.iter().copied())) {
        return None;
    }
    let ends_like_a_word = given.last().is_some_and(|&last| WORD_ENDINGS.encode_utf16().any(|c| c == last));
    let Some(g) = lexicon::given_name(given) else {
        // Not listed, but built like one, after a surname that is nothing else.
        let plain = s.tier == 1 && !s.word && !s.place && surname.len() == 2;
        return (plain && given.len() == 2 && !ends_like_a_word && lexicon::suits_given_name(given))
            .then_some(Strength::Fair);
    };
    let listed = match (surname.len(), given.len()) {
        (_, 5..) => false,
        (1, 1) if shown => s.tier == 1 && g.tier == 1 && !ends_like_a_word,
        (1, _) if shown => s.tier < 3 && (s.tier == 1 || g.tier == 1),
        (_, 1) if shown => g.tier == 1 && (s.tier < 3 || !ends_like_a_word) || g.tier == 2 && s.tier < 3,
        _ if shown => s.tier < 3 || g.tier < 3,
        // 森一, 林業: too short to be told from words.
        (1, 1) => false,
        // 原因究, 関太郎: only common ones.
        (1, _) => s.tier == 1 && g.tier < 3 && !g.word,
        (_, 1) => s.tier < 3 && g.tier == 1 && !ends_like_a_word,
        (_, _) => match (s.tier, g.tier) {
            (3, 3) => false,
            (3, _) => g.tier == 1 && !g.word && !g.place,
            (_, 3) => !ends_like_a_word && !s.word && !s.place && lexicon::suits_given_name(given),
            (_, 2) => !g.word && (!ends_like_a_word || given.len() >= 3),
            // 薬師寺康平: nothing else is as long.
            _ => !g.word || !s.word && s.tier != 2 || surname.len() >= 3 && !s.place,
        },
    };
    listed.then(|| {
        let common = s.tier < 3 && g.tier == 1 && (!g.word || !s.word);
        if common { Strength::Good } else { Strength::Fair }
    })
}

fn agrees(surname: &[u16], given: &[u16], kana: &[u16]) -> bool {
    (1..kana.len()).any(|at| {
        lexicon::agrees(surname, &kana[..at], Part::Surname)
            && (lexicon::agrees(given, &kana[at..], Part::Given) || lexicon::is_reading(&kana[at..], Part::Given))
    })
}

fn surname_read(surname: &[u16], kana: &[u16]) -> bool {
    (2..kana.len().saturating_sub(1))
        .any(|at| lexicon::agrees(surname, &kana[..at], Part::Surname) && lexicon::is_reading(&kana[at..], Part::Given))
}

/// A surname, one blank and a given name; reports it.
fn spaced(text: &[u8], name: &[u16], run: &Run, evidence: &mut Evidence, found: &mut dyn FnMut(Sighting)) -> bool {
    let from = evidence.from;
    let gap = match text.get(run.end..) {
        Some([b' ', ..]) => 1,
        // ・
        Some([0xE3, 0x83, 0xBB, ..]) => 3,
        _ => return false,
    };
    let Some(next) =
        super::runs::Runs::new(text, run.end + gap, run.end + gap + 1).next().filter(|n| n.start == run.end + gap)
    else {
        return false;
    };
    let surname = lexicon::surname(name);
    let before_kanji = next.kind != Kind::Kanji && char_at(text, next.end).and_then(kind_of) == Some(Kind::Kanji);
    if before_kanji && surname.is_some_and(|s| s.tier < 3) && name.len() > 1 && mixed(text, &next, from, found) {
        return true;
    }
    let mut folded = [0u16; super::runs::KEPT];
    let chars = next.chars();
    for (place, &c) in folded.iter_mut().zip(chars) {
        *place = lexicon::fold(c);
    }
    let (tail, titled) = match next.kind {
        Kind::Kanji => title_behind(chars).map_or((0, false), |(length, _)| (length, true)),
        _ => (0, false),
    };
    let Some(given) = folded.get(..chars.len().saturating_sub(tail)).filter(|g| (1..=4).contains(&g.len())) else {
        return false;
    };
    let end = next.end - tail * 3;
    let honoured = titled
        || title_after(text, next.end).is_some()
        || text.get(next.end) == Some(&b' ') && honorific_at(text, next.end + 1);
    let g = lexicon::given_name(given);
    let mut shown = || honoured || evidence.of(end) || evidence.alone(end);
    let Some(surname) = surname else {
        // 三ツ矢 誠: what nobody has listed, where only a name can stand.
        let could_be = name.len() <= 3 && next.kind == Kind::Kanji && g.is_some_and(|g| g.tier < 3);
        let is_name = could_be && !is_label(name, given) && evidence.labelled();
        if is_name {
            found(full_name(from..end, false, true, false));
        }
        return is_name;
    };
    let sure = match next.kind {
        Kind::Kanji => match (name.len(), given.len()) {
            (1, 1) => surname.tier == 1 && g.is_some_and(|g| g.tier == 1) && shown(),
            _ if ERAS.iter().any(|era| era.encode_utf16().eq(given.iter().copied())) => false,
            (1, _) => {
                surname.tier == 1 && g.is_some_and(|g| g.tier == 1 || g.tier == 2 && !g.word)
                    || strength(name, given, false).is_none() && shown() && strength(name, given, true).is_some()
            }
            (_, 1) => {
                surname.tier < 3 && g.is_some_and(|g| g.tier == 1 || g.tier == 2 && shown())
                    || shown() && strength(name, given, true).is_some()
            }
            // 金子 勇気: both are words too, but hardly two in a row.
            _ => {
                strength(name, given, false).is_some()
                    || surname.tier == 1 && g.is_some_and(|g| g.tier == 1 && !(g.place && surname.place))
                    || shown() && strength(name, given, true).is_some()
                    || evidence.labelled() && surname.tier < 3 && !is_label(name, given) && given.len() < 4
            }
        },
        // Kana that goes on is a word of the sentence.
        Kind::Hiragana | Kind::Katakana => {
            surname.tier < 3
                && (!surname.word || surname.tier == 1 && shown())
                && (name.len() > 1 || surname.tier == 1 && shown())
                && (2..=4).contains(&given.len())
                && (g.is_some_and(|g| !g.word || shown())
                    || next.kind == Kind::Katakana && lexicon::is_reading(given, Part::Given))
        }
    };
    let joined: Vec<u16> = name.iter().chain(given).copied().collect();
    if !sure || lexicon::not_a_name(&joined) {
        return false;
    }
    let read = kana::reading_near(text, from, end, |kana| agrees(name, given, kana));
    found(full_name(from..end, read, honoured, false));
    true
}

/// A surname in kanji and a given name in kana without a blank.
fn with_kana(text: &[u8], name: &[u16], from: usize, run: &Run, found: &mut dyn FnMut(Sighting)) -> bool {
    let Some(next) = super::runs::Runs::new(text, run.end, run.end + 1).next().filter(|n| n.start == run.end) else {
        return false;
    };
    let surname = lexicon::surname(name).filter(|s| s.tier == 1 || s.tier == 2 && !s.word && !s.place);
    if surname.is_none() || !next.is_short() {
        return false;
    }
    let chars = next.chars();
    // Behind the name: nothing, さん, or a particle.
    let given = (2..=4).rev().filter(|&n| n <= chars.len()).find_map(|n| {
        let (given, rest) = chars.split_at(n);
        let honoured = (2..=3).any(|t| t <= rest.len() && lexicon::title(&rest[..t], true).is_some());
        let listed = lexicon::given_name(given).is_some_and(|g| g.tier == 1 && (!g.word || honoured));
        let ends = rest.is_empty() || n > 2 && PARTICLES.iter().any(|p| p.encode_utf16().eq(rest.iter().copied()));
        (listed && (honoured || ends)).then_some((n, honoured))
    });
    let Some((length, honoured)) = given else { return mixed(text, &next, from, found) };
    let end = next.start + length * 3;
    // A kanji behind it is the rest of a word: 田中みそ汁.
    let rest = end == next.end && char_at(text, end).and_then(kind_of).is_some();
    let titled = honoured || end == next.end && title_after(text, end).is_some();
    if rest && !titled {
        return false;
    }
    found(full_name(from..end, false, titled, false));
    true
}

/// A given name that begins in kana and ends in kanji: 山田くみ子, 山田ケイ子.
fn mixed(text: &[u8], kana: &Run, from: usize, found: &mut dyn FnMut(Sighting)) -> bool {
    let Some(last) = super::runs::Runs::new(text, kana.end, kana.end + 1).next().filter(|r| r.start == kana.end) else {
        return false;
    };
    let given: Vec<u16> = kana.chars().iter().chain(last.chars().first()).copied().collect();
    let alone = last.length == 1 || title_behind(last.chars()).is_some_and(|(n, _)| n + 1 == last.length);
    let listed = alone && given.len() <= 4 && lexicon::given_name(&given).is_some_and(|g| g.tier < 3);
    if listed {
        found(full_name(from..last.start + 3, false, last.length > 1, false));
    }
    listed
}

/// Is one of the two what a form calls a field? 氏名 住所 電話 is the head of a table.
fn is_label(surname: &[u16], given: &[u16]) -> bool {
    let words = [String::from_utf16_lossy(surname), String::from_utf16_lossy(given)];
    words.iter().any(|word| !super::cells::could_be_a_name(word) || FIELDS.iter().any(|w| word == w))
}

/// Words that stand beside 氏名 in forms.
const FIELDS: [&str; 18] = [
    "男", "女", "歳", "印", "続柄", "職業", "役職", "所属", "部署", "学年", "組", "本人", "様式", "欄", "名称", "日付",
    "国籍", "在籍",
];

/// Names of eras, which are given names too.
const ERAS: [&str; 5] = ["明治", "大正", "昭和", "平成", "令和"];

/// What follows a name in a sentence.
const PARTICLES: [&str; 14] =
    ["は", "が", "を", "に", "と", "も", "へ", "で", "の", "です", "から", "より", "まで", "には"];

/// The title that the characters end with, with its length.
fn title_behind(chars: &[u16]) -> Option<(usize, Title)> {
    (1..=5)
        .rev()
        .filter(|&n| n < chars.len())
        .find_map(|n| lexicon::title(&chars[chars.len() - n..], true).map(|t| (n, t)))
}

/// Characters of the longest title that the run begins with.
fn title_before(chars: &[u16], first: usize) -> usize {
    let longest = chars.len().saturating_sub(2).min(8);
    let found = (1..=longest).rev().find(|&n| lexicon::title(&chars[..n], false).is_some());
    // 担当 and 代表 before what begins no surname are part of a word.
    found.filter(|&n| n >= first.min(n) && lexicon::is_surname_first(chars[n])).unwrap_or(0)
}

/// The title in kana or kanji that stands directly behind, perhaps after one blank.
fn title_after(text: &[u8], end: usize) -> Option<Title> {
    let at = end + usize::from(text.get(end) == Some(&b' '));
    let run = super::runs::Runs::new(text, at, at + 1).next().filter(|run| run.start == at)?;
    let chars = run.chars();
    let most = match run.kind {
        Kind::Hiragana => 3,
        // After a blank a whole word.
        Kind::Kanji if at > end => 4,
        _ => return None,
    };
    (2..=most)
        .chain([1])
        .filter(|&n| n <= chars.len() && (run.kind == Kind::Hiragana || n == chars.len()))
        .find_map(|n| lexicon::title(&chars[..n], true))
}

fn honorific_at(text: &[u8], at: usize) -> bool {
    title_after(text, at).is_some_and(|title| title == Title::Honorific)
}

/// Is the run part of a longer word, by what stands directly before and behind it?
fn glued(text: &[u8], before: &Run, run: &Run, titled: bool) -> bool {
    let behind = char_at(text, run.end).and_then(kind_of) == Some(Kind::Katakana) && !titled;
    // ドナルド山田… is left alone; 〒, 「 and particles are fine.
    let ahead = before.kind == Kind::Katakana && before.length > 0 && before.end == run.start;
    let code = text.get(run.end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        || run.start.checked_sub(1).and_then(|i| text.get(i)).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    behind || ahead || code && !titled
}
