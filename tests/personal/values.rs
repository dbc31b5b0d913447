//! Made-up people: a seeded generator and the lists of `corpora/personal/values` in, the values of
//! one person in every spelling out, each with the kind under which it has to be found.
//!
//! No value belongs to anybody: lists are combined at random. Nothing of the detectors is used here,
//! so that a mistake of theirs is not repeated.

/// Which half of the lists: rows are dealt out in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Tuned,
    HeldBack,
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `from` to `to`, both included.
    pub(crate) fn number(&mut self, from: u64, to: u64) -> u64 {
        from + self.next() % (to - from + 1)
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let index = self.next() % list.len() as u64;
        &list[index as usize]
    }

    /// `count` digits, the first no 0.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|i| char::from(b'0' + self.number(u64::from(i == 0), 9) as u8)).collect()
    }
}

/// Rows of one list.
type Rows = Vec<Vec<String>>;

/// The lists of one half.
pub(crate) struct Lists {
    surnames: Rows,
    given: Rows,
    places: Rows,
    buildings: Rows,
    companies: Rows,
}

impl Lists {
    pub(crate) fn of(half: Half) -> Lists {
        let read = |name: &str| -> Rows {
            let path = format!("{}/corpora/personal/values/{name}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
            let rows = text.lines().enumerate().filter(|(i, _)| (i % 2 == 0) == (half == Half::Tuned));
            rows.map(|(_, row)| row.split('\t').map(str::to_owned).collect()).collect()
        };
        Lists {
            surnames: read("surnames.tsv"),
            given: read("given-names.tsv"),
            places: read("places.tsv"),
            buildings: read("buildings.txt"),
            companies: read("companies.txt"),
        }
    }
}

/// One person, the same in all fields.
pub(crate) struct Person {
    surname: Vec<String>,
    given: Vec<String>,
    place: Vec<String>,
    building: String,
    company: String,
    block: [u64; 3],
    birth: (u64, u64, u64),
    seed: u64,
}

impl Person {
    pub(crate) fn new(lists: &Lists, random: &mut Random) -> Person {
        Person {
            surname: random.pick(&lists.surnames).clone(),
            given: random.pick(&lists.given).clone(),
            place: random.pick(&lists.places).clone(),
            building: random.pick(&lists.buildings)[0].clone(),
            company: random.pick(&lists.companies)[0].clone(),
            block: [random.number(1, 8), random.number(1, 30), random.number(1, 20)],
            birth: (random.number(1941, 2004), random.number(1, 12), random.number(1, 28)),
            seed: random.next(),
        }
    }

    /// The field's value and the detector that has to find it; `None` for what is nobody's.
    pub(crate) fn field(&self, field: &str) -> Option<(Option<&'static str>, String)> {
        let found = self.name(field).map(|v| (Some("person-name"), v));
        let found = found.or_else(|| self.address(field).map(|v| (Some("postal-address"), v)));
        let found = found.or_else(|| self.telephone(field).map(|v| (Some("phone-number"), v)));
        let found = found.or_else(|| self.birth(field).map(|v| (Some("date-of-birth"), v)));
        found
            .or_else(|| self.number(field).map(|(kind, v)| (Some(kind), v)))
            .or_else(|| self.other(field).map(|v| (None, v)))
    }

    fn name(&self, field: &str) -> Option<String> {
        let [s, s_kana, s_latin] = [&self.surname[0], &self.surname[1], &self.surname[2]];
        let [g, g_kana, g_latin] = [&self.given[0], &self.given[1], &self.given[2]];
        Some(match field {
            "name" => format!("{s}{g}"),
            "na me" => format!("{s} {g}"),
            "na　me" => format!("{s}\u{3000}{g}"),
            "sei" => s.clone(),
            "mei" => g.clone(),
            "kana" => format!("{s_kana}{g_kana}"),
            "ka na" => format!("{s_kana} {g_kana}"),
            "ka　na" => format!("{s_kana}\u{3000}{g_kana}"),
            "sei-kana" => s_kana.clone(),
            "mei-kana" => g_kana.clone(),
            "half kana" => format!("{} {}", half_width(s_kana), half_width(g_kana)),
            "hira gana" => format!("{} {}", hiragana(s_kana), hiragana(g_kana)),
            "hira　gana" => format!("{}\u{3000}{}", hiragana(s_kana), hiragana(g_kana)),
            "Given Sur" => format!("{g_latin} {s_latin}"),
            "Given SUR" => format!("{g_latin} {}", s_latin.to_uppercase()),
            "SUR Given" => format!("{} {g_latin}", s_latin.to_uppercase()),
            "Sur Given" => format!("{s_latin} {g_latin}"),
            "GIVEN SUR" => format!("{g_latin} {s_latin}").to_uppercase(),
            "Given" => g_latin.clone(),
            "Sur" => s_latin.clone(),
            _ => return None,
        })
    }

