//! Names of members as old archivers stored them: bytes in the writer's own code page.
//!
//! Bytes in, a name for people out. Japanese Windows wrote CP932 for decades, and archives do
//! not say so.

use encoding_rs::{EUC_JP, SHIFT_JIS, WINDOWS_1252};

/// The name that bytes spell: UTF-8 if they are, else the Japanese code page that they are
/// whole in (CP932 first: a short name in EUC-JP is nearly always good CP932 too), else Western.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Ok(name) = std::str::from_utf8(bytes) {
        return name.to_owned();
    }
    for encoding in [SHIFT_JIS, EUC_JP] {
        if let Some(name) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return name.into_owned();
        }
    }
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_names_of_every_age_are_read() {
        assert_eq!(decode("名簿/一覧.csv".as_bytes()), "名簿/一覧.csv");
        // "表.txt": its second byte is a backslash in CP932.
        assert_eq!(decode(b"\x95\x5c.txt"), "表.txt");
        // Its last byte cannot end a character of CP932.
        assert_eq!(decode(&EUC_JP.encode("売").0[..]), "売");
        assert_eq!(decode(b"plain.txt"), "plain.txt");
    }
}
