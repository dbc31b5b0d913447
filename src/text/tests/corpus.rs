//! Texts written for these tests: what Japanese offices write, and Europeans.

/// A kind of text and an example of it.
pub(super) type Kind = (&'static str, &'static str);

pub(super) const JAPANESE: &[Kind] = &[
    ("letter", LETTER),
    ("minutes", MINUTES),
    ("roster", ROSTER),
    ("log", LOG),
    ("katakana", KATAKANA),
    ("half-width katakana", HALF_WIDTH),
    ("addresses", ADDRESSES),
];

pub(super) const EUROPEAN: &[Kind] = &[("German", GERMAN), ("French", FRENCH), ("Spanish", SPANISH)];

pub(super) const LETTER: &str = "\
拝啓　時下ますますご清栄のこととお慶び申し上げます。平素は格別のご高配を賜り、厚く御礼申し上げます。
さて、このたび弊社では来年四月より料金体系を改定させていただくこととなりました。つきましては別紙の見積書をご確認いただき、
今月末日までに担当の山口までご返信くださいますようお願いいたします。ご不明な点がございましたら、お気軽にお問い合わせください。
先日ご相談いただいた納品の遅れにつきましては、工場の設備点検が長引いたことが原因でございます。深くお詫び申し上げます。
請求書は毎月二十五日締め、翌月末払いとし、振込手数料は御社のご負担でお願いしております。
なお、契約書の原本は二部作成し、双方が署名捺印のうえ、それぞれ一部を保管するものとします。
急なお願いで恐縮ですが、来週の水曜日までにご検討の結果をお知らせいただければ幸いです。敬具
秘密保持契約に基づき、本資料の複製や第三者への開示はご遠慮ください。
";

pub(super) const MINUTES: &str = "\
第３回　販売管理システム再構築プロジェクト会議　議事録
日時：２０２４年５月１４日（火）１０：００～１１：３０　場所：本社７階会議室
出席者：佐々木部長、渡辺課長、小林、斎藤（記録）　欠席：松本
１．前回の課題の確認：データ移行の手順書は完成した。テスト環境のサーバーが不足しているため、今週中に追加する。
２．スケジュール：結合テストは六月上旬に開始する予定だが、外部接続の仕様が固まっていない。渡辺課長が先方に確認する。
３．費用：当初の見積もりより約１５％増える見込み。予備費の範囲に収まるかどうか、経理部と調整が必要である。
４．その他：利用者向けの説明会を七月に開催する。会場の予約は総務部に依頼済み。
決定事項：マスターデータの整備は各部門が責任を持って行う。次回は五月二十八日に開催する。
";

pub(super) const ROSTER: &str = "\
社員番号,氏名,フリガナ,部署,入社年月日,電話番号,メール
10021,田中 一郎,タナカ イチロウ,営業部,2015/04/01,03-5550-0121,tanaka@example.jp
10034,鈴木 美咲,スズキ ミサキ,人事部,2018/10/01,03-5550-0134,suzuki@example.jp
10047,高橋 健太,タカハシ ケンタ,開発部,2020/04/01,03-5550-0147,takahashi@example.jp
10053,伊藤 さくら,イトウ サクラ,総務部,2021/07/16,03-5550-0153,ito@example.jp
10068,山本 大輔,ヤマモト ダイスケ,経理部,2012/04/01,03-5550-0168,yamamoto@example.jp
10072,中村 真由美,ナカムラ マユミ,営業部,2019/01/15,03-5550-0172,nakamura@example.jp
10085,加藤 翔,カトウ ショウ,開発部,2022/04/01,03-5550-0185,kato@example.jp
";

pub(super) const LOG: &str = "\
2024-05-14 09:12:33 INFO  [batch-01] start job=daily_sales user=ops 処理を開始しました rows=0
2024-05-14 09:12:35 WARN  [batch-01] file=/data/in/sales_0514.csv line 128: 単価が空です skip=1
2024-05-14 09:12:36 ERROR [batch-01] connect to db02:5432 failed: 接続できません retry in 30s
SELECT id, name FROM customers WHERE status = 'active' -- 有効な顧客のみ
# config.ini : timeout=30 retries=5 ; 変更する場合は再起動すること
subject: Re: [project-x] 見積 status=OK priority=high due 2024/06/30
total 1,234,560 yen (税込) invoice INV-2024-0098 paid by card
";