    fn address(&self, field: &str) -> Option<String> {
        let [a, b, c] = self.block;
        let (pref, city, town) = (&self.place[1], &self.place[2], &self.place[3]);
        let building = &self.building;
        let hyphens = format!("{a}-{b}-{c}");
        let full = format!("{pref}{city}{town}{hyphens}");
        Some(match field {
            "addr" => full,
            "addr+" => format!("{full} {building}"),
            "addr++" => format!("{full}\u{3000}{building}"),
            "addr-pref" => format!("{city}{town}{hyphens}"),
            "addr-pref+" => format!("{city}{town}{hyphens} {building}"),
            "addr chome" => format!("{pref}{city}{town}{a}丁目{b}番{c}号"),
            "addr chome+" => format!("{pref}{city}{town}{a}丁目{b}番{c}号{building}"),
            "addr chome-" => format!("{pref}{city}{town}{a}丁目{b}-{c}"),
            "addr kanji" => format!("{pref}{city}{town}{}丁目{}番{}号", kanji(a), kanji(b), kanji(c)),
            "addr banchi" => format!("{pref}{city}{town}{}番地{c}", b * 37 + a),
            "addr banchi1" => format!("{pref}{city}大字{town}{}番地", b * 37 + a),
            "addr wide" => wide(&full),
            "addr spaced" => format!("{pref} {city} {town} {hyphens}"),
            "addr block" => format!("{city}{town}{}-{b}", a * 30 + c),
            "addr kyoto" => format!(
                "京都府京都市{}{}{b}番地",
                ["中京区烏丸通三条下る饅頭屋町", "下京区四条通新町東入ル月鉾町", "上京区今出川通烏丸西入玄武町"]
                    [(a % 3) as usize],
                if c % 2 == 0 { "1" } else { "2" }
            ),
            "addr hokkaido" => {
                format!("北海道札幌市{}{a}条西{b}丁目{c}", ["中央区南", "北区北", "東区北"][(c % 3) as usize])
            }
            "addr latin" => format!("{hyphens} {}", self.place[4]),
            _ => return None,
        })
    }

    fn telephone(&self, field: &str) -> Option<String> {
        let mut random = Random(self.seed);
        let mobile = ["090", "080", "070"][(self.seed % 3) as usize];
        let (m, n) = (random.digits(4), random.digits(4));
        let city = match self.place[1].as_str() {
            "東京都" => ["03", &format!("{}{}", 3 + self.seed % 3 * 2, &m[1..])].map(str::to_owned),
            "大阪府" => ["06", &format!("6{}", &m[1..])].map(str::to_owned),
            _ => ["045", &format!("{}{}", 2 + self.seed % 5, &m[2..])].map(str::to_owned),
        };
        let [area, local] = city;
        Some(match field {
            "mobile" => format!("{mobile}-{m}-{n}"),
            "mobile bare" => format!("{mobile}{m}{n}"),
            "mobile wide" => wide(&format!("{mobile}-{m}-{n}")),
            "mobile spaced" => format!("{mobile} {m} {n}"),
            "mobile intl" => format!("+81-{}-{m}-{n}", &mobile[1..]),
            "mobile intl2" => format!("+81 {} {m} {n}", &mobile[1..]),
            "tel" => format!("{area}-{local}-{n}"),
            "tel ()" => format!("{area}({local}){n}"),
            "(tel)" => format!("({area}){local}-{n}"),
            "tel ー" => format!("{area}ー{local}ー{n}"),
            "tel bare" => format!("{area}{local}{n}"),
            "fax" => format!("{area}-{local}-{}", random.digits(4)),
            "tel intl" => format!("+81-{}-{local}-{n}", &area[1..]),
            "tel free" => format!("0120-{}-{}", random.digits(3), random.digits(3)),
            "tel 050" => format!("050-{m}-{n}"),
            _ => return None,
        })
    }

