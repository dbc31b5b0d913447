//! What is told of people beyond single values: records, their number in a file, and whose they are.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use sekisho::chunk::Origin;
use sekisho::detector::{self, Confidence, Detector, Severity};
use sekisho::error::Problem;
use sekisho::finding::{Finding, Key, Reason};
use sekisho::policy::Own;
use sekisho::scan::{Options, Scanner, Sink, Summary};
use sekisho::source::{Body, Item, List};

use super::values::{Half, Lists, Person, Random};

#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    persons: BTreeMap<String, u64>,
    more: u64,
    total: u64,
}

impl Sink for Told {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.findings.push(finding.clone());
        Ok(())
    }

    fn problem(&mut self, _: &Origin, _: &Problem) -> io::Result<()> {
        Ok(())
    }

    fn more(&mut self, _: &Origin, _: &Detector, count: u64) -> io::Result<()> {
        self.more += count;
        Ok(())
    }

    fn persons(&mut self, origin: &Origin, count: u64) -> io::Result<()> {
        self.persons.insert(origin.path.display().to_string(), count);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.total = summary.persons;
        Ok(())
    }
}

fn scan(texts: &[(&str, &str)], set: impl FnOnce(&mut Options)) -> Told {
    let mut options = Options::new(Key::new([7; 32]), Instant::now);
    options.reveal = true;
    options.max_findings = 0;
    set(&mut options);
    let scanner = Scanner::new(detector::builtin().iter().cloned().map(Arc::new).collect(), options).unwrap();
    let item = |(name, text): &(&str, &str)| Item {
        origin: Origin::file(Path::new(name)),
        body: Body::Bytes(text.as_bytes().to_vec()),
    };
    let mut told = Told::default();
    scanner.run(&mut List::new(texts.iter().map(item).collect()), &mut told).unwrap();
    told
}

/// The values of each record, in order.
fn records(told: &Told) -> Vec<BTreeSet<&str>> {
    let mut records: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for finding in &told.findings {
        if let Some(record) = finding.record {
            records.entry(record).or_default().insert(&finding.shown);
        }
    }
    records.into_values().collect()
}

fn roster(people: usize) -> (String, usize) {
    let (lists, mut random) = (Lists::of(Half::Tuned), Random(5));
    let mut text = "氏名,電話番号,メールアドレス\n".to_owned();
    let mut names = BTreeSet::new();
    for _ in 0..people {
        let person = Person::new(&lists, &mut random);
        let value = |field: &str| person.field(field).unwrap().1;
        names.insert(value("name"));
        text += &format!("{},{},{}\n", value("name"), value("mobile"), value("mail"));
    }
    (text, names.len())
}

