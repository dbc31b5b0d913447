const PROSE: &str = "\
このたびは弊社のサービスをご利用いただき、誠にありがとうございます。お申し込みの内容を確認のうえ、担当者より三営業日以内にご連絡いたします。
契約書の原本は二部作成し、双方が署名のうえ、それぞれ一部を保管するものとする。データベースサーバーの移行作業は週末に実施する予定です。
会議の資料は共有フォルダーに保存しました。売上は前年比１２％増、経費は計画どおりでした。ご不明な点は総務部までお問い合わせください。
";
fn main() {
    let u = PROSE.repeat(2000);
    let which = std::env::args().nth(1).unwrap();
    let n: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let s = if which.contains("sjis") { encoding_rs::SHIFT_JIS.encode(&u).0.into_owned() } else { u.into_bytes() };
    let s = &s[..262144];
    let mut out = String::with_capacity(s.len() * 3);
    let mut r = sekisho::text::Reader::default();
    r.begin(s);
    for _ in 0..n {
        if which.starts_with("enc") {
            out.clear();
            let mut d = encoding_rs::SHIFT_JIS.new_decoder();
            let _ = std::hint::black_box(d.decode_to_string(s, &mut out, true));
        } else {
            std::hint::black_box(r.read(s, 0).bytes);
        }
    }
}