    fn birth(&self, field: &str) -> Option<String> {
        let (y, m, d) = self.birth;
        // From 1941 to 2004; 1989 began in 昭和, and days of it are not used.
        let (letter, short, era, year) =
            if y < 1989 { ("S", "昭", "昭和", y - 1925) } else { ("H", "平", "平成", (y - 1988).max(2)) };
        let y = if y < 1989 { y } else { year + 1988 };
        Some(match field {
            "birth" => format!("{y}年{m}月{d}日"),
            "birth /" => format!("{y}/{m}/{d}"),
            "birth -" => format!("{y}-{m:02}-{d:02}"),
            "birth ." => format!("{y}.{m}.{d}"),
            "birth bare" => format!("{y}{m:02}{d:02}"),
            "birth era" => format!("{era}{year}年{m}月{d}日"),
            "birth era wide" => wide(&format!("{era}{year}年{m}月{d}日")),
            "birth S" => format!("{letter}{year}.{m}.{d}"),
            "birth S/" => format!("{letter}{year:02}/{m:02}/{d:02}"),
            "birth 昭" => format!("{short}{year}.{m}.{d}"),
            "birth en" => format!("{} {d}, {y}", MONTHS[m as usize - 1]),
            "birth en2" => format!("{d} {} {y}", &MONTHS[m as usize - 1][..3]),
            _ => return None,
        })
    }