#[test]
fn a_row_an_object_and_a_block_of_lines_are_one_record_each() {
    let rows = "氏名,電話番号\n佐藤健一,090-3718-5402\n鈴木美咲,080-6139-2475\n";
    assert_eq!(
        records(&scan(&[("a.csv", rows)], |_| ())),
        [BTreeSet::from(["佐藤健一", "090-3718-5402"]), BTreeSet::from(["鈴木美咲", "080-6139-2475"])]
    );
    let objects = r#"[{"name":"佐藤健一","tel":"090-3718-5402"},{"name":"鈴木美咲","tel":"080-6139-2475"}]"#;
    assert_eq!(records(&scan(&[("a.json", objects)], |_| ())).len(), 2);
    let form = "氏名: 佐藤健一\nフリガナ: サトウ ケンイチ\n電話: 090-3718-5402\n\n備考\n\n氏名: 鈴木美咲\n電話: 080-6139-2475\n";
    let told = scan(&[("a.txt", form)], |_| ());
    assert_eq!(records(&told).iter().map(BTreeSet::len).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(told.total, 2);
}

#[test]
fn one_kind_of_data_is_no_record() {
    let told = scan(&[("a.txt", "03-5291-0746\n06-6347-0281\n佐藤健一、鈴木美咲が出席\n".trim())], |_| ());
    assert!(told.findings.len() >= 2);
    let phones = scan(&[("a.txt", "TEL 03-5291-0746\nFAX 06-6347-0281\n")], |_| ());
    assert!(phones.findings.iter().all(|f| f.record.is_none()) && !phones.findings.is_empty());
}

#[test]
fn a_signature_is_no_roster() {
    let signature = "営業部 佐藤健一\n〒100-0005 東京都千代田区丸の内1-2-3\nTEL 03-5291-0746\nk.sato@kensho-mail.net\n";
    let told = scan(&[("mail.txt", signature)], |_| ());
    assert_eq!(records(&told).len(), 1);
    assert!(told.persons.is_empty() && told.total == 1);
    assert!(told.findings.iter().all(|f| f.severity() == f.detector.severity));

    let (text, people) = roster(30);
    let told = scan(&[("a.csv", &text)], |_| ());
    assert_eq!(told.persons["a.csv"], people as u64);
    let names = told.findings.iter().filter(|f| f.detector.id == "personal/person-name");
    for finding in names {
        assert_eq!((finding.severity(), finding.detector.severity), (Severity::High, Severity::Medium));
        assert!(finding.reasons.contains(&Reason::Named("roster")));
    }
}

#[test]
fn a_person_in_two_files_counts_once() {
    let told = scan(
        &[("a.txt", "佐藤健一 090-3718-5402"), ("b.txt", "佐藤 健一様 090-3718-5402\n鈴木美咲 080-6139-2475")],
        |_| (),
    );
    assert_eq!((told.persons.len(), told.total), (1, 2));
}

#[test]
fn many_customers_are_counted_and_few_are_shown() {
    // Names repeat: there are some thousands of combinations.
    let (text, people) = roster(6000);
    let told = scan(&[("a.csv", &text)], |options| options.max_findings = 10);
    let count = told.persons["a.csv"] as f64;
    assert!((count / people as f64 - 1.0).abs() < 0.06, "{count} of {people}");
    assert!(told.findings.len() <= 40 && told.more > 10_000, "{} {}", told.findings.len(), told.more);
}

#[test]
fn own_data_is_low() {
    let text = "佐藤 健一 090-3718-5402 k.sato@kensho-mail.net\n鈴木美咲 080-6139-2475\n";
    let own = |options: &mut Options| {
        let list = |value: &str| vec![value.to_owned()];
        let key = options.key;
        options.own =
            Own::new(key, &list("佐藤健一"), &[], &list("09037185402"), &list("K.Sato@kensho-mail.net")).map(Arc::new);
        options.rules.min_confidence = Confidence::Low;
    };
    let told = scan(&[("a.txt", text)], own);
    let is_own = |f: &&Finding| f.reasons.contains(&Reason::Named("own"));
    let owned: Vec<_> = told.findings.iter().filter(is_own).map(|f| (f.shown.as_str(), f.confidence)).collect();
    assert_eq!(
        owned,
        [
            ("佐藤 健一", Confidence::Low),
            ("090-3718-5402", Confidence::Low),
            ("k.sato@kensho-mail.net", Confidence::Low)
        ]
    );
    assert_eq!(told.total, 1);
}

/// Halves of names in columns of their own, in any order. No example of the detector: what divides
/// the cells is decided for a text as a whole, and beside all other examples that is something else.
#[test]
fn the_halves_of_a_name_have_columns_of_their_own() {
    for text in ["姓,内線,名\n佐藤,2134,博\n渡邊,2135,さくら\n", "姓,名,内線\r\n佐藤,博,2134\r\n渡邊,さくら,2135\r\n"]
    {
        let told = scan(&[("a.csv", text)], |_| {});
        let names: Vec<_> = told.findings.iter().map(|f| f.shown.as_str()).collect();
        assert_eq!(names, ["佐藤", "博", "渡邊", "さくら"], "{text}");
    }
}
