use std::time::*;
const PROSE: &str = "\
このたびは弊社のサービスをご利用いただき、誠にありがとうございます。お申し込みの内容を確認のうえ、担当者より三営業日以内にご連絡いたします。
契約書の原本は二部作成し、双方が署名のうえ、それぞれ一部を保管するものとする。データベースサーバーの移行作業は週末に実施する予定です。
会議の資料は共有フォルダーに保存しました。売上は前年比１２％増、経費は計画どおりでした。ご不明な点は総務部までお問い合わせください。
";
fn t(name: &str, n: usize, mut f: impl FnMut()) {
    let mut best = 0.0f64;
    for _ in 0..7 {
        let s = Instant::now();
        let mut k = 0;
        while s.elapsed() < Duration::from_millis(80) {
            f();
            k += 1;
        }
        best = best.max((k * n) as f64 / s.elapsed().as_secs_f64() / 1e6);
    }
    println!("{name} {best:.0}");
}
fn main() {
    let u = PROSE.repeat(2000);
    let s = encoding_rs::SHIFT_JIS.encode(&u).0.into_owned();
    let s = &s[..262144];
    let mut out = String::with_capacity(s.len() * 3);
    t("encoding_rs sjis", s.len(), || {
        out.clear();
        let mut d = encoding_rs::SHIFT_JIS.new_decoder();
        let _ = std::hint::black_box(d.decode_to_string(s, &mut out, true));
    });
    let ub = &u.as_bytes()[..262144];
    t("std utf8", ub.len(), || {
        std::hint::black_box(std::str::from_utf8(ub).is_ok());
    });
    t("enc utf8", ub.len(), || {
        std::hint::black_box(encoding_rs::Encoding::utf8_valid_up_to(ub));
    });
    let mut r = sekisho::text::Reader::default();
    r.begin(s);
    t("reader sjis", s.len(), || {
        std::hint::black_box(r.read(s, 0).bytes);
    });
    let mut r = sekisho::text::Reader::default();
    r.begin(ub);
    t("reader utf8", s.len(), || {
        std::hint::black_box(r.read(ub, 0).bytes);
    });
    let mut v = vec![0u8; 262144];
    t("memcpy", s.len(), || {
        v.copy_from_slice(s);
        std::hint::black_box(&v);
    });
}