    fn number(&self, field: &str) -> Option<(&'static str, String)> {
        let mut random = Random(self.seed ^ field.split(' ').next().map_or(0, |f| f.len() as u64 * 7919));
        let my = {
            let body = random.digits(11);
            let r = weighted(&body, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            format!("{body}{}", if r <= 1 { 0 } else { 11 - r })
        };
        let card = {
            let body = format!("{}{}", ["4", "53", "3545", "51"][(self.seed % 4) as usize], random.digits(15));
            luhn(&body[..15])
        };
        let account = random.digits(7);
        Some(match field {
            "zip" => ("postal-code", self.place[0].clone()),
            "zip bare" => ("postal-code", self.place[0].replace('-', "")),
            "zip wide" => ("postal-code", wide(&self.place[0])),
            "mail" => {
                ("email-address", format!("{}.{}@{}", latin(&self.given[2]), latin(&self.surname[2]), self.domain()))
            }
            "mail short" => {
                ("email-address", format!("{}{}@{}", latin(&self.surname[2]), self.seed % 90 + 10, self.domain()))
            }
            "mail wide" => ("email-address", wide(&format!("{}@{}", latin(&self.surname[2]), self.domain()))),
            "my" => ("jp-my-number", my),
            "my groups" => ("jp-my-number", groups(&my, " ")),
            "my -" => ("jp-my-number", groups(&my, "-")),
            "my wide" => ("jp-my-number", wide(&my)),
            "licence" => {
                let office = ["10", "30", "45", "62", "90"][(self.seed % 5) as usize];
                let body = format!("{office}{:02}{}", (self.birth.0 + 18) % 100, random.digits(6));
                let check = (11 - weighted(&body, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10;
                ("jp-driving-licence", format!("{body}{check}{}", self.seed % 2))
            }
            "passport" => {
                ("jp-passport", format!("T{}{}", ["R", "K", "Z"][(self.seed % 3) as usize], random.digits(7)))
            }
            "residence" => (
                "jp-residence-card",
                format!("AB{}CD", random.digits(8)).replace("AB", ["GH", "TK", "EA"][(self.seed % 3) as usize]),
            ),
            "pension" => ("jp-pension-number", format!("{}-{}", random.digits(4), random.digits(6))),
            "employment" => {
                ("jp-employment-insurance", format!("{}-{}-{}", random.digits(4), random.digits(6), self.seed % 10))
            }
            "resident code" => ("jp-resident-code", random.digits(11)),
            "account" => ("jp-bank-account", account),
            "yucho" => ("jp-bank-account", format!("{}1", random.digits(7))),
            "insurance" => ("jp-health-insurance", format!("{}-{}", random.digits(4), random.digits(3))),
            "plate" => (
                "jp-vehicle-plate",
                format!(
                    "{} {} {} {}-{}",
                    ["品川", "横浜", "なにわ", "札幌"][(self.seed % 4) as usize],
                    random.number(300, 599),
                    ["さ", "ぬ", "ほ", "ゆ"][(self.seed % 4) as usize],
                    random.digits(2),
                    random.digits(2)
                ),
            ),
            "card" => ("payment-card", card),
            "card groups" => ("payment-card", groups(&card, " ")),
            "card -" => ("payment-card", groups(&card, "-")),
            "ssn" => {
                ("us-ssn", format!("{}-{:02}-{}", random.number(101, 650), random.number(10, 98), random.digits(4)))
            }
            "iban" => ("iban", iban(&format!("WEST{}", random.digits(14)))),
            _ => return None,
        })
    }

    /// What may stand in a document without being personal.
    fn other(&self, field: &str) -> Option<String> {
        let mut random = Random(self.seed ^ 0x5eed);
        let (m, d) = (random.number(1, 12), random.number(1, 28));
        Some(match field {
            "company" => self.company.clone(),
            "date" => format!("2024年{m}月{d}日"),
            "date -" => format!("2024-{m:02}-{d:02}"),
            "date /" => format!("2024/{m:02}/{d:02}"),
            "date en" => format!("{} {d}, 2024", MONTHS[m as usize - 1]),
            "money" => format!("{},{}", random.digits(2), random.digits(3)),
            "order" => format!("{}-{}", random.digits(4), random.digits(5)),
            "id" => random.digits(6),
            "pref" => self.place[1].clone(),
            "city" => self.place[2].clone(),
            "town" => self.place[3].clone(),
            "block" => format!("{}-{}-{}", self.block[0], self.block[1], self.block[2]),
            "building" => self.building.clone(),
            "age" => (2024 - self.birth.0).to_string(),
            _ => return None,
        })
    }

    fn domain(&self) -> &'static str {
        ["aozora-bussan.co.jp", "mail.towa-sys.jp", "northlink.ne.jp", "fujimi-kk.com"][(self.seed % 4) as usize]
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn weighted(digits: &str, weights: &[u64]) -> u64 {
    digits.bytes().zip(weights).map(|(d, w)| u64::from(d - b'0') * w).sum()
}

fn luhn(body: &str) -> String {
    let sum: u64 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let d = u64::from(d - b'0') * if i % 2 == 0 { 2 } else { 1 };
            d / 10 + d % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// ISO 13616 with the country `GB`.
fn iban(account: &str) -> String {
    let turned = format!("{account}GB00");
    let mut rest = 0u64;
    for c in turned.chars() {
        let value = u64::from(c.to_digit(36).unwrap_or(0));
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    format!("GB{:02}{account}", 98 - rest)
}

fn groups(digits: &str, by: &str) -> String {
    let parts: Vec<&str> = (0..digits.len()).step_by(4).map(|i| &digits[i..(i + 4).min(digits.len())]).collect();
    parts.join(by)
}

fn latin(name: &str) -> String {
    name.to_lowercase()
}

/// ASCII as full-width characters.
pub(crate) fn wide(text: &str) -> String {
    text.chars()
        .map(|c| if ('!'..='~').contains(&c) { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c })
        .collect()
}

fn kanji(number: u64) -> String {
    let digit = |n: u64| ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"][n as usize];
    match number {
        0..=9 => digit(number).to_owned(),
        10..=19 => format!("十{}", digit(number - 10)),
        _ => format!("{}十{}", digit(number / 10), digit(number % 10)),
    }
}

fn hiragana(kana: &str) -> String {
    kana.chars()
        .map(|c| if ('ァ'..='ヶ').contains(&c) { char::from_u32(c as u32 - 0x60).unwrap_or(c) } else { c })
        .collect()
}

const FULL: &str =
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const HALF: &str = "ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";

fn half_width(kana: &str) -> String {
    let half = |c: char| FULL.chars().position(|f| f == c).and_then(|i| HALF.chars().nth(i));
    let mut text = String::new();
    for c in kana.chars() {
        let before = |n: u32| char::from_u32(c as u32 - n).and_then(half);
        match c {
            'ヴ' => text.push_str("ｳﾞ"),
            _ if "ガギグゲゴザジズゼゾダヂヅデドバビブベボ".contains(c) => {
                text.extend(before(1).into_iter().chain(['ﾞ']))
            }
            _ if "パピプペポ".contains(c) => text.extend(before(2).into_iter().chain(['ﾟ'])),
            _ => text.push(half(c).unwrap_or(c)),
        }
    }
    text
}

/// Katakana of half width as full-width ones; everything else as it is.
pub(crate) fn full_width(text: &str) -> String {
    let mut full = String::new();
    for c in text.chars() {
        let changed = |n: u32| move |last: char| char::from_u32(last as u32 + n);
        let joined = match c {
            'ﾞ' => full.pop().and_then(|last| if last == 'ウ' { Some('ヴ') } else { changed(1)(last) }),
            'ﾟ' => full.pop().and_then(changed(2)),
            _ => HALF.chars().position(|h| h == c).and_then(|i| FULL.chars().nth(i)),
        };
        full.push(joined.unwrap_or(c));
    }
    full
}