pub(super) const KATAKANA: &str = "\
カブシキガイシャ サンプルショウジ、ヤマダ タロウ、スズキ ハナコ、サトウ ケンジ
インターネットバンキング、クレジットカード、キャッシュカード、パスワード、セキュリティコード
トウキョウト チヨダク カスミガセキ、オオサカフ オオサカシ キタク ウメダ、ホッカイドウ サッポロシ
プロジェクトマネージャー、システムエンジニア、カスタマーサポート、マーケティング
";

pub(super) const HALF_WIDTH: &str = "\
ｶﾌﾞｼｷｶﾞｲｼﾔ ﾔﾏﾀﾞｼﾖｳｼﾞ ﾌﾘｺﾐ ｽｽﾞｷ ｲﾁﾛｳ ｻﾄｳ ﾊﾅｺ ﾀｶﾊｼ ｹﾝｼﾞ ﾅｶﾑﾗ ﾐﾎ
ﾄｳｷﾖｳﾄ ﾁﾖﾀﾞｸ ｶｽﾐｶﾞｾｷ ｵｵｻｶﾌ ｵｵｻｶｼ ｷﾀｸ ｳﾒﾀﾞ ﾎﾂｶｲﾄﾞｳ ｻﾂﾎﾟﾛｼ
ﾌﾂｳ ﾖｷﾝ ﾃﾞﾝｷﾘﾖｳｷﾝ ｽｲﾄﾞｳﾘﾖｳｷﾝ ｷﾕｳﾖ ｼﾖｳﾖ ﾎｹﾝﾘﾖｳ ﾃｽｳﾘﾖｳ ｾｲｷﾕｳｼﾖ
ﾊﾟｽﾜｰﾄﾞ ﾕｰｻﾞｰ ﾌﾟﾘﾝﾀｰ ｻｰﾊﾞｰ ﾃﾞｰﾀ ﾊﾞｯｸｱｯﾌﾟ ｴﾗｰ ﾒｯｾｰｼﾞ
";

pub(super) const ADDRESSES: &str = "\
東京都新宿区西新宿二丁目八番一号　神奈川県横浜市中区日本大通一　愛知県名古屋市中区三の丸三丁目
大阪府大阪市中央区大手前二丁目　兵庫県神戸市中央区下山手通　福岡県福岡市博多区東公園七番
北海道札幌市中央区北三条西六丁目　宮城県仙台市青葉区本町三丁目　広島県広島市中区基町十番
〒100-8111 千代田区千代田1-1　〒530-0001 大阪市北区梅田3-1-3　〒980-0811 仙台市青葉区一番町4-6-1
";

const GERMAN: &str = "\
Sehr geehrte Damen und Herren, für Ihre Anfrage vom 12. März danken wir Ihnen und übersenden Ihnen anbei unser Angebot.
Die Lieferung erfolgt frühestens in der nächsten Woche, spätestens jedoch am Monatsende. Bitte überprüfen Sie die Größe.
Mit freundlichen Grüßen, Jürgen Müller, Straße der Einheit 5, 80331 München. Telefon während der Geschäftszeiten möglich.
Die Gebühren für Änderungen betragen 20 € zzgl. MwSt. Schließen Sie das Fenster, bevor Sie das Gerät ausschalten können.
Rückfragen richten Sie bitte an das Büro in Köln oder Düsseldorf; persönliche Gespräche nur nach Terminvereinbarung.
";

const FRENCH: &str = "\
Madame, Monsieur, nous vous remercions de l’intérêt que vous portez à notre société et vous prions de trouver ci-joint le devis demandé.
La livraison sera effectuée à l'adresse indiquée, au plus tôt le 15 février, sous réserve d'acceptation de votre règlement.
Veuillez agréer l'expression de nos sentiments distingués. Hélène Lefèvre, 12 rue de la République, 69002 Lyon, « service clients ».
Les données à caractère personnel ne sont conservées que pour la durée nécessaire ; elles peuvent être effacées à votre demande.
Où êtes-vous né ? Le garçon a reçu sa leçon de français à l'école près de la forêt, où il pleuvait déjà.
";

const SPANISH: &str = "\
Estimado señor Núñez: le agradecemos su interés y le enviamos la información solicitada sobre el próximo año.
La dirección de correo electrónico debe confirmarse en línea antes del miércoles. ¿Tiene alguna pregunta más? ¡Llámenos!
El niño comió jamón y después volvió a su habitación; también llegó tarde el médico según la señora Ibáñez.
";
