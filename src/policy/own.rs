//! The user's own names, addresses, telephone numbers and mail addresses: no alarm where they stand.
//!
//! Values of the settings in, "is this one of them?" out. Kept as keyed hashes only; both sides are
//! brought to one form first (width, blanks, notation), so that `+81 90…` is `090…` and 1丁目2番3号 is 1-2-3.

use std::collections::HashSet;

use crate::finding::Key;
use crate::lexicon;
use crate::text::Reader;

/// See the module.
#[derive(Debug, Clone)]
pub struct Own {
    key: Key,
    hashes: HashSet<u64>,
}

/// What a value is, by the detector that finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Address,
    Phone,
    Email,
}

impl Own {
    /// From the lists of the settings; `None` if they are empty.
    pub fn new(key: Key, names: &[String], addresses: &[String], phones: &[String], emails: &[String]) -> Option<Own> {
        let lists = [(Kind::Name, names), (Kind::Address, addresses), (Kind::Phone, phones), (Kind::Email, emails)];
        let hashes = lists.iter().flat_map(|&(kind, values)| {
            let key = &key;
            values
                .iter()
                .map(move |value| plain(kind, &folded(value)))
                .filter(|v| !v.is_empty())
                .map(move |v| hash(key, kind, &v))
        });
        let hashes: HashSet<u64> = hashes.collect();
        (!hashes.is_empty()).then_some(Own { key, hashes })
    }

    /// Is a value, as it stands in a normalised text, one of the user's own?
    pub fn has(&self, detector: &str, value: &str) -> bool {
        let kind = match detector {
            "personal/person-name" => Kind::Name,
            "personal/postal-address" => Kind::Address,
            "personal/phone-number" => Kind::Phone,
            "personal/email-address" => Kind::Email,
            _ => return false,
        };
        self.hashes.contains(&hash(&self.key, kind, &plain(kind, value)))
    }
}

fn hash(key: &Key, kind: Kind, value: &str) -> u64 {
    key.identity(&format!("own {kind:?}"), value.as_bytes())
}

/// The text as a scan reads it.
fn folded(value: &str) -> String {
    let mut reader = Reader::default();
    reader.begin(value.as_bytes());
    String::from_utf8_lossy(reader.read(value.as_bytes(), 0).bytes).into_owned()
}

/// One form for all notations of a value.
fn plain(kind: Kind, value: &str) -> String {
    match kind {
        // Taro Yamada is YAMADA Taro; 髙橋 is 高橋.
        Kind::Name if value.is_ascii() => {
            let mut words: Vec<String> = value.split([' ', ',']).map(str::to_ascii_lowercase).collect();
            words.retain(|word| !word.is_empty());
            words.sort();
            words.join(" ")
        }
        Kind::Name => {
            let kept = value.chars().filter(|c| !" ・".contains(*c));
            kept.map(|c| {
                u16::try_from(u32::from(c)).ok().map(lexicon::fold).and_then(|c| char::from_u32(c.into())).unwrap_or(c)
            })
            .collect()
        }
        Kind::Email => value.to_ascii_lowercase(),
        Kind::Phone => {
            let digits: String = value.replace("(0)", "").chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            digits.strip_prefix("+81").map_or(digits.clone(), |rest| format!("0{}", rest.trim_start_matches('0')))
        }
        Kind::Address => address(value),
    }
}

/// An address from the municipality to the number of the house: what stands before and behind is often
/// left out.
fn address(value: &str) -> String {
    let value: String = value.chars().filter(|c| !" \t\n\",".contains(*c)).collect();
    let prefecture = value.char_indices().take(5).skip(2).find(|(_, c)| "都道府県".contains(*c));
    let value = prefecture.map_or(&value[..], |(i, c)| &value[i + c.len_utf8()..]);
    // 一丁目; a kanji digit elsewhere belongs to a name (三鷹市).
    let mut value = value.to_owned();
    for (digit, kanji) in ["一", "二", "三", "四", "五", "六", "七", "八", "九"].iter().enumerate() {
        value = value.replace(&format!("{kanji}丁目"), &format!("{}-", digit + 1));
    }
    let value = ["丁目", "番地の", "番地"].iter().fold(value, |value, mark| value.replace(mark, "-"));
    let mut plain = String::new();
    let mut numbers = false;
    for c in value.chars() {
        match c {
            '番' | '号' | 'の' | '-' if numbers => {
                if !plain.ends_with('-') {
                    plain.push('-');
                }
            }
            '0'..='9' => {
                numbers = true;
                plain.push(c);
            }
            // The name of a building.
            _ if numbers => break,
            'ケ' | 'が' => plain.push('ヶ'),
            c => plain.push(c),
        }
    }
    plain.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Own {
        let list = |value: &str| vec![value.to_owned()];
        Own::new(
            Key::new([3; 32]),
            &[list("検証 太一"), list("Taichi Kensho")].concat(),
            &list("東京都千代田区検証町１丁目２番３号 関所ビル203"),
            &list("090-3718-5402"),
            &list("Taichi@Kensho-mail.net"),
        )
        .unwrap()
    }

    #[test]
    fn the_same_in_every_notation() {
        for (kind, value) in [
            ("person-name", "検証太一"),
            ("person-name", "検証・太一"),
            ("person-name", "KENSHO Taichi"),
            ("postal-address", "東京都千代田区検証町1-2-3"),
            ("postal-address", "千代田区検証町一丁目2番3号 別のビル"),
            ("phone-number", "+81-90-3718-5402"),
            ("phone-number", "09037185402"),
            ("email-address", "taichi@kensho-mail.net"),
        ] {
            assert!(own().has(&format!("personal/{kind}"), value), "{value}");
        }
    }

    #[test]
    fn nobody_else_is_meant() {
        for (kind, value) in [
            ("person-name", "検証太一郎"),
            ("postal-address", "千代田区検証町1-2-30"),
            ("postal-address", "三鷹市検証町1-2-3"),
            ("phone-number", "090-3718-5403"),
            ("email-address", "taichi@kensho-mail.netx"),
            ("jp-my-number", "09037185402"),
        ] {
            assert!(!own().has(&format!("personal/{kind}"), value), "{value}");
        }
        assert!(Own::new(Key::new([3; 32]), &[], &[], &[], &[" ".to_owned()][..0]).is_none());
    }
}
