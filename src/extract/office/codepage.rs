//! Windows code pages and font character sets by number, as documents name them.

use encoding_rs::Encoding;

/// The encoding of a Windows code page (MS-UCODEREF); Western if unknown.
pub(super) fn encoding(page: u32) -> &'static Encoding {
    match page {
        932 | 10001 => encoding_rs::SHIFT_JIS,
        936 | 10008 => encoding_rs::GBK,
        949 | 10003 => encoding_rs::EUC_KR,
        950 | 10002 => encoding_rs::BIG5,
        1200 => encoding_rs::UTF_16LE,
        65001 => encoding_rs::UTF_8,
        20932 | 51932 => encoding_rs::EUC_JP,
        50220..=50222 => encoding_rs::ISO_2022_JP,
        10000 => encoding_rs::MACINTOSH,
        874 | 1250..=1258 => {
            Encoding::for_label(format!("windows-{page}").as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
        }
        _ => encoding_rs::WINDOWS_1252,
    }
}

/// The code page of a font's character set (RTF 1.9.1, `\fcharset`); `None` for the document's.
pub(super) fn of_charset(charset: i32) -> Option<u32> {
    Some(match charset {
        0 => 1252,
        77 => 10000,
        78 | 128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

/// Bytes of a code page as text, up to the first NUL.
pub(super) fn decode(bytes: &[u8], page: u32) -> String {
    let text = encoding(page).decode_without_bom_handling(bytes).0;
    text.split('\0').next().unwrap_or_default().to_owned()
}
