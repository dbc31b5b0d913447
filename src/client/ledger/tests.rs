//! What a ledger may say, and where its mistakes are.

use super::*;

fn parse(source: &str) -> Result<Ledger, Place> {
    Ledger::parse("clients.toml", source, Some(Path::new("/home/u")))
}

const WHOLE: &str = r#"
# Those we work for.
[[client]]
id = "acme"
names = ["アクメ株式会社", "ACME Corp."]
aliases = ["アクメ"]
domains = ["acme.example"]
codes = ["ACM-2026"]
workspaces = ["~/work/acme/"]
start = 2026-04-01
end = 2026-09-30
contact = "security@acme.example"

[[approval]]
id = "A-1"
article = "7-1"
covers = ["personal", "credential/github-token"]
paths = ["~/work/acme"]
client = "acme"
approver = "山田"
date = 2026-04-02
reason = "移行のテスト"
expires = 2026-09-30

[[retention]]
folder = "~/Downloads"
covers = "personal"
days = 30

[[notification]]
client = "acme"
record = "0123"
approver = "佐藤"
date = "2026-10-20"
"#;

#[test]
fn a_whole_ledger() {
    let ledger = parse(WHOLE).expect("fine");
    let client = ledger.client("acme").expect("there");
    assert_eq!((client.name(), client.grace_days), ("アクメ株式会社", GRACE_DAYS));
    assert_eq!(client.workspaces, [PathBuf::from("/home/u/work/acme")]);
    assert_eq!(client.last_day().map(|d| d.to_string()).as_deref(), Some("2026-10-14"));
    assert_eq!(ledger.approvals[0].expires.to_string(), "2026-09-30");
    assert_eq!(ledger.retention[0].folder, Path::new("/home/u/Downloads"));
    assert_eq!(ledger.notifications[0].date.to_string(), "2026-10-20");
    assert!(parse("").expect("an empty file").is_empty());
}

#[test]
fn mistakes_are_named_with_their_line() {
    let mistakes = [
        ("id = \"acme\"", "id = \"Acme Corp\"", 4),
        ("id = \"acme\"", "idd = \"acme\"", 4),
        ("aliases = [\"アクメ\"]", "aliases = [\"ア\"]", 6),
        ("codes = [\"ACM-2026\"]", "codes = [\"A1\"]", 8),
        ("acme.example\"]", "acme\"]", 7),
        ("\"~/work/acme/\"", "\"work/acme\"", 9),
        ("\"~/work/acme/\"", "\"~/\"", 9),
        ("\"~/work/acme/\"", "\"/\"", 9),
        ("\"~/work/acme/\"", "\"~/work/../acme\"", 9),
        ("end = 2026-09-30", "end = 2026-03-31", 11),
        ("end = 2026-09-30", "end = 2026-02-30", 11),
        ("end = 2026-09-30", "end = 2026-09-30T12:00:00Z", 11),
        ("end = 2026-09-30", "end = \"30.9.2026\"", 11),
        ("\"credential/github-token\"", "\"credentials\"", 17),
        ("covers = [\"personal\", \"credential/github-token\"]", "covers = []", 17),
        ("client = \"acme\"\napprover = \"山田\"", "client = \"acne\"\napprover = \"山田\"", 19),
        ("approver = \"山田\"", "approver = \" \"", 20),
        ("expires = 2026-09-30", "expires = 2026-04-01", 23),
        ("expires = 2026-09-30", "hash = \"sha256:12\"\nexpires = 2026-09-30", 23),
        ("days = 30", "days = -1", 28),
        ("client = \"acme\"\nrecord", "client = \"globex\"\nrecord", 31),
    ];
    for (right, wrong, line) in mistakes {
        assert!(WHOLE.contains(right), "{right}");
        let place = parse(&WHOLE.replacen(right, wrong, 1)).expect_err(wrong);
        assert_eq!(place.line, line, "{wrong}: {}", place.what);
    }
    assert_eq!(parse("[[client]]\nid = \"a\"\n[[clients]]\n").expect_err("unknown").line, 3);
}

#[test]
fn nothing_stands_for_two_clients() {
    let two = |second: &str| {
        parse(&format!("[[client]]\nid = \"a\"\nnames = [\"Acme\"]\nworkspaces = [\"/w/a\"]\n[[client]]\n{second}\n"))
    };
    assert_eq!(two("id = \"a\"").expect_err("id").line, 6);
    assert_eq!(two("id = \"b\"\naliases = [\"ACME\"]").expect_err("word").line, 7);
    assert_eq!(two("id = \"b\"\nworkspaces = [\"/w/a/.\"]").expect_err("folder").line, 7);
    assert!(two("id = \"b\"\nworkspaces = [\"/w/a/b\"]").is_ok(), "one inside another");
}
